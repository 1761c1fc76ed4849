"""The commands stats.*, which the kex module offers: statistics by name, by group (`core:`) or all of them."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sroute.exports.fixups import Scope
from sroute.exports.module import Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.runtime.counters import Counter, Counters
from sroute.runtime.services import Services

S = TypeVar("S")
_TOO_LONG = -9223372036854776
"""What kamcmd makes of a number beyond 63 bits."""


def _chosen(counters: Counters, arguments: Sequence[Any]) -> Iterator[Counter]:
    if not arguments:
        raise RpcFault(400, "Please provide which stats to retrieve")
    for argument in map(str, arguments):
        if argument == "all":
            for group in counters.groups():
                yield from counters.group(group)
        elif argument.endswith(":"):
            yield from counters.group(argument[:-1])
        elif (found := counters.find(argument)) is not None:
            yield found


def _line(found: Counter) -> str:
    return f"{found.group}:{found.name} = {found.unsigned}"


def declare(module: Module[S]) -> None:
    """Adds the commands, and the counters of the core, to a module."""

    @module.hooks.init.append
    def begin(state: S, scope: Scope) -> None:
        scope.services.counters.begin_core()

    @module.rpc("stats.get_statistics", "all | group: | name ...", array=True)
    def get_statistics(state: S, services: Services, arguments: Sequence[Any]) -> RpcValue:
        """Shows statistics, one a line."""
        return [_line(found) for found in _chosen(services.counters, arguments)]

    @module.rpc("stats.fetch", "all | group: | name ...")
    def fetch(state: S, services: Services, arguments: Sequence[Any]) -> RpcValue:
        """Shows statistics as members of a structure, as text."""
        return _structure([(found, str(found.unsigned)) for found in _chosen(services.counters, arguments)])

    @module.rpc("stats.fetchn", "all | group: | name ...")
    def fetchn(state: S, services: Services, arguments: Sequence[Any]) -> RpcValue:
        """Shows statistics as members of a structure, as numbers."""
        return _structure([(found, found.value if found.value >= 0 else _TOO_LONG) for found in _chosen(services.counters, arguments)])

    @module.rpc("stats.reset_statistics", "all | group: | name ...")
    def reset(state: S, services: Services, arguments: Sequence[Any]) -> RpcValue:
        """Sets statistics to 0."""
        for found in list(_chosen(services.counters, arguments)):
            found.reset()
        return None

    @module.rpc("stats.clear_statistics", "all | group: | name ...")
    def clear(state: S, services: Services, arguments: Sequence[Any]) -> RpcValue:
        """Sets statistics to 0 and shows them, with what they were before."""
        lines: list[RpcValue] = []
        for found in list(_chosen(services.counters, arguments)):
            before = found.unsigned
            found.reset()
            lines.append(_line(found) + (f" ({before})" if before != found.unsigned else ""))
        return lines


def _structure(members: Sequence[tuple[Counter, int | str]]) -> RpcValue:
    return {f"{found.group}.{found.name}": value for found, value in members}
