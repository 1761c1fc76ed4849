"""What a module may ask of the instance that it runs in."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Protocol

from sroute.dialect import Dialect
from sroute.runtime.actions import ActionWatch
from sroute.runtime.clock import VirtualClock
from sroute.runtime.counters import Counters
from sroute.runtime.routes import Routes
from sroute.runtime.run import Process, Run
from sroute.runtime.sockets import Socket, Sockets
from sroute.runtime.timers import Timers
from sroute.runtime.world import World
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message
from sroute.source.text import Span

LEVELS = ("ALERT", "BUG", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
"""Log levels, most urgent first: -5 (ALERT) to 3 (DEBUG), ERROR is -1."""


class Services(Protocol):
    """The instance as modules see it."""

    dialect: Dialect
    clock: VirtualClock
    timers: Timers
    random: Random
    sockets: Sockets
    debug: int
    """The log level; `log` drops what is above."""
    world: World
    documented: bool
    """RPC answers and array loading as the original documents show them (--documented)."""
    counters: Counters
    databases: dict[str, object]
    """What sroute.db.databases has opened for this instance, by URL."""
    levels: dict[str, int]
    """Log levels of modules that have one of their own (`core` is one)."""
    actions: list[ActionWatch]
    """Modules that watch each action; they join in their init."""

    def log(self, level: str, text: str, run: Run | None, source: str = "core") -> None:
        """Output of the script: text as Kamailio prints it, without its prefix; dropped above `debug`."""

    def diag(self, level: str, text: str, source: str = "core", span: Span | None = None) -> None:
        """What Kamailio itself says while it runs; source is `core` or a module. Dropped above `debug`."""

    def restart_numbers(self) -> None:
        """The next message is the first one again for `$mi`."""

    def note(self, text: str, span: Span | None = None) -> None:
        """sroute's own remark on what this Kamailio version does; the same remark at one place is made once."""

    def send(self, text: str, source: Endpoint, destination: Endpoint) -> None:
        """A message leaves."""

    def run_onsend(self, run: Run, text: str, source: Endpoint, destination: Endpoint) -> bool:
        """Runs onsend_route for a message that is about to leave; False when it is dropped. True without such a route."""

    def forward(self, run: Run, host: str, port: int | str, proto: str) -> int:
        """Core forward(): stateless; host "" is the URI's own target, `uri:host` and `uri:port` name its parts. 1 or -1."""

    def forward_reply(self, run: Run) -> bool:
        """Sends a reply on by its second Via; False when there is none or it leads nowhere."""

    def route_socket(self, run: Run, destination: Endpoint) -> Socket | None:
        """The socket from which a message goes to a destination (force_send_socket, or the first of its protocol)."""

    def is_myself(self, host: str, port: int, proto: str) -> bool:
        """Kamailio's check_self with what modules add to it; port 0 and proto "" match any."""

    def add_self_check(self, check: Callable[[str, int, str], bool]) -> None:
        """A module adds a check to is_myself (domain's register_myself)."""

    def cfg(self, group: str, field: str) -> int | str | None:
        """A custom global, or one of `core`; None when there is none."""

    def set_cfg(self, group: str, field: str, value: int | str) -> bool:
        """Changes a custom global, or one of `core`, to a value of its type; False when there is none, or it does not fit."""

    def cfg_fields(self) -> Mapping[tuple[str, str], str]:
        """The custom globals of the script, by group and field: what their `desc` says."""

    def cfg_select(self, group: str, instance: int | None) -> int:
        """Chooses the instance of a group of custom globals, None goes back to the first: 1, or -1 when it is missing."""

    def state(self, module: str) -> object:
        """The state of a loaded module.

        Raises KeyError when the module is not loaded.
        """

    def loaded(self, module: str) -> bool:
        """Whether the script loads that module."""

    def has_route(self, kind: Routes, name: str) -> bool:
        """Whether the script has that block (Routes.EVENT: an event_route)."""

    def run_route(self, kind: Routes, name: str, run: Run, acting: Routes | None = None) -> int:
        """Runs a block in a run that exists: its code. run.flow tells how it left; RETURN is taken back to NEXT.

        acting is the kind that functions in the block see, where that is another one.
        """

    def run_event(self, name: str, message: Message | None = None, prepare: Callable[[Run], None] | None = None) -> Run | None:
        """Runs an event route in a run of its own (a faked OPTIONS without a message); None when the script has none."""

    def run_named(self, name: str, process: Process, message: Message | None = None) -> Run | None:
        """Runs `route[name]` in a run of its own, with a faked OPTIONS, in that process; None when the script has none."""

    def run_kemi(self, function: str, event: str) -> Run | None:
        """Calls an event callback of the KEMI file in a run of its own; None when no file was given."""

    def call_kemi(self, function: str, args: tuple[str, ...], run: Run) -> int | None:
        """Calls a function of the KEMI file in a run that exists: its code; None when no file was given."""

    def process(self) -> Process:
        """The worker that runs."""

    def resolve(self, host: str) -> str | None:
        """The address of a host name: an IP itself, a name that the instance was told; else None."""

    def rpc(self, command: str, args: Sequence[object]) -> object:
        """Calls an RPC command.

        Raises sroute.exports.rpc.RpcFault.
        """
