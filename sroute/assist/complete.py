"""Completion: what may stand at the cursor, from the registry, the script and, where one runs, the instance."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sroute.exports import describe
from sroute.resolve.names import NameTable
from sroute.runtime.routes import Routes
from sroute.runtime.values import Value
from sroute.syntax.parser import Start, expected
from sroute.syntax.words import canonical, terminals

MOST = 400
STARTS: tuple[Start, ...] = ("statements", "expr", "script")
TABLES = frozenset(["sht", "shtex", "shtcn", "shtcv", "shtinc", "shtdec", "shtrecord"])
_TABLE = re.compile(r"\$\(?(\w+)\(([\w\-]*)$")
_KEY = re.compile(r"\$\(?(\w+)\(([\w\-]+)=>([^()\"]*)$")
_INNER = re.compile(r"\$\(?(\w+)\(([\w\-.:]*)$")
_VARIABLE = re.compile(r"\$(\(?)([\w?]*)$")
_TRANSFORMATION = re.compile(r"\$\([^\n]*\{([\w.]*)$")
_ROUTE = re.compile(r"\b(route|t_on_branch|t_on_failure|t_on_reply|t_on_branch_failure)\(\s*\"?([\w\-.:]*)$")
_MODPARAM = re.compile(r"\bmodparamx?\(\s*\"([^\"]*)\"\s*,\s*\"([\w\-]*)$")
_MODULE = re.compile(r"(?:\bmodparamx?\(\s*\"|\bloadmodulex?\s*\(?\s*\")([\w\-]*)$")
_WORD = re.compile(r"(?<![\w$@.])([A-Za-z_]\w*)$")
_ROUTE_KINDS = {
    "route": Routes.REQUEST,
    "t_on_branch": Routes.BRANCH,
    "t_on_failure": Routes.FAILURE,
    "t_on_reply": Routes.ONREPLY,
    "t_on_branch_failure": Routes.EVENT,
}


@dataclass(frozen=True, slots=True)
class Completion:
    """A text that may replace what stands from `start` to the cursor; doc is one line for people."""

    text: str
    start: int
    kind: str
    label: str = ""
    doc: str = ""


def _no_tables() -> dict[str, dict[str, Value]]:
    return {}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What can be named: the names in force, tables with their items, and what is in variables such as `$var(...)`."""

    names: NameTable
    tables: Callable[[], Mapping[str, Mapping[str, Value]]] = _no_tables
    inner: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def complete(text: str, cursor: int, around: Surroundings) -> list[Completion]:
    """What may stand at the cursor, the likely first."""
    before = text[:cursor]
    line = before.rpartition("\n")[2]
    for finder in (_keys, _inners, _transformations, _variables, _route_names, _parameters, _modules):
        found = finder(line, cursor, around)
        if found is not None:
            return found[:MOST]
    if _in_string(line):
        return []
    return _words(before, cursor, around)[:MOST]


def _in_string(line: str) -> bool:
    return line.replace('\\"', "").count('"') % 2 == 1


def first_line(doc: str) -> str:
    """The first line of a documentation text."""
    return doc.strip().split("\n")[0]


def _matching(word: str, names: Iterable[str]) -> list[str]:
    """The names that begin with a word, those in another case behind them, then those that hold it."""
    low = word.lower()
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for name in sorted(names, key=str.lower):
        if name.startswith(word):
            found[0].append(name)
        elif name.lower().startswith(low):
            found[1].append(name)
        elif low in name.lower():
            found[2].append(name)
    return [*found[0], *found[1], *found[2]]


# ---------------------------------------------------------------- inside of variables


def _keys(line: str, cursor: int, around: Surroundings) -> list[Completion] | None:
    match = _KEY.search(line)
    if match is None or match[1] not in TABLES:
        return None
    items = around.tables().get(match[2], {})
    return [Completion(key, cursor - len(match[3]), "key", doc=_shown(items[key])) for key in items if key.startswith(match[3])]


def _shown(value: Value) -> str:
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


