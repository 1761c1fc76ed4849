"""What every module of Kamailio 5.6.3 offers to a script, simulated here or not: names, arities, types, route kinds.

One JSON file a module, read when the module is first asked for, and `index.json` that finds the modules of a name.
The facts were read out of the shared objects of the Debian packages and tried on their parser.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from sroute.exports.demand import Demand
from sroute.modules.declared.facts import (
    ANY,
    BASELINE,
    LATER,
    Declared,
    EventRouteFact,
    FunctionFact,
    ParamFact,
    RpcFact,
    TransformationFact,
    VariableFact,
    in_version,
)

__all__ = [
    "ANY",
    "BASELINE",
    "CORE",
    "LATER",
    "Declared",
    "EventRouteFact",
    "FunctionFact",
    "Kind",
    "ParamFact",
    "RpcFact",
    "TransformationFact",
    "VariableFact",
    "in_version",
    "load",
    "named",
    "names",
    "offering",
]

Kind = Literal["functions", "params", "variables", "transformations", "rpc", "event_routes", "selects"]
CORE = "core"
FOLDER = Path(__file__).parent
Row = dict[str, Any]
Fact = TypeVar("Fact")


@cache
def load(name: str, version: str = BASELINE) -> Declared | None:
    """The declaration of a module as of a version, by the name `loadmodule` takes without `.so`; None when that version has none.

    For versions after 5.6.3 it is what 5.6.3 has, less what is known to be gone, plus the newer names that are known.
    """
    if name not in _index()["modules"]:
        return None
    row: Row = json.loads((FOLDER / f"{name}.json").read_bytes())
    if not _here(row, version):
        return None
    return Declared(
        name=row["name"],
        param_name=row["param_name"],
        package=row["package"],
        needs=tuple(tuple(group) for group in row.get("needs", ())),
        functions=tuple(_settled(fact, version) for fact in _facts(FunctionFact, row, "functions", version)),
        params=_facts(ParamFact, row, "params", version),
        variables=_facts(VariableFact, row, "variables", version),
        transformations=_merged(_facts(TransformationFact, row, "transformations", version)),
        rpc=_facts(RpcFact, row, "rpc", version),
        event_routes=_facts(EventRouteFact, row, "event_routes", version),
        selects=tuple(row.get("selects", ())),
        demands=_facts(Demand, row, "demands", version),
        complete=row.get("complete", True),
        since=row.get("since", BASELINE),
        until=row.get("until", ""),
    )


@cache
def names(version: str = BASELINE) -> tuple[str, ...]:
    """All modules that `loadmodule` finds in a version, sorted; the core's own declaration is not among them."""
    modules = _index()["modules"].items()
    return tuple(name for name, (_, since, until) in modules if name != CORE and in_version(version, since, until))


def offering(kind: Kind, name: str) -> tuple[str, ...]:
    """The modules that have a function, parameter, variable, ... of that name in any version: `missing loadmodule "textops.so"?`."""
    return tuple(_index()[kind].get(name, ()))


def named(kind: Kind) -> tuple[str, ...]:
    """Every name of a kind over all modules and versions, sorted, for the nearest name to a misspelt one."""
    return tuple(_index()[kind])


@cache
def _index() -> dict[str, dict[str, list[str]]]:
    index: dict[str, dict[str, list[str]]] = json.loads((FOLDER / "index.json").read_bytes())
    return index


def _here(row: Row, version: str) -> bool:
    return in_version(version, row.get("since", BASELINE), row.get("until", ""))


def _facts(kind: type[Fact], module: Row, key: str, version: str) -> tuple[Fact, ...]:
    rows = (row for row in module.get(key, ()) if _here(row, version))
    return tuple(kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}) for row in rows)


def _settled(fact: FunctionFact, version: str) -> FunctionFact:
    """The function without the rule of constant arguments where the version has dropped it."""
    dropped = fact.constant and fact.dynamic_since and in_version(version, fact.dynamic_since)
    return replace(fact, constant=False) if dropped else fact


def _merged(facts: tuple[TransformationFact, ...]) -> tuple[TransformationFact, ...]:
    """One fact a class, with the members of all versions that were let in."""
    found: dict[str, TransformationFact] = {}
    for fact in facts:
        old = found.get(fact.name)
        found[fact.name] = replace(old, members=tuple(sorted({*old.members, *fact.members}))) if old else fact
    return tuple(found.values())
