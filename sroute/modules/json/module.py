"""The json module: `{json.parse,path}`, json_get_field() and json_get_string()."""

import re
from collections.abc import Callable

from sroute.exports.fixups import FORMAT, TARGET, PvRef, Scope
from sroute.exports.module import Module
from sroute.exports.transformation import Apply
from sroute.modules.json.text import Json, parse, plain, written
from sroute.modules.offering import ends_script
from sroute.modules.pv.parameters import Parsed, parser, reading, text
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Value, to_str

_INDEX = re.compile(r"([^\[]*)(?:\[\s*([+-]?[0-9]*))?")
_PATH = (text("cannot get parameter value"),)


class Settings:
    """The module of one instance."""

    services: Services


json: Module[Settings] = Module("json", Settings, "Fields of JSON texts by their path.")


def _start(state: Settings, scope: Scope) -> None:
    state.services = scope.services


json.hooks.init.append(_start)


def _said(services: Services, run: Run, source: str) -> Json | None:
    found = parse(source) if source else None
    if found is None:
        services.diag("ERROR", "empty or invalid JSON", "json", run.at)
    return found


def _step(value: Json, segment: str) -> Json | None:
    """The member of an object, and of its array the element in brackets; only one pair of brackets counts."""
    match = _INDEX.match(segment)
    name, index = (match[1], match[2]) if match else (segment, None)
    found = value.get(name) if isinstance(value, dict) else None
    if index is None or found is None or not isinstance(found, list):
        return found
    if not index and "]" in segment[len(name) + 1 : len(name) + 2]:
        return found
    place = int(index) if index.strip("+-") else 0
    return found[place] if 0 <= place < len(found) else None


def at_path(value: Json, path: str) -> Json | None:
    """What a path of names and dots leads to; None when it leads nowhere."""
    found: Json | None = value
    for segment in path.split("."):
        if found is None:
            return None
        found = _step(found, segment)
    return found


@json.transformation("json", "parse", parser(*_PATH), "path")
def json_parse(parsed: Parsed, scope: Scope) -> Apply:
    """What a path such as `a.b[2].c` leads to in a JSON text: strings bare, objects and arrays as JSON; empty when there is nothing.

    Example: xlog("$(rb{json.parse,user.name})\\n");
    """
    services, read_path = scope.services, reading(scope, parsed, _PATH)

    def run_time(run: Run, value: Value) -> Value:
        paths = None if value is None or value is FAILED else read_path(run)
        if paths is None:
            return FAILED
        root = _said(services, run, to_str(value))
        found = None if root is None else at_path(root, to_str(paths[0]))
        return "" if found is None else plain(found)

    return run_time


@json.transformation("json", "parsex", parser(*_PATH), "pointer", since="later")
def json_parsex(parsed: Parsed, scope: Scope) -> Apply:
    """As `{json.parse}` by a pointer such as `/a/b`; elements of arrays are not found.

    Example: xlog("$(rb{json.parsex,/user/name})\\n");
    """
    services, read_path = scope.services, reading(scope, parsed, _PATH)

    def run_time(run: Run, value: Value) -> Value:
        paths = None if value is None or value is FAILED else read_path(run)
        if paths is None:
            return FAILED
        found = _said(services, run, to_str(value))
        for name in to_str(paths[0]).split("/")[1:]:
            found = found.get(name) if isinstance(found, dict) else None
        return "" if found is None else plain(found)

    return run_time


def _field(state: Settings, run: Run, source: str, name: str, target: PvRef, show: Callable[[Json], str]) -> int:
    root = _said(state.services, run, source)
    found = root.get(name) if isinstance(root, dict) else None
    if found is None:
        return -1
    target.set(run, show(found))
    return 1


@json.function("json_get_field", FORMAT, FORMAT, TARGET)
def json_get_field(state: Settings, run: Run, source: str, name: str, target: PvRef) -> int:
    """A member of a JSON object as JSON text, strings with their quotes; -1 without it.

    Example: json_get_field("$rb", "user", "$var(user)");
    """
    return _field(state, run, source, name, target, written)


@json.function("json_get_string", FORMAT, FORMAT, TARGET)
def json_get_string(state: Settings, run: Run, source: str, name: str, target: PvRef) -> int:
    """A member of a JSON object, strings without their quotes; -1 without it.

    Example: json_get_string("$rb", "user", "$var(user)");
    """
    return _field(state, run, source, name, target, plain)


@json.function("bind_json")
def bind_json(state: Settings, run: Run) -> int:
    """What other modules call to use json: not meant for scripts, in which it does nothing and ends the script.

    Example: bind_json();
    """
    return ends_script(state.services, run, "bind_json")
