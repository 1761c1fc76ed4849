"""The rr module itself: its parameters and what it keeps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import FixupError
from sroute.exports.module import InitError, Module
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services

ADDED = 1 << 28
"""A bit of a message's internal flags: a Record-Route was added."""
ROUTED = 1 << 29
"""A bit of a message's internal flags: loose_route() has taken an own Route with another one behind it."""


@dataclass(slots=True)
class RecordRoute:
    """The module's parameters."""

    append_fromtag: int = 1
    enable_double_rr: int = 1
    enable_full_lr: int = 0
    add_username: int = 0
    custom_user_avp: str = ""
    force_send_socket: int = 0
    enable_socket_mismatch_warning: int = 1
    ignore_sips: int = 0
    sockname_mode: int = 0
    services: Services | None = None
    custom_user: Read | None = None
    watchers: list[Callable[[Run], None]] = field(default_factory=list)
    """Called with each request for which loose_route() has found an own Route."""

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "rr", run.at)


rr = Module("rr", RecordRoute, "Record-Route and Route: stays in the path of a dialog, and follows the path.")
rr.setting("append_fromtag", "int", doc="Record-Route carries the From tag, so that the direction of later requests can be told (1).")
rr.setting("enable_double_rr", "int", doc="Two Record-Route where the request leaves by another socket: 0 never, 1 then, 2 always (1).")
rr.setting("enable_full_lr", "int", doc="Writes `;lr=on` instead of `;lr` (0).")
rr.setting("add_username", "int", doc="Record-Route carries the user of the Request-URI (0).")
rr.setting("custom_user_avp", "str", doc="With add_username: a variable that holds the user.")
rr.setting("force_send_socket", "int", doc="loose_route() sends by the socket that the own Route names (0).")
rr.setting("enable_socket_mismatch_warning", "int", doc="Warns when the second Route names no own socket (1).")
rr.setting("ignore_sips", "int", doc="Writes sip: even when the Request-URI is sips: (0).")
rr.setting("sockname_mode", "int", doc="Record-Route carries the name of the socket (0).")


def _init(state: RecordRoute, scope: Any) -> None:
    state.services = scope.services
    if not state.custom_user_avp:
        return
    try:
        pv = scope.names.pv(state.custom_user_avp)
    except FixupError:
        raise InitError(f"malformed or non AVP custom_user AVP definition in '{state.custom_user_avp}'") from None
    state.custom_user = scope.read(pv)


rr.hooks.init.append(_init)
