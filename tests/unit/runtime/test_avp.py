"""The AVP store: stacks by name. Facts recorded from Kamailio 5.6.3 (what scripts see is in the spec)."""

import pytest

from sroute.runtime.avp import AvpStore


def stacked(*values: int | str) -> AvpStore:
    store = AvpStore()
    for value in values:
        store.push("x", value)
    return store


def test_newest_first() -> None:
    store = stacked("1", "2", 3)
    assert store.get("x") == 3
    assert store.all("x") == [3, "2", "1"]
    assert store.count("x") == 3


@pytest.mark.parametrize(("index", "expected"), [(0, 3), (1, "2"), (2, "1"), (3, None), (-1, "1"), (-3, 3), (-4, None)])
def test_index(index: int, expected: object) -> None:
    assert stacked("1", "2", 3).at("x", index) == expected


def test_numbers_and_texts_are_different_names() -> None:
    store = AvpStore()
    store.push(5, "number")
    store.push("5", "text")
    assert (store.get(5), store.get("5")) == ("number", "text")


def test_pop_takes_the_newest() -> None:
    store = stacked("a", "b", "only")
    assert store.pop("x")
    assert store.all("x") == ["b", "a"]
    assert store.pop("x")
    assert store.pop("x")
    assert not store.pop("x")
    assert store.get("x") is None
    assert len(store) == 0


def test_clear_takes_all_of_a_name() -> None:
    store = stacked(1, 2)
    store.push("y", 3)
    store.clear("x")
    store.clear("x")
    assert [(avp.name, avp.value) for avp in store] == [("y", 3)]


def test_an_empty_text_is_a_value() -> None:
    store = stacked("")
    assert store.get("x") == ""
    assert store.count("x") == 1


def test_all_pairs_newest_first() -> None:
    store = AvpStore()
    for number, name in enumerate(["a", "b", "a", "c"]):
        store.push(name, number)
    assert [(avp.name, avp.value) for avp in store] == [("c", 3), ("a", 2), ("b", 1), ("a", 0)]
    assert [store.steps_to(avp) for avp in store] == [1, 2, 3, 4]


def test_flags_belong_to_one_pair() -> None:
    store = stacked(1, 2)
    newest = store.first("x")
    assert newest is not None
    newest.flags |= 4
    assert [avp.flags for avp in store] == [4, 0]
    store.remove(newest)
    oldest = store.first("x")
    assert oldest is not None
    assert oldest.flags == 0
    assert store.first("y") is None
