"""SB022."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.callgraph import key_of
from sroute.resolve.flow import Key
from sroute.syntax.nodes import Call, Route

SLEEPS = frozenset(["sleep", "usleep"])
WAITS = frozenset(
    [
        "exec_cmd",
        "exec_msg",
        "exec_dset",
        "exec_avp",
        "http_client_query",
        "http_connect",
        "http_client_get",
        "http_query",
        "dns_query",
        "enum_query",
    ]
)


class BlockingCall(NodeRule[Call]):
    """A function makes the process wait while it handles a message.

    There are only a few processes (`children`), and each waits as long as `sleep()`, a command or a web server takes. A handful of
    requests at once stops the server. Use async variants, or `t_suspend()`. (Commands, queries of the web and of DNS are a remark only.)
    """

    code = "SB022"
    nodes = (Call,)
    bad = (Bad('sleep("2");', ("sleep",)), Bad('exec_cmd("/usr/bin/true");', ("exec_cmd",)))
    good = ('xlog("L_INFO", "no waiting\\n");', 'event_route[htable:mod-init] { sleep("2"); }')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """Such calls outside of blocks that run once."""
        route = subject.tree.route(node)
        if node.name not in SLEEPS | WAITS or (route is not None and not _handles_messages(route, subject)):
            return
        severity = None if node.name in SLEEPS else "info"
        yield Found(node.name_span, f"{node.name}() makes this process wait, and there are few of them", None, severity=severity)  # type: ignore[arg-type]


def _handles_messages(route: Route, subject: Subject) -> bool:
    """Whether a block is run for messages: not only once, and not only by a timer."""
    if route.kind == "event":
        return not (route.name or "").endswith("init")
    return subject.circumstances.fragment or key_of(route) in subject.once(_of_messages)


def _of_messages(subject: Subject) -> frozenset[Key]:
    """The blocks that messages come to."""
    entries = (key_of(route) for route in subject.tree.each(Route) if route.kind != "request" or route.name is None)
    return subject.graph.below(*entries)
