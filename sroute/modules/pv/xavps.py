"""`$xavp(...)`, `$xavu(...)` and `$xavi(...)`: lists of named entries whose values may be lists again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import ALL, BAD_INDEX, Index, Pv
from sroute.modules.pv.module import pv
from sroute.modules.pv.stores import joined, plain
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Spelled, Value
from sroute.runtime.xavp import Xavp, XavpList, XavpStore

_TOKEN = re.compile(r"[ \t]*([^ \t=\[]*)(?:\[([^\]]*)\]?[^=]*)?[^=]*")
_INDEX = re.compile(r"-?[0-9]+\Z")
ParsedIndex = int | Literal["*"] | Pv | None
At = Callable[[Run], int | Literal["*"] | None]


@dataclass(frozen=True, slots=True)
class Path:
    """`name[index]=>key[index]` in its parts; no key where none is written."""

    name: str
    index: ParsedIndex
    key: str | None = None
    key_index: ParsedIndex = None


@dataclass(frozen=True, slots=True)
class Place:
    """A path with its indexes ready to be read."""

    name: str
    at: At
    key: str | None
    key_at: At
    path: Path

    @property
    def newest(self) -> bool:
        """Whether no index is written at all."""
        return self.path.index is None and self.path.key_index is None

    @property
    def counted(self) -> int | None:
        """The index of the name, where it is a plain one from the newest entry (0 for none) and the key has none."""
        at = self.path.index or 0
        return at if isinstance(at, int) and at >= 0 and self.path.key_index is None else None


def _index(text: str | None, names: Names) -> ParsedIndex:
    if text is None:
        return None
    if text == ALL:
        return "*"
    if text.startswith("$"):
        return names.pv(text)
    if not _INDEX.match(text):
        raise FixupError(f"invalid index [{text}]" if text else "an index is empty")
    return max(-(2**31), min(int(text[:12]), 2**31 - 1))


def _token(text: str, at: int) -> tuple[str, str | None, int]:
    match = _TOKEN.match(text, at)
    assert match is not None
    return match[1], match[2], match.end()


class PathFixup:
    """Where in the lists: names are taken as they are, indexes may be variables. Text behind a blank counts for nothing."""

    form = "name[n]=>key[n]"

    def parse(self, text: str, names: Names) -> Path:
        """The parts of the path."""
        name, index, end = _token(text, 0)
        place = _index(index, names)
        if end >= len(text):
            return Path(name, place)
        if not text.startswith("=>", end):
            raise FixupError(f"invalid name [{text}]")
        key, key_index, _ = _token(text, end + 2)
        if not key:
            raise FixupError(f"no key in [{text}]")
        return Path(name, place, key, _index(key_index, names))

    def bind(self, parsed: Path, scope: Scope) -> Arg[Place]:
        """The path with readers of its indexes."""
        return Constant(Place(parsed.name, _reader(parsed.index, scope), parsed.key, _reader(parsed.key_index, scope), parsed))


class PlainPathFixup:
    """As PathFixup, but brackets belong to the names."""

    form = "name=>key"

    def parse(self, text: str, names: Names) -> Path:
        """The parts of the path."""
        name, arrow, rest = text.partition("=>")
        key = rest.partition("=>")[0].strip(" \t")
        if arrow and not key:
            raise FixupError(f"no key in [{text}]")
        return Path(name.strip(" \t"), None, key if arrow else None)

    def bind(self, parsed: Path, scope: Scope) -> Arg[Place]:
        """The path."""
        return Constant(Place(parsed.name, _nowhere, parsed.key, _nowhere, parsed))


def _nowhere(run: Run) -> None:
    return None


def _reader(index: ParsedIndex, scope: Scope) -> At:
    if not isinstance(index, Pv):
        return lambda run: index
    read, services = scope.read(index), scope.services

    def number(run: Run) -> int:
        value = read(run)
        if isinstance(value, int) and value is not FAILED:
            return int(value)
        services.diag("ERROR", "invalid index value", "core", run.at)
        return BAD_INDEX

    return number


def place_of(inner: Arg[Place]) -> Place:
    """The place that a fixup has bound."""
    assert isinstance(inner, Constant)
    found = inner.value
    assert isinstance(found, Place)
    return found


# ---------------------------------------------------------------- reading

Store = Callable[[Run], XavpStore]


def _all(found: list[Xavp]) -> Value:
    """All values joined; where the oldest is an int, the text counts as that int."""
    text, oldest = joined(child.text() for child in found), found[-1].text()
    return Spelled(oldest, text) if isinstance(oldest, int) else text


def _entry(store: XavpList, name: str, at: int | Literal["*"] | None) -> Xavp | None:
    return store.get(name, at if isinstance(at, int) else 0)


def children(store: XavpStore, entry: Xavp) -> XavpList | None:
    """The list of an entry. Where it is empty Kamailio looks into the root list instead; None when the entry is no list."""
    inner = entry.inner
    return store if inner is not None and not inner else inner


def _reading(store: Store, place: Place, services: Services) -> Read:
    name, key = place.name, place.key
    if not name:
        return lambda run: None
    counted = place.counted
    if key is not None and counted is not None:
        return _reading_key(store, name, counted, key)

    def read(run: Run) -> Value:
        at = place.at(run)
        if at == BAD_INDEX:
            services.diag("ERROR", "invalid index", "pv", run.at)
            return FAILED
        entry = _entry(store(run), name, at)
        if entry is None or key is None:
            return None if entry is None else entry.text()
        below = children(store(run), entry)
        if below is None:
            return None
        key_at = place.key_at(run)
        if key_at == ALL:
            found = below.all(key)
            return _all(found) if found else None
        if key_at == BAD_INDEX:
            return FAILED
        child = _entry(below, key, key_at)
        return None if child is None else child.text()

    return read


def _reading_key(store: Store, name: str, at: int, key: str) -> Read:
    """`$xavp(name=>key)` and `$xavp(name[n]=>key)`, which scripts read all the time."""

    def read(run: Run) -> Value:
        root = store(run)
        entry = root.get(name, at)
        below = None if entry is None else children(root, entry)
        child = None if below is None else below.get(key)
        return None if child is None else child.text()

    return read


# ---------------------------------------------------------------- writing


def _writable(at: int, count: int) -> int:
    """Where an index points when it is written: a negative one is one too high."""
    return at + count + 1 if at < 0 else at


def _exact(store: XavpList, name: str, at: int) -> Xavp | None:
    place = _writable(at, store.count(name)) if at < 0 else at
    return store.get(name, place) if place >= 0 else None


def _set_root(store: XavpStore, name: str, at: int | Literal["*"] | None, value: int | str) -> None:
    if at is None:
        store.add(name, value)
        return
    entry = _exact(store, name, at) if isinstance(at, int) else None
    if entry is None:
        raise AssignError("")
    entry.set(value)


def _set_child(store: XavpStore, run: Run, place: Place, at: int | Literal["*"] | None, value: int | str) -> None:
    key = place.key
    assert key is not None
    if at is None:
        made = store.new_list()
        made.add(key, value)
        store.add(place.name, made)
        return
    entry = _exact(store, place.name, at) if isinstance(at, int) else None
    if entry is None:
        return
    if entry.inner is None:
        raise AssignError("")
    key_at = place.key_at(run)
    if key_at is None:
        entry.inner.add(key, value)
    elif isinstance(key_at, int):
        below = children(store, entry)
        child = _exact(below, key, key_at) if below is not None else None
        if child is not None:
            child.set(value)


def _remove_root(store: XavpStore, name: str, at: int | Literal["*"] | None) -> None:
    if at == ALL:
        store.remove_all(name)
        return
    entry = _exact(store, name, at if isinstance(at, int) else 0)
    if entry is not None:
        store.remove_entry(entry)


def _remove_child(store: XavpStore, run: Run, place: Place, at: int | Literal["*"] | None) -> None:
    if at == ALL:
        entries: list[Xavp] = store.all(place.name)
    else:
        entry = _exact(store, place.name, at if isinstance(at, int) else 0)
        entries = [] if entry is None else [entry]
    key_at = place.key_at(run)
    for found in entries:
        inner, key = found.inner, place.key
        if inner is None or key is None:
            continue
        if key_at == ALL:
            inner.remove_all(key)
            continue
        child = _exact(inner, key, key_at if isinstance(key_at, int) else 0)
        if child is not None:
            inner.remove_entry(child)


def _writing(store: Store, place: Place) -> Write:
    put, remove = _putting(store, place), _removing(store, place)

    def write(run: Run, value: Value) -> None:
        kept = value if value.__class__ is str or value.__class__ is int else plain(value)
        if kept is None:
            remove(run)
        else:
            put(run, kept)

    return write


Put = Callable[[Run, int | str], None]


def _putting(store: Store, place: Place) -> Put:
    """What an assignment of a value does; the forms that scripts use all the time have a short way."""
    name, key, counted = place.name, place.key, place.counted
    if place.newest and name:
        return _adding(store, name) if key is None else _adding_list(store, name, key)
    if counted is not None and name and key is not None:
        return _adding_below(store, name, counted, key)

    def put(run: Run, value: int | str) -> None:
        at = _checked(place.at(run))
        if not name:
            return
        if key is None:
            _set_root(store(run), name, at, value)
        else:
            _set_child(store(run), run, place, at, value)

    return put


def _adding(store: Store, name: str) -> Put:
    """`$xavp(name) = value`."""

    def put(run: Run, value: int | str) -> None:
        store(run).add(name, value)

    return put


def _adding_list(store: Store, name: str, key: str) -> Put:
    """`$xavp(name=>key) = value`."""

    def put(run: Run, value: int | str) -> None:
        root = store(run)
        made = root.new_list()
        made.add(key, value)
        root.add(name, made)

    return put


def _adding_below(store: Store, name: str, at: int, key: str) -> Put:
    """`$xavp(name[n]=>key) = value`."""

    def put(run: Run, value: int | str) -> None:
        entry = store(run).get(name, at)
        if entry is None:
            return
        inner = entry.inner
        if inner is None:
            raise AssignError("")
        inner.add(key, value)

    return put


def _removing(store: Store, place: Place) -> Callable[[Run], None]:
    """What an assignment of null does."""
    name, counted = place.name, place.counted

    def remove_counted(run: Run) -> None:
        store(run).remove(name, counted or 0)

    def remove(run: Run) -> None:
        at = _checked(place.at(run))
        if not name:
            return
        if place.key is None:
            _remove_root(store(run), name, at)
        else:
            _remove_child(store(run), run, place, at)

    return remove_counted if place.key is None and counted is not None else remove


def _checked(at: int | Literal["*"] | None) -> int | Literal["*"] | None:
    if at == BAD_INDEX:
        raise AssignError("invalid index")
    return at


# ---------------------------------------------------------------- the variables


@pv.variables_of("xavp", inner=PathFixup())
def xavp(scope: Scope, inner: Arg[Place], index: Index) -> Read:
    """An entry of the lists of the transaction: `$xavp(name)`, or what stands in its list: `$xavp(name=>key)`.

    `[n]` behind a name is the n-th newest, negative from the oldest; `key[*]` all with `, ` between. Assigning without an
    index adds a new entry in front; `$xavp(name[0]=>key)` adds to the newest one. Null removes.

    Example: $xavp(sf=>uri) = "sip:10.0.0.1"; $xavp(sf[0]=>timer) = 10; xlog("$xavp(sf=>uri) $xavp(sf=>timer)\\n");
    """
    return _reading(lambda run: run.xavps, place_of(inner), scope.services)


@xavp.writer
def set_xavp(scope: Scope, inner: Arg[Place], index: Index) -> Write:
    """Adds, replaces or removes an entry."""
    return _writing(lambda run: run.xavps, place_of(inner))


@pv.variables_of("xavi", inner=PathFixup())
def xavi(scope: Scope, inner: Arg[Place], index: Index) -> Read:
    """As `$xavp`, in lists of its own whose names count without case.

    Example: $xavi(Caller=>Name) = "x"; xlog("$xavi(CALLER=>name)\\n");
    """
    return _reading(lambda run: run.xavis, place_of(inner), scope.services)


@xavi.writer
def set_xavi(scope: Scope, inner: Arg[Place], index: Index) -> Write:
    """Adds, replaces or removes an entry."""
    return _writing(lambda run: run.xavis, place_of(inner))


@pv.variables_of("xavu", inner=PlainPathFixup())
def xavu(scope: Scope, inner: Arg[Place], index: Index) -> Read:
    """As `$xavp`, in lists of its own where each name has one value: assigning replaces it. There are no indexes.

    Example: $xavu(caller=>name) = "x"; xlog("$xavu(caller=>name)\\n");
    """
    return _reading(lambda run: run.xavus, place_of(inner), scope.services)


@xavu.writer
def set_xavu(scope: Scope, inner: Arg[Place], index: Index) -> Write:
    """Sets or removes the one entry of a name."""
    place = place_of(inner)
    name, key = place.name, place.key

    def write(run: Run, value: Value) -> None:
        store, kept = run.xavus, plain(value)
        if kept is None:
            _unset(store, name, key)
        elif key is None:
            set_unique(store, name, kept)
        else:
            entry = store.get(name)
            if entry is None or entry.inner is None:
                entry = store.add(name, store.new_list())
            assert entry.inner is not None
            set_child(entry.inner, key, kept)

    return write


def set_unique(found: XavpList, name: str, value: int | str) -> None:
    """Replaces the value of a name, or adds it."""
    if not found.set(name, value):
        found.add(name, value)


def set_child(found: XavpList, key: str, value: int | str) -> None:
    """Gives a key of a nested list a value, in place of its newest one; the key moves to the head."""
    found.remove(key)
    found.add(key, value)


def _unset(store: XavpStore, name: str, key: str | None) -> None:
    if key is None:
        store.remove_all(name)
        return
    entry = store.get(name)
    if entry is not None and entry.inner is not None:
        entry.inner.remove_all(key)
