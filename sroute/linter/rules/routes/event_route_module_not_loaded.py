"""RT029."""

from collections.abc import Iterator

from sroute.linter.events import of_name
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Route


class EventRouteModuleNotLoaded(NodeRule[Route]):
    """The module that raises this event is not loaded.

    The block is never run.
    """

    code = "RT029"
    nodes = (Route,)
    bad = (Bad('#!KAMAILIO\nloadmodule "pv.so"\nrequest_route { exit; }\nevent_route[dialog:start] { exit; }', ("dialog:start",)),)
    good = ("event_route[dialog:start] { exit; }", "event_route[core:worker-one-init] { exit; }")

    def check(self, node: Route, subject: Subject) -> Iterator[Found]:
        """A known event of a module that the script does not load."""
        if node.kind != "event" or node.name is None or subject.circumstances.fragment:
            return
        owners, _ = of_name(node.name, subject.program.names.catalog)
        if owners and not subject.loaded & set(owners):
            yield Found(
                node.name_span or node.span,
                f"the module {owners[0]}, which raises this event, is not loaded",
                f'loadmodule "{owners[0]}.so"',
            )
