"""RT028."""

from collections.abc import Iterator

from sroute.linter.events import mentioned, of_name
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Route


class UnknownEventRoute(NodeRule[Route]):
    """No module raises this event.

    The name of an event route is not checked, so a misspelt one is never run.
    """

    code = "RT028"
    nodes = (Route,)
    bad = (Bad("event_route[dialog:starts] { exit; }", ("dialog:starts",)),)
    good = ("event_route[dialog:start] { exit; }", "event_route[htable:expired:a] { exit; }")

    def check(self, node: Route, subject: Subject) -> Iterator[Found]:
        """A name that nobody declares and no function or parameter mentions."""
        if node.kind != "event" or node.name is None or subject.once(mentioned) & {node.name}:
            return
        owners, names = of_name(node.name, subject.program.names.catalog)
        if not owners:
            yield Found(node.name_span or node.span, f"no module raises the event {node.name}", did_you_mean(node.name, names))
