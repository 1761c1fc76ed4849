"""The XAVP store: the examples of the design note, indexes, changes, values of all types. Facts recorded from Kamailio 5.6.3."""

import pytest

from sroute.runtime.avp import AvpStore
from sroute.runtime.xavp import Data, Xavp, XavpList, XavpStore, XType
from sroute.source.posix.errors import BadPattern


def stacked(*values: int | str, name: str = "a") -> XavpStore:
    """A store in which one name has these values, the last one newest."""
    store = XavpStore()
    for value in values:
        store.add(name, value)
    return store


def values(found: XavpList, name: str) -> list[object]:
    return [entry.value for entry in found.all(name)]


def names(found: XavpList) -> str:
    return " ".join(entry.name for entry in found)


class TestDesignNote:
    """What the note shows, in its order."""

    def test_list_of_xavps_as_a_value(self) -> None:
        store = XavpStore()
        inner = store.new_list()
        inner.add("avp1", 10)
        inner.add("avp2", 20)
        store.add("avp3", inner)
        store.add("avp4", 40)
        assert store.tree() == (("avp4", 40), ("avp3", (("avp2", 20), ("avp1", 10))))

    def test_generic_data(self) -> None:
        freed: list[object] = []
        store = XavpStore()
        payload = {"a": 10, "s": "test"}
        entry = store.add("my-xavp", Data(payload, freed.append))
        assert entry.type is XType.DATA
        assert isinstance(entry.value, Data)
        assert entry.value.payload is payload
        assert str(entry.text()).startswith("<<data:0x")
        assert str(entry.text()).endswith(">>")
        assert freed == []
        store.clear()
        assert freed == [payload]
        store.clear()
        assert freed == [payload]

    def test_no_index_is_the_first(self) -> None:
        store = stacked(1, 2)
        assert store.get("a") is store.get("a", 0)

    def test_all_types(self) -> None:
        store = XavpStore()
        kinds = [
            store.add("v", None),
            store.add("v", 1),
            store.add("v", "s"),
            store.add("v", 1700000000, XType.TIME),
            store.add("v", 2**40, XType.LONG),
            store.add("v", 2**50, XType.LLONG),
            store.add("v", store.new_list()),
            store.add("v", Data("p"), XType.VPTR),
            store.add("v", Data("p"), XType.SPTR),
            store.add("v", Data("p")),
        ]
        assert [entry.type for entry in kinds] == list(XType)

    def test_name_is_found_by_a_pattern(self) -> None:
        store = XavpStore()
        for name in ("dst1", "dst22", "cnt", "Dst3"):
            store.add(name, 1)
        assert [entry.name for entry in store.find("^dst[0-9]{1,2}$")] == ["dst22", "dst1"]
        with pytest.raises(BadPattern):
            store.find("a|*b")

    DESTINATIONS: tuple[dict[str, int | str], ...] = (
        {"uri": "sip:10.10.10.10", "fr_timer": 10, "fr_inv_timer": 15, "headers": "X-CustomerID: 1234\r\n"},
        {"uri": "sip:10.10.10.11", "fr_timer": 20, "fr_inv_timer": 35},
        {"uri": "sip:10.10.10.12", "fr_timer": 10, "fr_inv_timer": 15, "headers": "X-CustomerID: pw45\r\n"},
    )

    def test_steps_to_the_last_destination_with_avps(self) -> None:
        avps = AvpStore()
        for destination in self.DESTINATIONS:
            for name, value in destination.items():
                avps.push(name, value)
        last = list(avps)[-1]
        assert (last.name, last.value) == ("uri", "sip:10.10.10.10")
        assert avps.steps_to(last) == 11
        assert avps.at("headers", 1) == "X-CustomerID: 1234\r\n", "without a dummy the second destination gets that of another"

    def test_steps_to_the_last_destination_with_xavps(self) -> None:
        store = XavpStore()
        for destination in self.DESTINATIONS:
            record = store.new_list()
            for name, value in destination.items():
                record.add(name, value)
            store.add("sf", record)
        last = store.get("sf", 2)
        assert last is not None
        assert last.inner is not None
        uri = last.inner.get("uri")
        assert uri is not None
        assert uri.value == "sip:10.10.10.10"
        assert store.steps_to(last) + last.inner.steps_to(uri) == 7
        second = store.get("sf", 1)
        assert second is not None
        assert second.inner is not None
        assert second.inner.get("headers") is None

    def test_grouping_keeps_names_apart(self) -> None:
        store = XavpStore()
        group = store.new_list()
        group.add("dst", "inner")
        store.add("dispatcher", group)
        store.add("dst", "root")
        assert values(store, "dst") == ["root"]
        assert values(group, "dst") == ["inner"]


