"""The server and its worker: `$pp`, `$version(...)`, constants, and what evaluates other things: `$_s`, `$sel`, `$ccp`."""

from collections.abc import Callable, Sequence

from sroute.exports.fixups import FORMAT, TEXT, Arg, FixupError, Names, Scope, reader
from sroute.exports.variable import Index
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.pv.module import pv
from sroute.modules.pv.selects import parse_select, resolve_select
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.values import Value
from sroute.sip.endpoint import PROTOCOLS

FAMILIES = {"IPv4": 2, "INET": 2, "IPv6": 10, "INET6": 10}
CONSTANTS = {**FAMILIES, **{name.upper(): number for name, number in PROTOCOLS.items()}}


@pv.variable("pp", static="int")
def pp(run: Run) -> Value:
    """The id of the process that handles the message.

    Example: xlog("$pp\\n");
    """
    return run.process.pid


@pv.variables_of("sid", static="int")
def sid(scope: Scope, inner: None, index: Index) -> Read:
    """The global parameter server_id.

    Example: xlog("$sid\\n");
    """
    number = scope.services.cfg("core", "server_id") or 0
    return lambda run: number


@pv.variable("true", static="int")
def true(run: Run) -> Value:
    """1.

    Example: if ($true) xlog("always\\n");
    """
    return 1


@pv.variables_of("K", inner=OneOf(tuple(CONSTANTS)), static="int")
def constant(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The number of an address family (IPv4, IPv6, INET, INET6) or of a protocol (UDP, TCP, TLS, SCTP, WS, WSS).

    Example: if ($prid == $K(UDP)) xlog("UDP\\n");
    """
    number = CONSTANTS[key(inner)]
    return lambda run: number


@pv.variables_of("af", inner=OneOf(("name", "id")))
def af(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The address family that the message came by: `name` is IPv4 or IPv6, `id` 2 or 10.

    Example: xlog("$af(name)\\n");
    """
    if key(inner) == "name":
        return lambda run: "IPv6" if run.message.dst.is_ipv6 else "IPv4"
    return lambda run: 10 if run.message.dst.is_ipv6 else 2


@pv.variables_of("version", inner=OneOf(("num", "full", "hash")))
def version(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The version of Kamailio: num, full, hash.

    Example: xlog("$version(num)\\n");
    """
    number = scope.services.dialect.version
    text = {"num": number, "full": f"kamailio {number} (x86_64/linux) ", "hash": "unknown "}[key(inner)]
    return lambda run: text


@pv.variables_of("ksr", inner=OneOf(("ver", "verval")))
def ksr(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The version of Kamailio: `ver` as text, `verval` as a number.

    Example: if ($ksr(verval) >= 5006000) xlog("$ksr(ver)\\n");
    """
    number = scope.services.dialect.version
    major, minor, patch = (int(part) for part in number.split("."))
    value: Value = number if key(inner) == "ver" else major * 1000000 + minor * 1000 + patch
    return lambda run: value


@pv.variables_of("_s", inner=FORMAT)
def expanded(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """A text in which variables are expanded; null prints `<null>`.

    Example: $var(line) = $_s($rm from $si);
    """
    return reader(inner)


class SelectPath:
    """A select, `via[1].host`; one that does not exist is refused."""

    form = "select"

    def parse(self, text: str, names: Names) -> Sequence[tuple[str, int | str | None]]:
        """Its parts."""
        parts = parse_select(text)
        if parts is None or resolve_select(parts, names) is None:
            raise FixupError(f"Unable to resolve select '{text}'")
        return parts

    def bind(self, parsed: Sequence[tuple[str, int | str | None]], scope: Scope) -> Arg[Value]:
        """Its reader."""
        factory = resolve_select(parsed, scope.names, late=True)
        assert factory is not None
        return factory(scope.services)


@pv.variables_of("sel", inner=SelectPath())
def sel(scope: Scope, inner: Callable[[Run], Value], index: Index) -> Read:
    """The value of a select: `$sel(ruri.user)` is `@ruri.user`; null when there is nothing.

    Example: xlog("$sel(via[1].host) $sel(cfg_get.core.debug)\\n");
    """
    return lambda run: None if (value := inner(run)) == "" else value


# ---------------------------------------------------------------- settings at run time


class SettingName:
    """`group.name` of a runtime setting."""

    form = "group.name"

    def parse(self, text: str, names: Names) -> str:
        """Anything with a dot in it."""
        if "." not in text.strip("."):
            raise FixupError(f"invalid PV ccp key: {text}")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The name."""
        return TEXT.bind(parsed, scope)


@pv.variables_of("ccp", inner=SettingName())
def ccp(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """A setting that may change at run time, like `core.debug`; null for an unknown one.

    Example: $ccp(core.debug) = 3;
    """
    services, name = scope.services, key(inner)
    group, _, field = name.partition(".")

    def read(run: Run) -> Value:
        value = services.cfg(group, field)
        if value is None:
            services.diag("ERROR", f"failed to get the variable [{name}]", "pv", run.at)
        return value

    return read


@ccp.writer
def set_ccp(scope: Scope, inner: Arg[str], index: Index) -> Write:
    """As RPC cfg.set_now_int and cfg.set_now_string do; null is ignored."""
    services, name = scope.services, key(inner)
    group, _, field = name.partition(".")

    def write(run: Run, value: Value) -> None:
        if value is None:
            services.diag("WARNING", "ignoring null asignment", "pv", run.at)
            return
        kind = "str" if isinstance(value, str) else "int"
        if not services.set_cfg(group, field, value):
            raise AssignError(f"failed to set {kind} to the variable: [{name}]")

    return write


# ---------------------------------------------------------------- what other places set


def _of_location(name: str, doc: str, read: Callable[[Run], Value]) -> None:
    read.__doc__ = f'{doc}\n\nExample: xlog("${name}\\n");'
    pv.variable(name)(read)


def _ruid(run: Run) -> Value:
    return run.message.ruid


def _location_ua(run: Run) -> Value:
    return run.message.location_ua


_of_location("ruid", "The record id of the contact that lookup() chose; null before.", _ruid)
_of_location("location_ua", "The User-Agent of the contact that lookup() chose; null before.", _location_ua)


def _of_error(part: str, doc: str) -> None:
    def read(run: Run) -> Value:
        found = run.extra.get("core.error")
        return found.get(part) if isinstance(found, dict) else None

    read.__doc__ = f'{doc} Set in error_route only.\n\nExample: xlog("$(err.{part})\\n");'
    pv.variable(f"err.{part}")(read)


_of_error("class", "The class of the parsing error.")
_of_error("level", "The severity of the error.")
_of_error("info", "What went wrong.")
_of_error("rcode", "The status that a reply should have.")
_of_error("rreason", "The reason that a reply should have.")
