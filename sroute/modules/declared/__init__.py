"""What every module of Kamailio 5.6.3 offers to a script, simulated here or not: names, arities, types, route kinds.

One JSON file a module, read when the module is first asked for, and `index.json` that finds the modules of a name.
The facts were read out of the shared objects of the Debian packages and tried on their parser.
"""

import json
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from sroute.modules.declared.facts import (
    ANY,
    BASELINE,
    Declared,
    EventRouteFact,
    FunctionFact,
    ParamFact,
    RpcFact,
    TransformationFact,
    VariableFact,
)

__all__ = [
    "ANY",
    "BASELINE",
    "CORE",
    "Declared",
    "EventRouteFact",
    "FunctionFact",
    "Kind",
    "ParamFact",
    "RpcFact",
    "TransformationFact",
    "VariableFact",
    "load",
    "named",
    "names",
    "offering",
]

Kind = Literal["functions", "params", "variables", "transformations", "rpc", "event_routes", "selects"]
CORE = "core"
FOLDER = Path(__file__).parent
Fact = TypeVar("Fact")


def _facts(kind: type[Fact], rows: list[dict[str, object]]) -> tuple[Fact, ...]:
    return tuple(kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}) for row in rows)


@cache
def load(name: str) -> Declared | None:
    """The declaration of a module, by the name `loadmodule` takes without `.so`; None for one that is not known."""
    if name not in _index().get("modules", {}):
        return None
    row = json.loads((FOLDER / f"{name}.json").read_bytes())
    return Declared(
        name=row["name"],
        param_name=row["param_name"],
        package=row["package"],
        needs=tuple(tuple(group) for group in row.get("needs", ())),
        functions=_facts(FunctionFact, row.get("functions", [])),
        params=_facts(ParamFact, row.get("params", [])),
        variables=_facts(VariableFact, row.get("variables", [])),
        transformations=_facts(TransformationFact, row.get("transformations", [])),
        rpc=_facts(RpcFact, row.get("rpc", [])),
        event_routes=_facts(EventRouteFact, row.get("event_routes", [])),
        selects=tuple(row.get("selects", ())),
        since=row.get("since", BASELINE),
    )


@cache
def _index() -> dict[str, dict[str, list[str]]]:
    index: dict[str, dict[str, list[str]]] = json.loads((FOLDER / "index.json").read_bytes())
    return index


@cache
def names() -> tuple[str, ...]:
    """All modules that `loadmodule` finds, sorted; the core's own declaration is not among them."""
    return tuple(sorted(set(_index()["modules"]) - {CORE}))


def offering(kind: Kind, name: str) -> tuple[str, ...]:
    """The modules that have a function, parameter, variable, ... of that name, for `missing loadmodule "textops.so"?`."""
    return tuple(_index()[kind].get(name, ()))


def named(kind: Kind) -> tuple[str, ...]:
    """Every name of a kind over all modules, sorted, for the nearest name to a misspelt one."""
    return tuple(_index()[kind])