class TestLookUp:
    INDEXES = ((0, 3), (1, "two"), (2, 1), (3, None), (-1, 1), (-2, "two"), (-3, 3), (-4, None), (99, None))

    @pytest.mark.parametrize(("index", "expected"), INDEXES)
    def test_index(self, index: int, expected: object) -> None:
        entry = stacked(1, "two", 3).get("a", index)
        assert (entry.value if entry else None) == expected

    def test_unknown_name(self) -> None:
        store = stacked(1)
        assert store.get("b") is None
        assert store.get("A") is None
        assert store.count("b") == 0
        assert store.all("b") == []

    def test_next_is_the_next_of_that_name(self) -> None:
        store = XavpStore()
        for name in ("a", "b", "a", "b", "a"):
            store.add(name, len(store))
        found = store.get("a")
        seen: list[object] = []
        while found is not None:
            seen.append(found.value)
            found = store.next(found)
        assert seen == [4, 2, 0]

    def test_names_each_once_from_the_head(self) -> None:
        store = XavpStore()
        for name in ("a", "b", "a", "c"):
            store.add(name, 1)
        assert store.names() == ["c", "a", "b"]
        assert len(store) == 4


class TestText:
    """What a script reads; the long long came from sql_xquery(), the pointer from dispatcher."""

    def test_wide_numbers_are_strings(self) -> None:
        store = XavpStore()
        assert store.add("b", 5, XType.LLONG).text() == "5"
        assert store.add("t", 1700000000, XType.TIME).text() == "1700000000"
        assert store.add("i", 5).text() == 5

    def test_null_and_empty(self) -> None:
        store = XavpStore()
        assert store.add("n", None).text() is None
        assert store.add("e", "").text() == ""

    def test_lists(self) -> None:
        store = XavpStore()
        inner = store.new_list()
        entry = store.add("r", inner)
        assert entry.text() == "<<xavp:(nil)>>"
        inner.add("k", 1)
        assert str(entry.text()).startswith("<<xavp:0x7f")
        inner.remove("k")
        assert entry.text() == "<<xavp:(nil)>>"

    def test_a_pointer_reads_the_same_in_a_copy(self) -> None:
        store = XavpStore()
        record = store.new_list()
        record.add("sock", Data("socket", serial=7), XType.VPTR)
        copied = store.copy_value(record)
        assert isinstance(copied, XavpList)
        texts = {str(found.text()) for found in (record.get("sock"), copied.get("sock")) if found}
        assert len(texts) == 1
        assert texts.pop().startswith("<<vptr:0x")

    def test_addresses_are_the_same_in_every_run(self) -> None:
        def text() -> object:
            store = XavpStore()
            inner = store.new_list()
            inner.add("k", 1)
            return store.add("r", inner).text()

        assert text() == text()


class TestChanges:
    def test_set_replaces_in_place(self) -> None:
        store = stacked(1, "two", 3)
        assert store.set("a", "TWO", 1)
        assert values(store, "a") == [3, "TWO", 1]
        assert not store.set("a", 9, 3)
        entry = store.get("a", 1)
        assert entry is not None
        assert entry.type is XType.STR

    def test_set_forgets_a_further_type(self) -> None:
        store = XavpStore()
        entry = store.add("b", 5, XType.LLONG)
        entry.set(6)
        assert (entry.type, entry.text()) == (XType.INT, 6)
        entry.set(7, XType.TIME)
        assert (entry.type, entry.text()) == (XType.TIME, "7")

    @pytest.mark.parametrize(("index", "left"), [(0, ["two", 1]), (1, [3, 1]), (-1, [3, "two"]), (-3, ["two", 1])])
    def test_remove_by_index(self, index: int, left: list[object]) -> None:
        store = stacked(1, "two", 3)
        assert store.remove("a", index)
        assert values(store, "a") == left

    def test_remove_what_is_not_there(self) -> None:
        store = stacked(1)
        assert not store.remove("a", 1)
        assert not store.remove("a", -2)
        assert not store.remove("b")
        assert store.remove_all("b") == 0
        assert store.remove("a")
        assert not store
        assert store.get("a") is None

    def test_remove_all(self) -> None:
        store = stacked(1, 2)
        store.add("b", 3)
        assert store.remove_all("a") == 2
        assert store.tree() == (("b", 3),)

    def test_order_after_changes_in_the_middle(self) -> None:
        store = XavpStore()
        first = store.add("o", 1)
        store.add("p", 2)
        store.add("o", 3)
        store.add_last("o", 4)
        assert store.tree() == (("o", 3), ("p", 2), ("o", 1), ("o", 4))
        store.add_last("z", 5)
        assert names(store) == "z o p o o"
        store.append("y", 6)
        assert names(store) == "z o p o o y"
        store.add_after(first, "o", 7)
        assert values(store, "o") == [3, 1, 7, 4]
        assert names(store) == "z o p o o o y"
        found = store.get("o", 2)
        assert found is not None
        assert found.value == 7
        assert [store.steps_to(entry) for entry in store] == [1, 2, 3, 4, 5, 6, 7]

    def test_extract_does_not_release(self) -> None:
        freed: list[object] = []
        store = XavpStore()
        entry = store.add("d", Data("x", freed.append))
        value = store.extract(entry)
        assert isinstance(value, Data)
        assert not freed
        store.add("d", value)
        store.remove("d")
        assert freed == ["x"]


