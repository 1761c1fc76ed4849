"""The order in which Kamailio walks over a table."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sroute.modules.htable.order import SlotOrder, rank_of
from sroute.runtime import hashing

# Few letters of either case, so that equal hashes are frequent.
KEYS = st.text("abAB12", max_size=3)


def slots_of(keys: list[str], slots: int) -> list[tuple[int, list[str]]]:
    return list(SlotOrder(dict.fromkeys(keys), slots).slots())


def test_the_slots_of_the_documented_array() -> None:
    keys = ["key[0]", "key[1]", "key[2]", "key::size"]
    assert slots_of(keys, 256) == [(35, ["key[0]"]), (50, ["key::size"]), (67, ["key[1]"]), (227, ["key[2]"])]


def test_by_hash_in_a_slot_and_by_insertion_where_hashes_are_equal() -> None:
    order = SlotOrder(dict.fromkeys(["abc", "ABC", "Abc", "n1", "n2", "z"]), 4)
    assert list(order.all()) == ["z", "n1", "abc", "ABC", "Abc", "n2"]


def test_a_key_that_comes_back_is_behind_the_others_of_its_hash() -> None:
    keys = dict.fromkeys(["abc", "ABC"])
    order = SlotOrder(keys, 4)
    del keys["abc"]
    order.changed("abc")
    keys["abc"] = None
    order.changed("abc")
    assert list(order.all()) == ["ABC", "abc"]


def test_behind_a_place() -> None:
    order = SlotOrder(dict.fromkeys(["abc", "ABC", "z"]), 4)
    rank = rank_of("abc", 3)
    assert next(order.behind(0, ())) == (rank_of("z", 3), "z")
    assert next(order.behind(rank, ["abc"])) == (rank, "ABC")
    assert list(order.behind(rank, ["abc", "ABC"])) == []


def test_most_slots_that_can_be() -> None:
    keys = [f"k{number}" for number in range(200)]
    found = slots_of(keys, 1 << 31)
    assert [slot for slot, _ in found] == sorted(hashing.slot(key, 1 << 31) for key in keys)


@given(st.lists(KEYS, unique=True), st.sampled_from([4, 8, 1024]))
def test_sorted_by_slot_and_hash(keys: list[str], slots: int) -> None:
    walked = list(SlotOrder(dict.fromkeys(keys), slots).all())
    assert walked == sorted(keys, key=lambda key: rank_of(key, slots - 1))


class Changing(RuleBasedStateMachine):
    """An index that is kept up to date against one that is made anew."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, None] = {}
        self.order = SlotOrder(self.keys, 8)

    @rule(key=KEYS)
    def comes(self, key: str) -> None:
        if key not in self.keys:
            self.keys[key] = None
            self.order.changed(key)

    @rule(key=KEYS)
    def goes(self, key: str) -> None:
        if key in self.keys:
            del self.keys[key]
            self.order.changed(key)

    @rule(number=st.integers(0, 400))
    def many_come(self, number: int) -> None:
        for at in range(number):
            self.comes(f"x{at}")

    @invariant()
    def same(self) -> None:
        assert list(self.order.all()) == list(SlotOrder(self.keys, 8).all())


TestChanging = Changing.TestCase
TestChanging.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