def _inners(line: str, cursor: int, around: Surroundings) -> list[Completion] | None:
    match = _INNER.search(line)
    if match is None:
        return None
    start = cursor - len(match[2])
    if match[1] in TABLES:
        made = []
        for name, items in around.tables().items():
            if name.startswith(match[2]):
                made.append(Completion(f"{name}=>", start, "table", name, f"{len(items)} items"))
        return made
    return [Completion(name, start, "name") for name in _matching(match[2], around.inner.get(match[1], ()))]


def _transformations(line: str, cursor: int, around: Surroundings) -> list[Completion] | None:
    match = _TRANSFORMATION.search(line)
    if match is None:
        return None
    found = {}
    for module in reversed(around.names.modules):
        for (family, function), made in module.transformations.items():
            if not made.since or around.names.dialect.newer:
                found[f"{family}.{function}"] = made
    start = cursor - len(match[1])
    completions = []
    for name in _matching(match[1], found):
        known = describe.transformation(found[name])
        completions.append(Completion(name, start, "transformation", known.signature, first_line(known.doc)))
    return completions


def _variables(line: str, cursor: int, around: Surroundings) -> list[Completion] | None:
    match = _VARIABLE.search(line)
    if match is None:
        return None
    found = {}
    for module in reversed(around.names.modules):
        for name, made in module.variables.items():
            if not made.since or around.names.dialect.newer:
                found[name] = made
    start = cursor - len(match[2])
    completions = []
    for name in _matching(match[2], found):
        made = found[name]
        text = f"{name}(" if made.required and not match[1] else name
        completions.append(Completion(text, start, "variable", describe.variable(made).signature, first_line(made.doc)))
    return completions


# ---------------------------------------------------------------- names of the script


def _route_names(line: str, cursor: int, around: Surroundings) -> list[Completion] | None:
    match = _ROUTE.search(line)
    if match is None:
        return None
    names = around.names.routes.get(_ROUTE_KINDS[match[1]], set())
    return [Completion(name, cursor - len(match[2]), "route") for name in _matching(match[2], names)]


def _parameters(line: str, cursor: int, around: Surroundings) -> list[Completion] | None:
    match = _MODPARAM.search(line)
    if match is None:
        return None
    module = next((known for known in around.names.modules if known.name == match[1]), None)
    params = module.params if module else {}
    made = []
    for name in _matching(match[2], params):
        made.append(
            Completion(name, cursor - len(match[2]), "parameter", describe.param(params[name]).signature, first_line(params[name].doc))
        )
    return made


def _modules(line: str, cursor: int, around: Surroundings) -> list[Completion] | None:
    match = _MODULE.search(line)
    if match is None:
        return None
    loaded = {module.name: first_line(module.doc) for module in around.names.modules}
    loading = "loadmodule" in match[0]
    names = around.names.catalog.names() if loading else tuple(loaded)
    start = cursor - len(match[1])
    return [
        Completion(f"{name}.so" if loading else name, start, "module", name, loaded.get(name, "")) for name in _matching(match[1], names)
    ]


# ---------------------------------------------------------------- words


def _words(before: str, cursor: int, around: Surroundings) -> list[Completion]:
    match = _WORD.search(before)
    if match is None:
        return []
    start = cursor - len(match[1])
    dialect = around.names.dialect
    may_follow: set[str] = set()
    for begin in STARTS:
        may_follow |= expected(before[:start], begin, dialect)
    functions = dict(_functions(around.names)) if "ID" in may_follow or not may_follow else {}
    made: dict[str, Completion] = {}
    for name in functions:
        made[name] = Completion(f"{name}(", start, "function", *functions[name])
    core = canonical()
    for name, terminal in terminals(dialect.newer).items():
        if terminal in may_follow and name not in made:
            made[name] = Completion(name, start, "core function" if name in core else "keyword")
    begins = [name for name in _matching(match[1], made) if name.lower().startswith(match[1].lower())]
    inside = [name for name in _matching(match[1], functions) if name not in begins]
    return [made[name] for name in [*begins, *inside]]


def _functions(names: NameTable) -> Iterator[tuple[str, tuple[str, str]]]:
    for module in reversed(names.modules):
        for (name, _), found in module.functions.items():
            if not found.since or names.dialect.newer:
                yield name, (found.signature, first_line(found.doc))
