"""The catalog: simulated modules completed by the facts of the Debian packages, all others from the facts alone."""

import importlib
import importlib.util
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sroute.dialect import DEFAULT, Dialect
from sroute.errors import NotSimulatedError
from sroute.exports.catalog import ExportKind
from sroute.exports.fixups import TEXT, AnyFixup
from sroute.exports.function import Function
from sroute.exports.kinds import OneOf
from sroute.exports.kinds import kind as argument_kind
from sroute.exports.module import EventRoute, Module
from sroute.exports.param import Param, ParamType
from sroute.exports.rpc import Rpc
from sroute.exports.transformation import Apply, Transformation
from sroute.exports.variable import Variable
from sroute.modules import declared
from sroute.modules.core import core as core_module
from sroute.modules.declared import Declared, FunctionFact, VariableFact
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Write

KINDS: dict[ExportKind, declared.Kind] = {
    "function": "functions",
    "variable": "variables",
    "transformation": "transformations",
    "param": "params",
    "event": "event_routes",
}
ROUTES = {
    "any": Routes.ANY,
    "request": Routes.REQUEST,
    "failure": Routes.FAILURE,
    "tm_onreply": Routes.ONREPLY,
    "branch": Routes.BRANCH,
    "onsend": Routes.ONSEND,
    "error": Routes.ERROR,
    "local": Routes.LOCAL,
    "core_onreply": Routes.REPLY,
    "branch_failure": Routes.BRANCH_FAILURE,
    "event": Routes.EVENT,
}


@dataclass(frozen=True, slots=True)
class Catalog:
    """All modules as of a version; implements exports.catalog.Catalog. Modules are loaded when they are asked for."""

    dialect: Dialect = DEFAULT

    def module(self, name: str) -> Module[Any] | None:
        """The module of that name, or None."""
        return _module(name, self.dialect.version)

    def names(self) -> tuple[str, ...]:
        """All module names."""
        return declared.names(self.dialect.version)

    def owners(self, kind: ExportKind, name: str) -> tuple[str, ...]:
        """The modules that export a thing of that name."""
        return declared.offering(KINDS[kind], name)

    def core(self) -> Module[Any]:
        """What the core itself exports."""
        return core_module


@cache
def _module(name: str, version: str) -> Module[Any] | None:
    facts = declared.load(name, version)
    module = simulated(name)
    if facts is None:
        return module
    return _complete(module.copy() if module else Module(name, _Nothing, f"The module {name}: declared, not simulated."), facts)


class _Nothing:
    """The state of a module that is only declared."""


def simulated(name: str) -> Module[Any] | None:
    """The simulation of a module; None when there is none."""
    if not name.isidentifier() or name in ("catalog", "declared") or importlib.util.find_spec(f"sroute.modules.{name}") is None:
        return None
    room = importlib.import_module(f"sroute.modules.{name}")
    return next((found for found in vars(room).values() if isinstance(found, Module) and found.name == name), None)


def _complete(module: Module[Any], facts: Declared) -> Module[Any]:
    """Adds what the facts know and the simulation does not say."""
    for fact in facts.functions:
        for arity in fact.arity:
            known = module.functions.get((fact.name, arity))
            rules = _rules(fact)
            if known is not None:
                module.functions[fact.name, arity] = replace(known, routes=rules, constant=fact.constant)
            else:
                module.functions[fact.name, arity] = _declared_function(fact, arity, module.name, rules)
    _complete_params(module, facts)
    _complete_variables(module, facts)
    for rpc in facts.rpc:
        module.rpcs.setdefault(rpc.name, Rpc(rpc.name, module.name, None, "Declared, not simulated.", array=rpc.array))
    for event in facts.event_routes:
        module.events.setdefault(event.name, EventRoute(event.name, module.name, ""))
    module.demands = facts.demands
    if not module.requires:
        module.requires = tuple("|".join(group) for group in facts.needs)
    return module


def _rules(fact: FunctionFact) -> Routes:
    routes = Routes(0)
    for kind in fact.routes:
        routes |= ROUTES[kind]
    return routes


def _declared_function(fact: FunctionFact, arity: int, module: str, rules: Routes) -> Function:
    since = "" if fact.since == declared.BASELINE else fact.since
    kinds = (*fact.args, *("text",) * arity)[:arity]
    return Function(
        fact.name,
        module,
        tuple(argument_kind(name) for name in kinds),
        tuple(f"p{i + 1}" for i in range(arity)),
        _never_called,
        f"Function of the module {module}; declared, not simulated.",
        rules,
        fact.constant,
        simulated=False,
        since=since,
    )


def _never_called(*args: object) -> int:
    raise AssertionError("a function that is only declared is stopped before its call")


def _complete_params(module: Module[Any], facts: Declared) -> None:
    for fact in facts.params:
        types: list[ParamType] = []
        if fact.takes_number:
            types.append("int")
        if fact.takes_text:
            types.append("str")
        known = module.params.get(fact.name)
        if known is None:
            module.params[fact.name] = Param(fact.name, module.name, tuple(types), "Checked, without effect here.")
        elif not known.types:
            module.params[fact.name] = replace(known, types=tuple(types))


def _complete_variables(module: Module[Any], facts: Declared) -> None:
    for fact in facts.variables:
        module.variables.setdefault(fact.name, _declared_variable(fact, module.name))
    for tr in facts.transformations:
        for member in tr.members:
            module.transformations.setdefault((tr.name, member), _declared_transformation(tr.name, member, module.name))


def _inner(fact: VariableFact) -> AnyFixup | None:
    if fact.names:
        return OneOf(fact.names)
    return TEXT if fact.inner else None


def _declared_variable(fact: VariableFact, module: str) -> Variable:
    def read(scope: object, inner: object, index: object) -> Read:
        return _Unsimulated(f"${fact.name}")

    def write(scope: object, inner: object, index: object) -> Write:
        return _Unsimulated(f"assigning ${fact.name}")

    return Variable(
        fact.name,
        module,
        read,
        f"Variable of the module {module}; declared, not simulated.",
        inner=_inner(fact),
        required=fact.inner,
        index=fact.index,
        since="" if fact.since == declared.BASELINE else fact.since,
        write=write if fact.writable else None,
    )


def _declared_transformation(family: str, member: str, module: str) -> Transformation:
    def parse(text: str | None, names: object) -> str | None:
        return text

    def bind(parsed: object, scope: object) -> Apply:
        return _Unsimulated(f"{{{family}.{member}}}")

    return Transformation(family, member, module, parse, bind, "Declared, not simulated.")


class _Unsimulated:
    """Stands for what is only declared: it says so when it is used."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __call__(self, *args: object) -> None:
        raise NotSimulatedError(f"{self._what} is not simulated")
