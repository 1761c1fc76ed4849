"""RT015."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.callgraph import key_of
from sroute.resolve.flow import Key
from sroute.syntax.nodes import Block, CallStatement, Leave, Route, RouteCall
from sroute.syntax.walk import below


class RouteRecursion(ScriptRule):
    """A route calls itself on every path.

    Nothing ends the recursion but Kamailio's limit of about 257 levels; then an error is logged and the script goes on somewhere.
    """

    code = "RT015"
    stage = "run"
    bad = (
        Bad("request_route { route(A); }\nroute[A] { route(A); }", ("route(A)",)),
        Bad("request_route { route(A); }\nroute[A] { route(B); }\nroute[B] { route(A); }", ("route(B)", "route(A)")),
    )
    good = ("request_route { route(A); }\nroute[A] { if ($var(i) > 5) return; $var(i) = $var(i) + 1; route(A); }",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Circles of calls that no condition guards."""
        edges = {key_of(route): _always_called(route, subject) for route in subject.tree.each(Route)}
        for key, calls in edges.items():
            for target, call in calls.items():
                if key in _reached(target, edges):
                    yield Found(call.span, f"this goes round for ever: nothing on the way back to route[{key[1] or 0}] ends it")


def _always_called(route: Route, subject: Subject) -> dict[Key, RouteCall]:
    """The blocks that a route calls on every path through it."""
    found: dict[Key, RouteCall] = {}
    for statement in route.body.statements:
        if isinstance(statement, CallStatement) and isinstance(statement.call, RouteCall):
            name = subject.text(statement.call.target)
            if name is not None:
                found.setdefault(("request", name), statement.call)
        if any(isinstance(node, Leave) for node in below(Block((statement,), statement.span))):
            break
    return found


def _reached(start: Key, edges: dict[Key, dict[Key, RouteCall]]) -> set[Key]:
    seen: set[Key] = set()
    waiting = [start]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += edges.get(key, {})
    return seen
