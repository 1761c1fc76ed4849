"""Which functions may stand in which block (Kamailio checks the block that a call is written in, not its caller)."""

from sroute.runtime.routes import Routes
from sroute.syntax.nodes import RouteKind

WRITTEN_IN: dict[RouteKind, Routes] = {
    "request": Routes.REQUEST,
    "reply": Routes.REPLY,
    "onreply": Routes.ONREPLY,
    "failure": Routes.FAILURE,
    "branch": Routes.BRANCH,
    "onsend": Routes.ONSEND,
    "event": Routes.REQUEST,
}
"""The mask of the text: a `route[X]` and an event route count as request routes (5.6.3)."""

LOOKUP: dict[RouteKind, Routes] = {**WRITTEN_IN, "event": Routes.EVENT}
"""The name space of a block's name."""

TITLES: dict[RouteKind, str] = {
    "request": "route",
    "reply": "reply_route",
    "onreply": "onreply_route",
    "failure": "failure_route",
    "branch": "branch_route",
    "onsend": "onsend_route",
    "event": "event_route",
}

ONSEND_REFUSED = frozenset(
    (
        *("route", "forward", "forward_udp", "forward_tcp", "forward_tls", "forward_sctp", "sethost", "sethostport", "sethostporttrans"),
        *("setuser", "setuserpass", "setport", "seturi", "prefix", "strip", "strip_tail", "userphone", "revert_uri", "force_rport"),
        *("add_local_rport", "set_advertised_address", "set_advertised_port", "cfg_select", "cfg_reset"),
    )
)
"""Core statements that Kamailio refuses in onsend_route."""
