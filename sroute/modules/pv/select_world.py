"""Selects of what is around the message: `@src.ip`, `@received.proto`, `@sys.now`, `@cfg_get.core.debug`."""

import time
from collections.abc import Callable

from sroute.exports.select import Factory, Family, Parts
from sroute.modules.pv.select_types import always
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value
from sroute.sip.endpoint import Endpoint

ENDPOINT_PARTS: dict[str, Callable[[Endpoint], str]] = {
    "ip": lambda end: end.ip,
    "port": lambda end: str(end.port),
    "ip_port": lambda end: f"{end.host}:{end.port}",
    "proto": lambda end: end.proto,
    "proto_ip_port": str,
}


def _endpoint(end: Callable[[Run], Endpoint], keys: tuple[str, ...]) -> Family:
    def family(index: int | str | None, rest: Parts) -> Factory | None:
        if index is not None or len(rest) != 1 or rest[0][0] not in keys:
            return None
        part = ENDPOINT_PARTS[rest[0][0]]
        return always(lambda run: part(end(run)))

    return family


_PLAIN = ("ip", "port", "ip_port")
source = _endpoint(lambda run: run.message.src, _PLAIN)
destination = _endpoint(lambda run: run.message.dst, _PLAIN)
received = _endpoint(lambda run: run.message.dst, (*_PLAIN, "proto", "proto_ip_port"))


def system(index: int | str | None, rest: Parts) -> Factory | None:
    """`@sys.pid`, unique, now (also now.local, now.gmt, now.utc with a format), server_id."""
    if not rest:
        return None
    name = rest[0][0]
    if name == "now":
        return _now(rest[1:])
    if len(rest) > 1:
        return None
    if name == "pid":
        return always(lambda run: str(run.process.pid))
    if name == "server_id":
        return lambda services: lambda run: str(services.cfg("core", "server_id") or 0)
    return _unique if name == "unique" else None


def _unique(services: Services) -> Read:
    return lambda run: f"{run.process.pid:x}-{int(services.clock.now()):x}-{services.random.getrandbits(32):x}"


def _now(rest: Parts) -> Factory | None:
    if not rest:
        return lambda services: lambda run: str(int(services.clock.now()))
    zone, form = rest[0]
    if zone not in ("local", "gmt", "utc") or len(rest) > 1 or isinstance(form, int):
        return None
    convert = time.localtime if zone == "local" else time.gmtime

    def factory(services: Services) -> Read:
        def read(run: Run) -> Value:
            moment = convert(services.clock.now())
            return time.asctime(moment) if form is None else time.strftime(form, moment)

        return read

    return factory


def settings(index: int | str | None, rest: Parts) -> Factory | None:
    """`@cfg_get.group.name`: a custom global, or one of the core."""
    if index is not None or len(rest) != 2:
        return None
    group, name = rest[0][0], rest[1][0]

    def factory(services: Services) -> Read:
        def read(run: Run) -> Value:
            value = services.cfg(group, name)
            return None if value is None else str(value)

        return read

    return factory
