"""From export tables to declarations."""

from collections import defaultdict
from pathlib import Path

from sroute.modules.declared import CORE
from sroute.modules.declared.facts import ANY, Declared, EventRouteFact, FunctionFact, ParamFact, RpcFact, TransformationFact, VariableFact
from tools.declare import elf, events, prove, tables, transformations

ROUTES = ("request", "failure", "tm_onreply", "branch", "onsend", "error", "local", "core_onreply", "branch_failure", "event")
ALL_ROUTES = 0xFFFFFFFF
TYPES = {1: "string", 2: "int", 4: "str"}


def declare(path: Path, image: elf.Image, package: str) -> Declared:
    """The declaration of the module in a shared object, its arguments' rules asked from the parser."""
    found = tables.read(image, path.stem)
    return Declared(
        name=path.stem,
        param_name=found.name,
        package=package,
        functions=_functions(path.stem, found.functions),
        params=_params(found.params),
        variables=tuple(sorted((VariableFact(v.name, v.setter, v.inner, v.index) for v in found.variables), key=lambda v: v.name)),
        transformations=tuple(TransformationFact(c, transformations.members(image, path.stem, c)) for c in sorted(found.classes)),
        rpc=_rpc(found.methods),
        event_routes=tuple(EventRouteFact(name) for name in events.read(image, path.stem)),
        selects=tuple(sorted(found.selects)),
    )


def core(path: Path) -> Declared:
    """What the server itself offers as RPC; its variables and parameters are declared where they are simulated."""
    return Declared(CORE, CORE, "kamailio", rpc=_rpc(tables.methods(elf.Image(path))))


def _rpc(rows: tuple[tables.ExportedMethod, ...]) -> tuple[RpcFact, ...]:
    return tuple(RpcFact(row.name, bool(row.flags & 1)) for row in sorted(set(rows), key=lambda row: row.name))


def routes(mask: int) -> tuple[str, ...]:
    """The names of the route kinds in a mask."""
    return (ANY,) if mask == ALL_ROUTES else tuple(name for bit, name in enumerate(ROUTES) if mask >> bit & 1)


def _functions(module: str, rows: tuple[tables.ExportedFunction, ...]) -> tuple[FunctionFact, ...]:
    counted = [(row, arity) for row in rows for arity in _arities(row)]
    fixed = prove.constants(module, [(row.name, arity, _block(row)) for row, arity in counted]) if rows else frozenset()
    groups: dict[tuple[str, tuple[str, ...], bool], list[int]] = defaultdict(list)
    for row, arity in counted:
        groups[row.name, routes(row.routes), (row.name, arity) in fixed].append(arity)
    facts = [FunctionFact(name, tuple(sorted(counts)), kinds, constant) for (name, kinds, constant), counts in groups.items()]
    return tuple(sorted(facts, key=lambda f: (f.name, f.arity)))


def _arities(row: tables.ExportedFunction) -> range | tuple[int]:
    return range(prove.MOST_PARAMETERS + 1) if row.arity == tables.VARIABLE_ARITY else (row.arity,)


def _block(row: tables.ExportedFunction) -> str:
    kinds = routes(row.routes)
    return next(block for block in prove.BLOCKS if kinds == (ANY,) or block in kinds)


def _params(rows: tuple[tables.ExportedParam, ...]) -> tuple[ParamFact, ...]:
    kinds: dict[str, set[str]] = defaultdict(set)
    calls: set[str] = set()
    for row in rows:
        kinds[row.name] |= {name for bit, name in TYPES.items() if row.kind & bit}
        calls |= {row.name} if row.call else set()
    return tuple(ParamFact(name, tuple(sorted(types)), name in calls) for name, types in sorted(kinds.items()))
