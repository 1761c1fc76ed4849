"""RT032."""

from collections.abc import Iterable, Iterator

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.knowledge import CHALLENGES, FINAL, RELAYS
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import REPLIES, Here, Truth
from sroute.resolve.places import TITLES, WRITTEN_IN
from sroute.syntax.nodes import Call, CoreCall, Route

OF_REQUESTS = frozenset(FINAL) | RELAYS | CHALLENGES | {"sl_reply_error", "record_route", "loose_route", "save", "t_newtran"}
"""Functions that can do nothing with a reply."""


class FunctionNotAllowedViaRoute(ScriptRule):
    """A function for requests is reached from a block for replies.

    Kamailio checks the block in which a call is written, and `route[X]` counts as a request route. When a `reply_route` calls it,
    nothing is refused, and `t_relay()` fails with an error in the log or ends the script there.
    """

    code = "RT032"
    stage = "run"
    bad = (Bad("request_route { route(X); }\nreply_route { route(X); }\nroute[X] { t_relay(); }", ("t_relay",)),)
    good = (
        "request_route { route(X); }\nroute[X] { t_relay(); }",
        "request_route { route(X); }\nreply_route { route(X); }\nroute[X] { if (is_request()) t_relay(); }",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Calls that are reached in the wrong kind of block."""
        for node, _, title in subject.once(_reached).of("misplaced"):
            assert isinstance(node, Call)
            yield Found(node.name_span, f"{node.name}() is reached from {title}, where it is not allowed", "ask is_request() before it")


class Kinds(Watch[bool]):
    """No state of its own: the entry point says it all."""

    merges = True

    def initial(self, entry: Route) -> bool:
        """Nothing to remember."""
        return True

    def merge(self, one: bool, other: bool) -> bool:
        """Nothing to remember."""
        return True

    def call(self, node: Call | CoreCall, state: bool, at: Here) -> Iterable[tuple[bool, Truth]]:
        """A call in a block that was entered by `route(...)`."""
        plan = self.subject.program.calls.get(id(node))
        route = self.subject.tree.route(node)
        if plan is not None and route is not None and route.kind != at.entry.kind and at.entry.kind in REPLIES and node.name in OF_REQUESTS:
            if not plan.function.routes & WRITTEN_IN[at.entry.kind]:
                self.note("misplaced", node, TITLES[at.entry.kind])
        return ((state, None),)


def _reached(subject: Subject) -> Followed:
    return follow(subject, Kinds)
