"""SE011."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.callgraph import key_of
from sroute.syntax.nodes import Call, CoreCondition, Route, Variable
from sroute.syntax.walk import below

_OPEN = re.compile(r"(?:tcp|udp):(?!127\.|localhost|\[::1\])")
DISPATCH = frozenset(["jsonrpc_dispatch", "dispatch_rpc", "xhttp_pi_dispatch"])
CHECKS = frozenset(
    ["allow_source_address", "allow_address", "www_authenticate", "pv_www_authenticate", "is_in_subnet", "allow_trusted", "auth_check"]
)


class ControlInterfaceExposed(ScriptRule):
    """Anybody on the network can control the server.

    RPC commands show and change everything. A socket of ctl or jsonrpcs on an address that is not the loopback one, or an HTTP
    dispatcher without a test of the sender, is open to all who reach it.
    """

    code = "SE011"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "ctl.so"\nmodparam("ctl", "binrpc", "tcp:0.0.0.0:2046")\nrequest_route { exit; }',
            ('modparam("ctl", "binrpc", "tcp:0.0.0.0:2046")',),
        ),
        Bad("event_route[xhttp:request] { jsonrpc_dispatch(); }", ("jsonrpc_dispatch()",)),
    )
    good = (
        '#!KAMAILIO\nloadmodule "ctl.so"\nmodparam("ctl", "binrpc", "unix:/run/kamailio/ctl")\nrequest_route { exit; }',
        "event_route[xhttp:request] { if (src_ip != 127.0.0.1) { exit; } jsonrpc_dispatch(); }",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Sockets of ctl, and dispatchers without any test of the sender in their block."""
        for setting in subject.program.params:
            if setting.module.name in ("ctl", "jsonrpcs") and isinstance(setting.value, str) and _OPEN.match(setting.value):
                yield Found(setting.span, "this control socket is open to the network", "use unix: or 127.0.0.1")
        for call in subject.calls(*DISPATCH):
            route = subject.tree.route(call)
            if route is not None and not any(_checked(around, subject) for around in _leading_to(route, subject)):
                yield Found(call.span, "RPC commands are taken from everybody here", "test src_ip first")


def _leading_to(route: Route, subject: Subject) -> Iterator[Route]:
    """A block and all that call it, directly or not."""
    key = key_of(route)
    return (around for around in subject.tree.each(Route) if around is route or key in subject.graph.below(key_of(around)))


def _checked(route: Route, subject: Subject) -> bool:
    for key in subject.graph.below(key_of(route)):
        for inside in subject.program.routes.get(key, ()):
            for node in below(inside):
                if isinstance(node, CoreCondition) and node.left in ("src_ip", "src_port", "proto", "dst_ip", "dst_port"):
                    return True
                if isinstance(node, Variable) and node.spec.name in ("si", "hdr", "Rp", "Ri", "sas"):
                    return True
                if isinstance(node, Call) and node.name in CHECKS:
                    return True
    return False
