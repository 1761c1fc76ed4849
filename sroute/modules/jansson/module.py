"""The jansson module's functions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, TARGET, PvRef, Scope
from sroute.exports.module import Module
from sroute.modules.jansson import paths, text
from sroute.modules.jansson.text import BadJson, Json
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value, to_str

_INTEGER = re.compile(r"[ \t\n\v\f\r]*[+-]?[0-9]+\Z")
_REAL = re.compile(r"[ \t\n\v\f\r]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\Z")
_LONGEST = 400
_EDGE = 1 << 63


@dataclass(slots=True)
class Jansson:
    """The services, for complaints."""

    services: Services | None = None

    def complain(self, run: Run, reason: str) -> int:
        """What Kamailio logs; -1."""
        assert self.services is not None
        self.services.diag("ERROR", reason, "jansson", run.at)
        return -1

    def assign(self, run: Run, target: PvRef, value: Value) -> int:
        """Assigns a result: 1, or -1 when the variable refuses it."""
        try:
            target.set(run, value)
        except AssignError as error:
            return self.complain(run, str(error))
        return 1


jansson = Module("jansson", Jansson, "JSON texts: read, changed and made by paths such as `a.b[2].c`.")


@jansson.hooks.init.append
def _init(state: Jansson, scope: Scope) -> None:
    state.services = scope.services


@jansson.function("jansson_get", FORMAT, FORMAT, TARGET)
def jansson_get(state: Jansson, run: Run, path: str, source: str, target: PvRef) -> int:
    """What a path leads to in a JSON text; -1, and the variable stays, when there is nothing or the text is no JSON.

    Strings come bare, true and false as 1 and 0, null as null, objects and arrays as JSON, reals as text.

    Example: jansson_get("user.name", "$rb", "$var(name)");
    """
    return _get(state, run, path, source, target)


def _get(state: Jansson, run: Run, path: str, source: str, target: PvRef) -> int:
    try:
        root = text.read(source)
    except BadJson as error:
        state.complain(run, f"failed to parse json: {source}")
        return state.complain(run, str(error))
    try:
        found = paths.get(root, path)
    except paths.BadPath:
        return -1
    return state.assign(run, target, text.plain(found))


@jansson.function("jansson_get_field", FORMAT, FORMAT, TARGET)
def jansson_get_field(state: Jansson, run: Run, source: str, path: str, target: PvRef) -> int:
    """As jansson_get() with its first two arguments swapped (old).

    Example: jansson_get_field("$rb", "name", "$var(name)");
    """
    return _get(state, run, path, source, target)


@jansson.function("jansson_array_size", FORMAT, FORMAT, TARGET)
def jansson_array_size(state: Jansson, run: Run, path: str, source: str, target: PvRef) -> int:
    """How many elements the array has that a path leads to; -1 when there is none.

    Example: jansson_array_size("list", "$rb", "$var(size)");
    """
    try:
        found = paths.get(text.read(source), path)
    except (BadJson, paths.BadPath) as error:
        return state.complain(run, str(error))
    if not isinstance(found, list):
        return state.complain(run, f"value at {path} is not an array")
    return state.assign(run, target, len(found))


def _string(value: str) -> Json:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson("value to add is not a string") from None


def _integer(value: str) -> Json:
    if value and not _INTEGER.match(value):
        raise BadJson(f"parsing int failed for {value!r}")
    digits = value[:_LONGEST]
    return min(max(int(digits or 0), -_EDGE), _EDGE - 1)


def _real(value: str) -> Json:
    if value and (not _REAL.match(value) or abs(float(value)) == float("inf")):
        raise BadJson(f"value to add is not a real {value!r}")
    return float(value or 0)


def _object(value: str) -> Json:
    made = text.read(value)
    if not isinstance(made, dict):
        raise BadJson("value to add is not an object")
    return made


def _array(value: str) -> Json:
    made = text.read(value)
    if not isinstance(made, list):
        raise BadJson("value to add is not an array")
    return made


MAKERS: dict[str, Callable[[str], Json]] = {
    "string": _string, "str": _string, "integer": _integer, "int": _integer, "real": _real, "object": _object, "obj": _object,
    "array": _array, "true": lambda value: True, "false": lambda value: False, "null": lambda value: None,
}  # fmt: skip


def _change(state: Jansson, run: Run, kind: str, path: str, value: str, target: PvRef, append: bool) -> int:
    make = MAKERS.get(kind)
    if make is None:
        return state.complain(run, "unrecognized input type")
    before = target.get(run)
    try:
        made = make(value)
        root = {} if before is None else text.read(to_str(before))
        paths.put(root, path, made, append=append)
    except (BadJson, paths.BadPath) as error:
        return state.complain(run, str(error))
    return state.assign(run, target, text.written(root))


@jansson.function("jansson_set", FORMAT, FORMAT, FORMAT, TARGET)
def jansson_set(state: Jansson, run: Run, kind: str, path: str, value: str, target: PvRef) -> int:
    """Sets a value in the JSON text of a variable (null: a new object), making objects on the way; -1 when it can't.

    kind is string, integer, real, object, array, true, false or null.

    Example: jansson_set("string", "user.name", "$fU", "$var(json)"); xlog("$var(json)\\n");
    """
    return _change(state, run, kind, path, value, target, append=False)


@jansson.function("jansson_append", FORMAT, FORMAT, FORMAT, TARGET)
def jansson_append(state: Jansson, run: Run, kind: str, path: str, value: str, target: PvRef) -> int:
    """Appends a value to an array in the JSON text of a variable, or merges an object into one; -1 when it is not there.

    Example: $var(json) = "[]"; jansson_append("int", "", "5", "$var(json)"); xlog("$var(json)\\n");
    """
    return _change(state, run, kind, path, value, target, append=True)


@jansson.function("jansson_xdecode", FORMAT, FORMAT)
def jansson_xdecode(state: Jansson, run: Run, source: str, name: str) -> int:
    """Puts the members of a JSON object into a new XAVP; nested ones stay JSON texts. -1 for a text that is no JSON.

    Example: jansson_xdecode("$rb", "x"); xlog("$xavp(x=>name)\\n");
    """
    try:
        root = text.read(source)
    except BadJson as error:
        return state.complain(run, str(error))
    made = run.xavps.new_list()
    for key, member in root.items() if isinstance(root, dict) else ():
        if key:
            made.add(key.encode("utf-8").decode("latin-1"), text.plain(member))
    run.xavps.add(name, made)
    return 1


@jansson.function("jansson_xencode", FORMAT, TARGET)
def jansson_xencode(state: Jansson, run: Run, name: str, target: PvRef) -> int:
    """Writes the members of an XAVP as a JSON object into a variable; -1 when it has none.

    Example: $xavp(x=>a) = 1; jansson_xencode("x", "$var(json)"); xlog("$var(json)\\n");
    """
    entry = run.xavps.get(name)
    inner = None if entry is None else entry.inner
    if inner is None:
        return -1
    made: dict[str, Json] = {}
    for member in inner:
        value = member.text()
        made[_shown(member.name)] = _shown(value) if isinstance(value, str) else value
    return state.assign(run, target, text.written(made, ", ", ": "))


def _shown(value: str) -> str:
    return value.encode("latin-1").decode("utf-8", "replace")
