"""Scripts that make Kamailio's parser show what it takes, and what it said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tools.declare import kamailio

MOST_PARAMETERS = 6
BLOCKS = {
    "request": "request_route",
    "failure": "failure_route[PROBE]",
    "tm_onreply": "onreply_route[PROBE]",
    "branch": "branch_route[PROBE]",
    "onsend": "onsend_route",
    "core_onreply": "reply_route",
}
WRONG_BLOCK = "Command cannot be used in the block"
UNKNOWN = "unknown command, missing loadmodule?"


@dataclass(frozen=True, slots=True)
class Probe:
    """One call in a block of its own; a `None` argument is written as a variable."""

    block: str
    name: str
    arguments: tuple[str | None, ...]

    def lines(self, number: int) -> tuple[str, str, str]:
        """The block, the call alone on the second of its lines."""
        head = BLOCKS[self.block].replace("PROBE", f"P{number}")
        arguments = ", ".join("$var(x)" if a is None else f'"{a}"' for a in self.arguments)
        return f"{head} {{ ;", f"{self.name}({arguments});", "}"


def head(modules: Iterable[str]) -> list[str]:
    """The first lines of a script that loads pv and the modules named."""
    return ["#!KAMAILIO", *(f'loadmodule "{m}.so"' for m in dict.fromkeys(["pv", *modules]))]


def ask(module: str, probes: Iterable[Probe]) -> Iterator[tuple[Probe, str]]:
    """Each probe with the parser's complaint, empty when it was taken."""
    lines, places = head([module]), {}
    for number, probe in enumerate(probes):
        lines += probe.lines(number)
        places[len(lines) - 1] = probe
    _, complaints, log = kamailio.check(lines)
    stray = [at for at in complaints if at not in places]
    if stray:
        raise RuntimeError(f"{module}: the parser complained outside of the probes, line {stray[0]}: {log[-500:]}")
    for at, probe in places.items():
        yield probe, complaints.get(at, "")


def constants(module: str, functions: Iterable[tuple[str, int, str]]) -> frozenset[tuple[str, int]]:
    """The name and arity of those that refuse a variable as argument.  Each function comes with a block where it is allowed."""
    probes = [Probe(block, name, (None,) * arity) for name, arity, block in functions if arity]
    found = set()
    for probe, complaint in ask(module, probes):
        if complaint == f"function {probe.name}: parameter 1 is not constant":
            found.add((probe.name, len(probe.arguments)))
        elif complaint:
            raise RuntimeError(f"{module}: {probe}: {complaint}")
    return frozenset(found)
