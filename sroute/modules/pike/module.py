"""The pike module: parameters, functions, RPC, and the timers of the tree."""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import FORMAT
from sroute.exports.module import Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.pike.tree import Node, Tree
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.timers import Timer

_LEVELS = ("ALERT", "BUG", "CRITICAL", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z")


@dataclass(slots=True)
class Pike:
    """The module's parameters, and the tree of what came."""

    pike_log_level: int = 0
    remove_latency: int = 120
    reqs_density_per_unit: int = 30
    sampling_time_unit: int = 2
    services: Services | None = None
    tree: Tree | None = None
    swapping: Timer | None = None
    forgetting: Timer | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    @property
    def seen(self) -> Tree:
        """The tree."""
        assert self.tree is not None
        return self.tree

    @property
    def tick(self) -> int:
        """Whole seconds since the start."""
        return int(self.instance.clock.uptime())

    def say(self, text: str, run: Run | None = None) -> None:
        """What the module logs of addresses."""
        if -5 <= self.pike_log_level <= 3:
            self.instance.diag(_LEVELS[self.pike_log_level + 5], f"PIKE - {text}", "pike", run.at if run is not None else None)

    def check(self, run: Run, address: bytes) -> int:
        """Counts a request: 1, -2 when its address is blocked from now on, -1 when it is blocked already."""
        node, is_new = self.seen.mark(address, self.tick)
        self._arm()
        if is_new:
            self.instance.counters.register("pike", "blocked_ips").value += 1
            self.say(f"BLOCKing ip {_text(address)}, node={_text(address)}", run)
            return -2
        return -1 if node.is_red and node.is_leaf and len(node.address) == len(address) else 1

    def _arm(self) -> None:
        """Sets the timers that are not running."""
        timers, uptime = self.instance.timers, self.instance.clock.uptime()
        unit = self.sampling_time_unit
        if self.swapping is None and unit > 0:
            self.swapping = timers.after(unit - uptime % unit, self._swap)
        if self.forgetting is None and self.seen.waiting:
            first = min(node.expires for node in self.seen.waiting)
            self.forgetting = timers.after(max(first - uptime, 0.0), self._forget)

    def _swap(self) -> None:
        self.swapping = None
        tree, is_left = self.seen, False
        for node in tree:
            is_left |= node.swap()
            if node.is_red and not tree.is_hot(node):
                node.is_red = False
                self.say(f"UNBLOCKing node {_text(node.address)}")
        if is_left:
            self._arm()

    def _forget(self) -> None:
        self.forgetting = None
        self.seen.forget(self.tick)
        if self.seen.waiting:
            self._arm()


def _text(address: bytes) -> str:
    family = {4: socket.AF_INET, 16: socket.AF_INET6}.get(len(address))
    return socket.inet_ntop(family, address) if family is not None else address.hex(":")


pike = Module("pike", Pike, "Counts requests by source address and tells which addresses send too many.")
pike.setting("pike_log_level", "int", doc="The level at which blocked and unblocked addresses are logged, -5 to 3 (0).")
pike.setting("remove_latency", "int", doc="Seconds after which an address that sends nothing is forgotten (120).")
pike.setting("reqs_density_per_unit", "int", doc="How many requests in a sampling period block an address (30).")
pike.setting("sampling_time_unit", "int", doc="Seconds of a sampling period (2).")


def _init(state: Pike, scope: Any) -> None:
    state.services = scope.services
    scope.services.counters.register("pike", "blocked_ips")
    state.tree = Tree(state.reqs_density_per_unit, state.remove_latency)


pike.hooks.init.append(_init)


@pike.function("pike_check_req")
def pike_check_req(state: Pike, run: Run) -> int:
    """Counts the request for its source address; -2 when it is blocked from now on, -1 when it is blocked already.

    An address gets known byte by byte, so that it is blocked somewhat later than at `reqs_density_per_unit` requests.

    Example: if (!pike_check_req()) { exit; }
    """
    source = run.message.src
    return state.check(run, socket.inet_pton(socket.AF_INET6 if source.is_ipv6 else socket.AF_INET, source.ip))


@pike.function("pike_check_ip", FORMAT)
def pike_check_ip(state: Pike, run: Run, ip: str) -> int:
    """As pike_check_req() with an IPv4 address of the script.

    Example: if (!pike_check_ip("$(hdr(X-Real-IP))")) { exit; }
    """
    if not ip:
        return -1
    if not _IPV4.match(ip) or max(map(int, ip.split("."))) > 255:
        state.instance.diag("ERROR", f"failed to parse ip address: {ip}", "pike", run.at)
        return -1
    return state.check(run, bytes(map(int, ip.split("."))))


def _row(state: Pike, node: Node) -> dict[str, RpcValue]:
    tree = state.seen
    return {
        "ip_addr": _text(node.address),
        "leaf_hits_prev": node.leaf_before,
        "leaf_hits_curr": node.leaf_now,
        "expires": node.expires - state.tick,
        "status": "HOT" if tree.is_hot(node) else "WARM" if tree.is_warm(node) else "",
    }


@pike.rpc("pike.top", "ALL|HOT|WARM")
def top(state: Pike, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """The addresses that send too much (HOT), or all of them; WARM gives none in 5.6.3."""
    wanted = str(arguments[0]) if arguments else "HOT"
    option = next((each for each in ("ALL", "HOT", "WARM") if each in wanted), None)
    if option is None:
        raise RpcFault(500, "Bad argument. Select: ALL, HOT or WARM")
    tree = state.seen
    leaves = [node for node in tree if node.is_leaf and (option == "ALL" or (option == "HOT" and tree.is_hot(node)))]
    rows: list[RpcValue] = [_row(state, node) for node in reversed(leaves)]
    return {"max_hits": tree.limit, "list": rows, "number_of_rows": len(rows)}


@pike.rpc("pike.list", "ALL|HOT|WARM")
def list_(state: Pike, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """As pike.top."""
    return top(state, services, arguments)
