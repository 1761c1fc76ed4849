"""RT008."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Route, RouteKind

TITLES: dict[RouteKind, str] = {"request": "request_route", "reply": "reply_route", "onsend": "onsend_route"}


class DuplicateMainRoute(ScriptRule):
    """A main block is there twice, and both run.

    A second `request_route` (or unnamed `reply_route`) neither replaces the first one nor is refused: every message goes through
    both, in the order of the file, unless the first one ends with `exit`.
    """

    code = "RT008"
    bad = (
        Bad('request_route { xlog("one\\n"); }\nrequest_route { exit; }', ("request_route",)),
        Bad('request_route { exit; }\nreply_route { xlog("a\\n"); }\nonreply_route { xlog("b\\n"); }', ("onreply_route",)),
    )
    good = ('request_route { xlog("one\\n"); }\nroute[A] { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Second and further bodies of unnamed blocks."""
        for (kind, name), routes in subject.program.routes.items():
            if name is not None:
                continue
            for route in routes[1:]:
                first = routes[0].span
                text = f"this is a second {TITLES.get(routes[0].kind, kind)}: both run, one after the other"
                span = head(route)
                yield Found(span, text, f"the first is on line {first.line}{_where(first.source.name, route.span.source.name)}")


def head(route: Route) -> Span:
    """The word with which a block begins."""
    text = route.span.text()
    word = next((at for at, char in enumerate(text) if not (char.isalnum() or char == "_")), len(text))
    return Span(route.span.source, route.span.start, route.span.start + word)


def _where(first: str, second: str) -> str:
    return "" if first == second else f" of {first}"
