"""SRV and NAPTR records: sroute asks no DNS, so there are none."""

import re
from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index
from sroute.modules.ipops.module import IpOps, ipops
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value

NO_NAME, NO_CONTAINER = -2, -3
SRV = ("port", "priority", "target", "weight")
NAPTR = ("order", "pref", "flags", "services", "regex", "replace")


@dataclass(frozen=True, slots=True)
class Field:
    """`container=>count`, `container=>part[index]`."""

    variable: str
    parts: tuple[str, ...]
    form: str = "container=>part[index]"

    def parse(self, text: str, names: Names) -> tuple[str, str]:
        """Container and part."""
        found = re.fullmatch(rf"\s*([^=\s]+)\s*=>\s*(?:(count)|({'|'.join(self.parts)})\[(\$.+|[^-\]]*)\])", text)
        if found is None:
            raise FixupError(f"error at PV {self.variable}: {text}")
        if found[4] and found[4].startswith("$"):
            names.pv(found[4])
        return found[1], found[2] or found[3]

    def bind(self, parsed: tuple[str, str], scope: Scope) -> Arg[tuple[str, str]]:
        """The same; the script knows the container from now on."""
        state = scope.services.state("ipops")
        assert isinstance(state, IpOps)
        state.containers.setdefault(self.variable, set()).add(parsed[0])
        return Constant(parsed)


def _variable(name: str, parts: tuple[str, ...], doc: str, example: str) -> None:
    def factory(scope: Scope, inner: Constant[tuple[str, str]], index: Index) -> Read:
        value: Value = 0 if inner.value[1] == "count" else None
        return lambda run: value

    factory.__doc__ = f"{doc}\n\nExample: {example}"
    ipops.variables_of(name, inner=Field(name, parts))(factory)


_variable(
    "srvquery",
    SRV,
    "What srv_query() has found: `count`, and `port`, `priority`, `target`, `weight` by index; nothing in sroute.",
    'srv_query("_sip._udp.example.com", "x"); xlog("$srvquery(x=>count) $srvquery(x=>target[0])\\n");',
)
_variable(
    "naptrquery",
    NAPTR,
    "What naptr_query() has found: `count`, and `order`, `pref`, `flags`, `services`, `regex`, `replace` by index; nothing in sroute.",
    'naptr_query("example.com", "x"); xlog("$naptrquery(x=>count) $naptrquery(x=>replace[0])\\n");',
)


def _ask(state: IpOps, run: Run, variable: str, name: str, container: str) -> int:
    if not name:
        return NO_NAME
    if container not in state.containers.get(variable, ()):
        return NO_CONTAINER
    state.instance.note(f"{variable.removesuffix('query')}_query(): sroute asks no DNS and finds no records", run.at)
    return 1


@ipops.function("srv_query", FORMAT, FORMAT)
def srv_query(state: IpOps, run: Run, name: str, container: str) -> int:
    """Looks up SRV records for `$srvquery(container=>...)`; true also without any. sroute asks no DNS: it finds none.

    -2 without a name, -3 for a container that no variable of the script reads.

    Example: if (srv_query("_sip._udp.example.com", "x")) xlog("$srvquery(x=>count)\\n");
    """
    return _ask(state, run, "srvquery", name, container)


@ipops.function("naptr_query", FORMAT, FORMAT)
def naptr_query(state: IpOps, run: Run, domain: str, container: str) -> int:
    """Looks up NAPTR records for `$naptrquery(container=>...)`; true also without any. Codes as srv_query().

    sroute asks no DNS: it finds none.

    Example: if (naptr_query("example.com", "x")) xlog("$naptrquery(x=>count)\\n");
    """
    return _ask(state, run, "naptrquery", domain, container)
