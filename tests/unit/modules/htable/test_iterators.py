"""The iterators of a process, and the slots that they keep locked."""

import pytest

from sroute.dialect import DEFAULT
from sroute.modules.htable.definition import define
from sroute.modules.htable.iterators import IteratorError, Iterators
from sroute.modules.htable.table import Table
from sroute.runtime.clock import VirtualClock
from sroute.runtime.run import Process

WORKER = Process(1, 4711)


@pytest.fixture
def table() -> Table:
    made = Table(define("a=>size=2", DEFAULT), VirtualClock(), DEFAULT)
    for key in ("abc", "ABC", "Abc", "n1", "n2", "z"):
        made.store(key, key)
    return made


def visited(known: Iterators, table: Table, name: str = "i") -> list[str]:
    walk = known.started(name)
    walk.table = table
    found = []
    while walk.forward(None):
        assert walk.key is not None
        found.append(walk.key)
    return found


def test_order_and_a_second_round(table: Table) -> None:
    known = Iterators(WORKER)
    assert visited(known, table) == ["z", "n1", "abc", "ABC", "Abc", "n2"]
    assert known.running("i").forward(None)
    assert known.running("i").key == "z"


def test_inserted_behind_is_visited(table: Table) -> None:
    walk = Iterators(WORKER).started("i")
    walk.table = table
    found = []
    while walk.forward(None):
        found.append(walk.key)
        if walk.key in ("n1", "n2", "ABC"):
            table.store(f"new{walk.key}", 1)
        if walk.key == "Abc":
            table.store("aBC", 1)
    assert found == ["z", "n1", "abc", "ABC", "Abc", "aBC", "newn1", "n2", "newn2"]


def test_deleting_the_current_item_goes_on_with_what_followed(table: Table) -> None:
    walk = Iterators(WORKER).started("i")
    walk.table = table
    found = []
    while walk.forward(None):
        assert walk.key is not None
        found.append(walk.key)
        table.remove(walk.key)
        assert walk.current() == walk.key
    assert found == ["z", "n1", "abc", "ABC", "Abc", "n2"]
    assert not table.values


def test_the_slot_of_the_current_item_is_locked(table: Table) -> None:
    walk = Iterators(WORKER).started("i")
    walk.table = table
    for slot in (1, 2, 2, 2, 2, 3):
        walk.forward(None)
        assert list(table.locks.held) == [slot]
    assert not walk.forward(None)
    assert not table.locks.held


def test_two_iterators_may_lock_one_slot(table: Table) -> None:
    known = Iterators(WORKER)
    for name in ("i", "j"):
        walk = known.started(name)
        walk.table = table
        walk.forward(None)
    known.ended("i")
    assert list(table.locks.held) == [1]
    known.ended("j")
    assert not table.locks.held


def test_four_at_once() -> None:
    known = Iterators(WORKER)
    for name in "abcd":
        known.started(name)
    with pytest.raises(IteratorError, match="no iterator available - max number is 4"):
        known.started("e")
    with pytest.raises(IteratorError, match=r"iterator not found \[e\]"):
        known.running("e")
    known.ended("b")
    with pytest.raises(IteratorError, match=r"iterator not initialized \[e\]"):
        known.running("e")
    with pytest.raises(IteratorError, match=r"iterator name is too big \[e{32}\] \(max 32\)"):
        known.started("e" * 32)
    assert known.started("e" * 31).name == "e" * 31


def test_faults() -> None:
    known = Iterators(WORKER)
    with pytest.raises(IteratorError, match=r"iterator not found \[x\]"):
        known.ended("x")
    walk = known.started("x")
    with pytest.raises(IteratorError, match=r"iterator not initialized \[x\]"):
        known.running("x")
    walk.table = Table(define("a=>size=2", DEFAULT), VirtualClock(), DEFAULT)
    with pytest.raises(IteratorError, match=r"iterator not used \[x\]"):
        known.used("x")
