"""RT038."""

from collections.abc import Iterator

from sroute.linter.endings import depth
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Case, If, Route, While
from sroute.syntax.walk import below

MAX_DEPTH = 6
MAX_WAYS = 50


class RouteTooComplex(NodeRule[Route]):
    """A block is so long or so deeply nested that nobody can follow it.

    More than 50 decisions, or blocks in blocks more than six deep. Move parts into routes of their own.
    """

    code = "RT038"
    severity = "info"
    nodes = (Route,)
    bad = (Bad("route[A] { " + "if (has_totag()) { " * 7 + "exit; " + "} " * 7 + "}", ("A",)),)
    good = ("route[A] { if (has_totag()) { if ($var(x)) { exit; } } }",)

    def check(self, node: Route, subject: Subject) -> Iterator[Found]:
        """Depth and number of decisions."""
        deepest = depth(node)
        ways = sum(
            isinstance(inner, If | While | Case) or (isinstance(inner, Binary) and inner.op in ("&&", "||")) for inner in below(node)
        )
        if deepest > MAX_DEPTH or ways > MAX_WAYS:
            why = f"{ways} decisions" if ways > MAX_WAYS else f"blocks nested {deepest} deep"
            yield Found(node.name_span or head(node), f"this block is hard to follow: {why}", "move parts of it into routes of their own")
