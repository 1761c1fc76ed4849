"""SB027."""

from collections.abc import Iterator

from sroute.linter.knowledge import RELAYS
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.callgraph import key_of
from sroute.syntax.nodes import Call, Route
from sroute.syntax.walk import below


class FailureRouteNotRearmed(ScriptRule):
    """A new branch is relayed from `failure_route` without `t_on_failure()`.

    The block is run for one failure only. If the new target fails as well, its answer goes to the caller. That may be meant for the
    last target.
    """

    code = "SB027"
    severity = "info"
    bad = (
        Bad(
            'request_route { t_on_failure("F"); t_relay(); }\n'
            'failure_route[F] { if (t_is_canceled()) exit; $du = "sip:10.0.0.2"; append_branch(); t_relay(); }',
            ("F",),
        ),
    )
    good = (
        'request_route { t_on_failure("F"); t_relay(); }\n'
        'failure_route[F] { if (t_is_canceled()) exit; $du = "sip:10.0.0.2"; t_on_failure("F"); t_relay(); }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Failure routes that relay and never name a block for the next failure."""
        for route in subject.tree.each(Route):
            if route.kind != "failure":
                continue
            names = set(_calls(route, subject))
            if names & RELAYS and "t_on_failure" not in names:
                yield Found(
                    route.name_span or route.span,
                    "this relays again, and the next failure is not caught",
                    "t_on_failure() before t_relay()",
                )


def _calls(route: Route, subject: Subject) -> Iterator[str]:
    for key in subject.graph.below(key_of(route)):
        for inside in subject.program.routes.get(key, ()):
            yield from (node.name for node in below(inside) if isinstance(node, Call))
