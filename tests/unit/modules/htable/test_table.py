"""Storing, expiring and counting in one table, without a script."""

import sys
import tracemalloc

import pytest

from sroute.dialect import DEFAULT, DIALECTS
from sroute.modules.htable.definition import define
from sroute.modules.htable.table import Table
from sroute.runtime.clock import VirtualClock

START = 1_700_000_000
NEWER = DIALECTS["dev"]


def table(definition: str, *, newer: bool = False) -> Table:
    dialect = NEWER if newer else DEFAULT
    return Table(define(definition, dialect), VirtualClock(START), dialect)


def pass_time(made: Table, seconds: float) -> None:
    made.clock.set(made.clock.now() + seconds)


def test_an_item_lives_through_the_last_second_of_its_time() -> None:
    made = table("a=>autoexpire=2")
    made.store("k", 1)
    pass_time(made, 2.9)
    assert made.get("k") == 1
    pass_time(made, 0.2)
    assert made.get("k") is None
    assert made.read("k") is None
    assert made.left("k") == 4294967295


def test_initval_stands_for_what_is_missing_or_expired() -> None:
    made = table("a=>autoexpire=1;initval=-7")
    assert made.read("k") == -7
    made.store("k", "v")
    assert made.read("k") == "v"
    pass_time(made, 3)
    assert made.read("k") == -7


def test_updating_renews() -> None:
    made = table("a=>autoexpire=10")
    made.store("k", 1)
    made.expire_in("k", 100)
    assert made.left("k") == 100
    made.store("k", 2)
    assert made.left("k") == 10


def test_updateexpire_0_keeps_the_expiry() -> None:
    made = table("a=>autoexpire=10;updateexpire=0")
    made.store("k", 1)
    made.expire_in("k", 100)
    made.store("k", "two")
    assert made.left("k") == 100


@pytest.mark.parametrize(("newer", "value", "left"), [(False, None, 4294967295), (True, 2, 1)])
def test_writing_to_an_expired_item_with_updateexpire_0(newer: bool, value: int | None, left: int) -> None:
    made = table("a=>autoexpire=1;updateexpire=0", newer=newer)
    made.store("k", 1)
    pass_time(made, 2)
    made.store("k", 2)
    assert (made.get("k"), made.left("k")) == (value, left)


@pytest.mark.parametrize("seconds", [0, -5])
def test_never(seconds: int) -> None:
    made = table("a=>autoexpire=1")
    made.store("k", 1)
    made.expire_in("k", seconds)
    pass_time(made, 10_000)
    assert made.get("k") == 1
    assert made.left("k") == (1 << 32) - START - 10_000


def test_no_expiry_without_autoexpire() -> None:
    made = table("a=>size=2")
    made.store("k", 1)
    made.expire_in("k", 5)
    assert made.left("k") == 0
    assert not made.expiries


def test_counting_wraps_at_the_width_of_the_dialect() -> None:
    made, wide = table("a=>size=2"), table("a=>size=2", newer=True)
    made.store("n", 2147483647)
    wide.store("n", 2147483647)
    assert made.add("n", 1) == -2147483648
    assert wide.add("n", 1) == 2147483648


def test_counting_needs_an_integer_or_an_initval() -> None:
    made = table("a=>size=2")
    assert made.add("none", 1) is None
    made.store("s", "5")
    assert made.add("s", 1) is None
    assert made.values == {"s": "5"}
    assert table("a=>initval=7").add("none", -1) == 6


# Recorded: table i and iu of 5.6.3 with a string and an integer that have expired.
@pytest.mark.parametrize("value", ["str", 10])
def test_counting_an_expired_item_begins_at_initval(value: int | str) -> None:
    renewed, kept = table("i=>autoexpire=1;initval=5"), table("iu=>autoexpire=1;updateexpire=0;initval=5")
    for made in (renewed, kept):
        made.store("k", value)
        pass_time(made, 2)
        assert made.add("k", 1) == 6
    assert renewed.read("k") == 6
    assert kept.read("k") == 5
    assert kept.add("k", -1) == 4


def test_counting_an_expired_item_without_initval() -> None:
    made, newer = table("a=>autoexpire=1"), table("a=>autoexpire=1", newer=True)
    for each in (made, newer):
        each.store("k", 100)
        pass_time(each, 2)
        assert each.add("k", 1) is None
    assert made.get("k") is None
    assert newer.get("k") == 100


def test_room_of_strings_changed_in_place() -> None:
    made = table("a=>size=2")
    made.store("k", "long")
    made.store("k", "x")
    assert made.room("k") == 4
    made.store("k", 5)
    assert made.room("k") == 4
    made.store("k", "abc")
    assert made.room("k") == 3
    made.store("n", 1)
    assert made.room("n") is None


def test_the_content_is_exchanged_in_place() -> None:
    made = table("a=>size=2;autoexpire=5")
    values = made.values
    made.store("old", 1)
    made.replace({"new": "v"}, {"new": START + 3})
    assert values == {"new": "v"}
    assert made.earliest == START + 3
    made.clear()
    assert (values, made.expiries) == ({}, {})


def test_an_item_takes_at_most_300_bytes_beside_key_and_value() -> None:
    keys = [f"user{number}@example.com::auth_count" for number in range(20_000)]
    made = table("a=>size=14;autoexpire=60")
    tracemalloc.start()
    for key in keys:
        made.store(key, "value")
    assert made.order is not None
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / len(keys) < 300


def test_nothing_is_left_of_what_has_gone() -> None:
    made = table("a=>autoexpire=60")
    for number in range(10_000):
        made.store(f"k{number}", 1)
    for number in range(9_990):
        made.remove(f"k{number}")
    made.shrink()
    assert list(made.values) == list(made.expiries) == [f"k{number}" for number in range(9_990, 10_000)]
    assert sys.getsizeof(made.values) < 2000


def test_nothing_expires_before_the_earliest_time() -> None:
    made = table("a=>autoexpire=100")
    for number in range(50):
        made.store(f"k{number}", 1)
        pass_time(made, 0.7)
    made.expire_at("k3", START + 40)
    assert made.earliest <= min(made.expiries.values())
    made.remove("k3")
    made.settle()
    assert START + 40 < made.earliest <= min(made.expiries.values())
