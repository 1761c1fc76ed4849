"""What no shared object tells and was found by trying: kinds of arguments, names in brackets, demands of a start. It is carried over."""

from collections.abc import Iterator
from dataclasses import replace

from sroute.modules import declared
from sroute.modules.declared import Declared, FunctionFact, VariableFact


def keep(module: Declared) -> Declared:
    """A module as it was read, with what its present declaration says beyond that."""
    old = declared.load(module.name)
    if old is None:
        return module
    conditional = any(demand.loads and demand.when for demand in old.demands)
    return replace(
        module,
        needs=old.needs if conditional else module.needs,
        functions=tuple(made for fact in module.functions for made in _function(fact, old)),
        variables=tuple(_variable(fact, old) for fact in module.variables),
        demands=old.demands,
    )


def _function(fact: FunctionFact, old: Declared) -> Iterator[FunctionFact]:
    """The function again, split where its forms have other kinds of arguments."""
    kinds = {(known.name, count): known.args[:count] for known in old.functions for count in known.arity}
    by_kinds: dict[tuple[str, ...], list[int]] = {}
    for count in fact.arity:
        by_kinds.setdefault(kinds.get((fact.name, count), ()), []).append(count)
    for args, counts in by_kinds.items():
        yield replace(fact, arity=tuple(counts), args=args)
    if not fact.arity:
        yield fact


def _variable(fact: VariableFact, old: Declared) -> VariableFact:
    names = next((known.names for known in old.variables if known.name == fact.name), ())
    return replace(fact, names=names)
