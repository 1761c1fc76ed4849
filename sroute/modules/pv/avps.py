"""`$avp(...)`: stacks of values by name, and `$cnt(...)`, which counts them."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import ALL, BAD_INDEX, Index, Pv
from sroute.modules.pv.module import Shared, pv
from sroute.modules.pv.stores import joined, plain
from sroute.runtime.avp import AvpName, AvpStore
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Value

CLASSES = frozenset({"f", "t", "fu", "tu", "fd", "td", "g"})
"""Prefixes `fu.name`: attributes of the caller, the callee, their domains, the server. `f.` is where names without one are."""
_OF_CALLER, _OF_CALLEE = ("fu.", "fd.", "g."), ("tu.", "td.", "g.")
"""Where else a name is looked for that names the caller, or the callee, and no kind."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; typed ones (`s:`, `i:`) are no aliases."""

    name: AvpName
    typed: bool


class AvpNameFixup:
    """The name of an AVP: `name`, `s:name`, `i:5`, or one variable that holds a name or a number."""

    form = "name"

    def parse(self, text: str, names: Names) -> Name | Pv:
        """The name."""
        if not text:
            raise FixupError("bad avp name []")
        if text.startswith("$"):
            return names.pv(text)
        kind, colon, rest = text.partition(":")
        if colon:
            return Name(_typed(kind, rest), typed=True)
        track, dot, _ = text.partition(".")
        if dot and track not in CLASSES:
            raise FixupError(f"AVP unknown class prefix '{track}'")
        return Name(text.removeprefix("f."), typed=bool(dot))

    def bind(self, parsed: Name | Pv, scope: Scope) -> Arg[AvpName | None]:
        """The name, aliases looked up; or what reads it (None when there is none)."""
        state = _state(scope)
        if isinstance(parsed, Name):
            if parsed.typed or not isinstance(parsed.name, str):
                state.classes = state.classes or _class_of(parsed.name) != ""
                return Constant(parsed.name)
            return Constant(state.aliases.get(parsed.name, parsed.name))
        read, services = scope.read(parsed), scope.services

        def name(run: Run) -> AvpName | None:
            value = read(run)
            if value is None or value is FAILED:
                services.diag("ERROR", "null or empty name", "core", run.at)
                return None
            return _unclassed(value) if isinstance(value, str) else int(value)

        return name


def _typed(kind: str, rest: str) -> AvpName:
    if kind in ("s", "S"):
        if not rest:
            raise FixupError("bad avp name []")
        return _unclassed(rest)
    if kind not in ("i", "I"):
        raise FixupError(f"unsupported type [{kind}]")
    if not rest.isascii() or not rest.isdigit() or int(rest[:12]) > 0xFFFF_FFFF:
        raise FixupError(f"invalid ID <{rest}> - not a number" if rest else "bad avp name []")
    return int(rest)


def _state(scope: Scope) -> Shared:
    state = scope.services.state("pv")
    assert isinstance(state, Shared)
    return state


def _class_of(name: AvpName) -> str:
    if not isinstance(name, str):
        return ""
    track, dot, _ = name.partition(".")
    return track if dot and track in CLASSES else ""


def _unclassed(name: str) -> str:
    """A name that looks as if it had a class and has none."""
    return f"s:{name}" if _class_of(name) else name


def _elsewhere(name: AvpName) -> tuple[str, ...]:
    """Under which other names a name is looked for."""
    kind = _class_of(name)
    if not isinstance(name, str) or kind not in ("", "t"):
        return ()
    bare = name.removeprefix("t.") if kind else name
    return tuple(prefix + bare for prefix in (_OF_CALLEE if kind else _OF_CALLER))


def holder(state: Shared, store: AvpStore, name: AvpName) -> AvpName:
    """Where the values of a name are that are read and removed: the first place that has any."""
    if not state.classes or store.count(name):
        return name
    return next((other for other in _elsewhere(name) if store.count(other)), name)


AVP_NAME = AvpNameFixup()


@pv.variables_of("avp", inner=AVP_NAME, index=True)
def avp(scope: Scope, inner: Arg[AvpName | None], index: Index) -> Read:
    """The newest value of an attribute of the transaction; null when it has none. Assigning adds a value on top.

    `$(avp(x)[n])` is the n-th newest, `[*]` all of them with `, ` between; assigning null removes the newest, to `[*]` all.

    Example: $avp(x) = 1; $avp(x) = 2; xlog("$avp(x) $(avp(x)[1]) $(avp(x)[*])\\n");
    """
    services, state = scope.services, _state(scope)
    if isinstance(inner, Constant):
        name = inner.value
        assert name is not None
        if index is None or index == 0:

            def newest(run: Run) -> Value:
                value = run.avps.get(name)
                return run.avps.get(holder(state, run.avps, name)) if value is None and state.classes else value

            return newest
        return _indexed(lambda run: name, index, services, state)
    return _indexed(inner, index, services, state)


def _indexed(name: Callable[[Run], AvpName | None], index: Index, services: Services, state: Shared) -> Read:
    def read(run: Run) -> Value:
        key = name(run)
        if key is None:
            services.diag("ERROR", "invalid name", "pv", run.at)
            return FAILED
        key = holder(state, run.avps, key)
        if index == ALL:
            values = run.avps.all(key)
            return joined(values) if values else None
        at = index(run) if callable(index) else index
        if at == BAD_INDEX:
            services.diag("ERROR", "invalid index", "pv", run.at)
            return FAILED
        if isinstance(at, int) and at < 0:
            return _from_oldest(run, key, at, services)
        return run.avps.at(key, at if isinstance(at, int) else 0)

    return read


def _from_oldest(run: Run, name: AvpName, at: int, services: Services) -> Value:
    """In Kamailio a negative index finds a value only where it comes to index 0."""
    if run.avps.count(name) + at == 0:
        return run.avps.get(name)
    if run.avps.at(name, at) is not None:
        services.note(f"a negative index of $avp other than the number of its values ({at} here) reads null in Kamailio", run.at)
    return None


@avp.writer
def set_avp(scope: Scope, inner: Arg[AvpName | None], index: Index) -> Write:
    """Adds a value on top, whatever the index; `[*]` replaces all values. Null removes the newest value, or all."""
    every, state = index == ALL, _state(scope)
    if isinstance(inner, Constant) and not callable(index):
        name = inner.value
        assert name is not None

        def write(run: Run, value: Value) -> None:
            if every:
                run.avps.clear(holder(state, run.avps, name))
            if value is not None:
                run.avps.push(name, value if value.__class__ is str or value.__class__ is int else int(value))
            elif not every:
                run.avps.pop(holder(state, run.avps, name))

        return write

    def write_named(run: Run, value: Value) -> None:
        key = inner.value if isinstance(inner, Constant) else inner(run)
        if key is None:
            raise AssignError("BUG in getting dst AVP name")
        if callable(index) and index(run) == BAD_INDEX:
            raise AssignError("invalid index")
        if every:
            run.avps.clear(holder(state, run.avps, key))
        kept = plain(value)
        if kept is not None:
            run.avps.push(key, kept)
        elif not every:
            run.avps.pop(holder(state, run.avps, key))

    return write_named