class TestRelease:
    @pytest.mark.parametrize("way", ["remove", "remove_all", "remove_entry", "clear", "set", "entry set"])
    def test_data_in_a_nested_list_is_released_once(self, way: str) -> None:
        freed: list[object] = []
        store = XavpStore()
        deep = store.new_list()
        deep.add("d", Data("deep", freed.append))
        record = store.new_list()
        record.add("n", deep)
        record.add("d", Data("data", freed.append))
        entry = store.add("r", record)
        match way:
            case "remove":
                store.remove("r")
            case "remove_all":
                store.remove_all("r")
            case "remove_entry":
                store.remove_entry(entry)
            case "clear":
                store.clear()
            case "set":
                store.set("r", 1)
            case _:
                entry.set("s")
        assert sorted(map(str, freed)) == ["data", "deep"]

    def test_a_copy_does_not_release_what_it_shares(self) -> None:
        freed: list[object] = []
        store = XavpStore()
        record = store.new_list()
        record.add("d", Data("x", freed.append))
        store.add("a", record)
        store.add("b", store.copy_value(record))
        store.remove("b")
        assert freed == []
        store.clear()
        assert freed == ["x"]

    def test_a_release_that_looks_at_the_store(self) -> None:
        store = XavpStore()
        seen: list[int] = []
        store.add("d", Data("x", lambda payload: seen.append(len(store))))
        store.add("e", 1)
        store.clear()
        assert seen == [0]


class TestCopy:
    def test_copy_is_deep_and_keeps_order_and_types(self) -> None:
        store = XavpStore()
        record = store.new_list()
        record.add("n", -5)
        record.add("b", 5, XType.LLONG)
        record.add("n", "x")
        copied = store.copy_value(record)
        assert isinstance(copied, XavpList)
        assert copied.tree() == record.tree() == (("n", "x"), ("b", 5), ("n", -5))
        assert [entry.type for entry in copied] == [XType.STR, XType.LLONG, XType.INT]
        copied.set("n", "changed")
        record.add("z", 1)
        assert copied.tree() == (("n", "changed"), ("b", 5), ("n", -5))
        assert record.pointer() != copied.pointer()

    def test_plain_values(self) -> None:
        store = XavpStore()
        assert [store.copy_value(value) for value in (1, "s", None)] == [1, "s", None]


class TestWithoutCase:
    """`$xavi`: ASCII letters only."""

    def test_names_match_and_keep_their_spelling(self) -> None:
        store = XavpStore(fold=True)
        inner = store.new_list()
        inner.add("FoO", "1")
        store.add("WhatEver", inner)
        found = store.get("WHATEVER")
        assert found is not None
        assert found.name == "WhatEver"
        assert found.inner is not None
        assert found.inner.get("fOo") is not None
        store.add("whatever", 2)
        assert store.count("WhatEver") == 2
        assert [entry.name for entry in store.find("^what")] == ["whatever", "WhatEver"]
        assert store.remove("wHATEVER", 1)
        assert store.tree() == (("whatever", 2),)

    def test_other_letters_keep_their_case(self) -> None:
        store = XavpStore(fold=True)
        store.add("K\xc9", 1)
        assert store.get("k\xc9") is not None
        assert store.get("k\xe9") is None


def test_a_store_by_itself_shares_nothing() -> None:
    one, other = XavpStore(), XavpStore()
    one.add("a", 1)
    assert not other
    assert isinstance(one.get("a"), Xavp)
