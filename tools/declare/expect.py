"""What the declaration of a module says that Kamailio's parser will take and refuse."""

import re
from collections.abc import Iterator

from sroute.modules.declared.facts import Declared, FunctionFact, VariableFact
from tools.declare import kamailio, prove
from tools.declare.prove import BLOCKS, MOST_PARAMETERS, UNKNOWN, WRONG_BLOCK, Probe

NOT_FOUND = re.compile(r"parameter <([^>]*)> of type <\d:(\w+)> not found in module")
VALUES = {"int": "1", "string": '"1"'}


def calls(module: Declared) -> Iterator[tuple[Probe, str]]:
    """Calls with every arity in every kind of block, with text and with variables, each with the parser's complaint."""
    for function in module.functions:
        for arity in function.arity:
            yield from _in_blocks(function, arity)
    names = {f.name for f in module.functions}
    known = {(f.name, arity): f for f in module.functions for arity in f.arity}
    for name in sorted(names):
        missing = [arity for arity in range(MOST_PARAMETERS + 1) if (name, arity) not in known]
        yield from ((Probe("request", name, ("1",) * arity), UNKNOWN) for arity in missing)


def _in_blocks(function: FunctionFact, arity: int) -> Iterator[tuple[Probe, str]]:
    for block in BLOCKS:
        yield Probe(block, function.name, ("1",) * arity), "" if function.allowed_in(block) else WRONG_BLOCK
    allowed = next(block for block in BLOCKS if function.allowed_in(block))
    for place in range(arity):
        complaint = f"function {function.name}: parameter {place + 1} is not constant" if function.constant else ""
        yield Probe(allowed, function.name, tuple(None if i == place else "1" for i in range(arity))), complaint


def wrong_calls(module: Declared) -> list[str]:
    """Where the parser disagrees about functions."""
    expected = dict(calls(module))
    heard = dict(prove.ask(module.name, expected))
    wrong = (probe for probe in expected if heard[probe] != expected[probe])
    return [f"{probe}: {heard[probe] or 'taken'}, not {expected[probe] or 'taken'}" for probe in wrong]


def wrong_params(module: Declared) -> list[str]:
    """Where the server disagrees about parameters and their types; a value that is refused for what it says is no disagreement."""
    lines = [*prove.head([module.name])]
    declared = {(p.name, kind) for p in module.params for kind in VALUES if (p.takes_text if kind == "string" else p.takes_number)}
    asked = {(name, kind) for name in (*(p.name for p in module.params), "no_such_parameter") for kind in VALUES}
    lines += [f'modparam("{module.param_name}", "{name}", {VALUES[kind]})' for name, kind in sorted(asked)]
    _, _, log = kamailio.check(lines)
    missing = set(NOT_FOUND.findall(log))
    return sorted(f"{name} as {kind}" for name, kind in (asked - missing) ^ declared)


def forms(variable: VariableFact) -> Iterator[tuple[str, bool]]:
    """Ways to write a variable in a statement, each with whether the parser takes it; inner names are not judged here."""
    if variable.inner:
        yield f"$var(y) = $({variable.name});", False
        return
    yield f"$var(y) = $({variable.name});", True
    yield f"$var(y) = $({variable.name}(a));", False
    yield f"$var(y) = $({variable.name}[0]);", variable.index
    yield f"$({variable.name}) = 1;", variable.writable


def wrong_variables(module: Declared, *, every_refusal: bool) -> list[str]:
    """Where the parser disagrees about variables.  It stops at the first it does not know, so each refusal takes a run of its own."""
    written = [form for variable in module.variables for form in forms(variable)]
    taken = [text for text, good in written if good]
    refused = [text for text, good in written if not good]
    wrong = [] if not taken or _takes(module, *taken) else [f"refused: one of {taken}"]
    return wrong + [f"taken: {text}" for text in (refused if every_refusal else refused[:1]) if _takes(module, text)]


def _takes(module: Declared, *statements: str) -> bool:
    return kamailio.check([*prove.head([module.name]), "request_route {", *statements, "}"])[0]
