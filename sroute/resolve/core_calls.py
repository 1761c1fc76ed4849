"""The core's own statements: flags, sockets and custom globals that must exist."""

from collections.abc import Mapping
from ipaddress import ip_address

from sroute.exports.variable import Pv
from sroute.resolve.program import Program
from sroute.resolve.types import Report
from sroute.source.diagnostic import Diagnostic
from sroute.source.nearest import did_you_mean
from sroute.source.text import Span
from sroute.syntax.nodes import CoreCall, Expression, Literal, Word

CORE_GROUPS = frozenset(["core", "tcp", "sctp", "kex", "tm", "tls", "registrar", "maxfwd", "dispatcher", "carrierroute", "mtree"])
"""Groups of run-time parameters that the core and modules define themselves."""
WITH_HOST = frozenset(
    ["force_send_socket", "forward", "send"]
    + [f"{name}_{proto}" for name in ("forward", "send") for proto in ("udp", "tcp", "tls", "sctp")]
)
"""Functions whose first argument is a host that is looked up at start."""


def declared(arg: Expression | Word, flags: Mapping[str, int], word: str, report: Report) -> None:
    """A flag name that no `flags` line declares."""
    name = arg.text if isinstance(arg, Word) else arg.value if isinstance(arg, Literal) else None
    if isinstance(name, str) and name not in flags:
        hint = did_you_mean(name, flags) or f"declare it: {word}s {name};"
        report(Diagnostic("PP013", "error", f"{word} {name} is not declared", arg.span, hint))


def listened(node: CoreCall, program: Program) -> None:
    """force_send_socket() on a socket that the script does not listen on."""
    arg = node.args[0]
    text = arg.text if isinstance(arg, Word) else str(arg.value) if isinstance(arg, Literal) else ""
    proto, host, port = socket_parts(text)
    default = program.settings.integer("port", 5060)
    known = {
        (spec_proto, name.strip("[]"), spec.port or default)
        for listen in program.settings.listen
        for spec in listen.sockets
        for name in spec.hosts
        for spec_proto in ((spec.proto,) if spec.proto else ("udp", "tcp"))
    }
    here = any(k[1] == host and k[2] == (port or default) and proto in (None, k[0]) for k in known)
    if not here and (known or (port or default) != default):
        text = f"bad force_send_socket argument: {host}:{port or default} (Kamailio does not listen on it)"
        program.diagnostics.append(Diagnostic("MD026", "error", text, arg.span, "add a listen line"))


def one_host(node: CoreCall, report: Report) -> None:
    """A host in quotes is one name: with a protocol or a port in it nothing is found."""
    arg = node.args[0] if node.args else None
    quoted = isinstance(arg, Word) and arg.text.startswith('"')
    host = arg.text.strip('"') if isinstance(arg, Word) and quoted else arg.value if isinstance(arg, Literal) else None
    if arg is not None and isinstance(host, str) and ":" in host and not _is_ipv6(host):
        hint = "without quotes the port is a part of its own"
        report(Diagnostic("MD026", "error", f'{node.name}: could not resolve hostname: "{host}"', arg.span, hint))


def _is_ipv6(text: str) -> bool:
    try:
        return ip_address(text.strip("[]")).version == 6
    except ValueError:
        return False


def known_group(node: CoreCall, program: Program) -> None:
    """cfg_select() and cfg_reset() of a group that nothing defines."""
    arg = node.args[0]
    group = arg.value if isinstance(arg, Literal) else None
    own = {name for name, _ in program.settings.custom} | {name for name, _ in program.settings.instances}
    if isinstance(group, str) and group not in CORE_GROUPS | own and all(module.name != group for module in program.modules):
        text = f'configuration group "{group}" not found'
        program.diagnostics.append(Diagnostic("PV003", "error", text, arg.span, did_you_mean(group, own)))


def socket_parts(text: str) -> tuple[str | None, str, int]:
    """Protocol (None: any), host and port (0: none) of `[proto:]host[:port]`."""
    head, colon, rest = text.partition(":")
    proto = head.lower() if colon and head.lower() in ("udp", "tcp", "tls", "sctp") else None
    address = rest if proto else text
    if address.startswith("["):
        host, _, port = address[1:].partition("]")
        port = port.removeprefix(":")
    else:
        host, _, port = address.partition(":")
    return proto, host, int(port) if port.isdigit() else 0


def early_shv(pv: Pv, span: Span, program: Program) -> None:
    """`$shv` in code before any modparam: 5.6.3 has no shared memory yet and refuses it."""
    if pv.variable.name == "shv" and not program.params and not program.dialect.newer:
        text = "shm not initialized - cannot define shm now"
        hint = "Kamailio 5.6.3 makes its shared memory at the first modparam: put one before this line"
        program.diagnostics.append(Diagnostic("SY022", "error", text, span, hint))


def known_field(path: str, span: Span, program: Program) -> None:
    """`cfg_get.group.field` of a custom global that is not there."""
    parts = path.split(".")
    if len(parts) != 3 or parts[0] != "cfg_get":
        return
    group, field = parts[1], parts[2]
    custom = program.settings.custom
    if (group, field) in custom or group in CORE_GROUPS or any(module.name == group for module in program.modules):
        return
    fields = [name for known, name in custom if known == group]
    program.diagnostics.append(Diagnostic("PV003", "error", f"unknown variable: {group}.{field}", span, did_you_mean(field, fields)))
