"""SB025."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call

CONTINUES = frozenset(["t_continue", "t_continue_skip_timer"])
MODULES = frozenset(
    ["http_async_client", "tsilo", "evapi", "rabbitmq", "cdp", "ims_auth", "app_lua", "app_python3", "nats", "mqtt", "mqueue"]
)
"""Modules that may continue a transaction by themselves, or make a script that does."""


class SuspendWithoutContinue(NodeRule[Call]):
    """A transaction is suspended, and nothing continues it.

    It waits until its timer fires and answers 408.
    """

    code = "SB025"
    nodes = (Call,)
    bad = (Bad("t_suspend();", ("t_suspend()",)),)
    good = ('request_route { t_suspend(); }\nroute[GO] { t_continue("$var(a)", "$var(b)", "BACK"); }\nroute[BACK] { exit; }',)

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """A suspend in a script that never continues."""
        if node.name == "t_suspend" and not subject.circumstances.fragment and not subject.loaded & MODULES:
            if not any(True for _ in subject.calls(*CONTINUES)):
                yield Found(node.span, "nothing in this script continues a suspended transaction: there is no t_continue()")
