"""HT024."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Route

HEAD = "htable:expired:"


class ExpiredEventForUnknownTable(NodeRule[Route]):
    """An event route waits for items of a table that is not defined, or whose items never expire.

    It is never run.
    """

    code = "HT024"
    nodes = (Route,)
    bad = (
        Bad("event_route[htable:expired:zz] { exit; }", ("htable:expired:zz",)),
        Bad("event_route[htable:expired:n] { exit; }", ("htable:expired:n",)),
    )
    good = ("event_route[htable:expired:a] { exit; }",)

    def check(self, node: Route, subject: Subject) -> Iterator[Found]:
        """The table behind the name of the event."""
        if node.kind != "event" or not (node.name or "").startswith(HEAD) or subject.circumstances.fragment:
            return
        name = (node.name or "").removeprefix(HEAD)
        table = subject.tables.get(name)
        if table is None:
            yield Found(node.name_span or node.span, f"there is no table {name}", did_you_mean(name, subject.tables))
        elif not table.autoexpire and not any(use.pv.variable.name == "shtex" for use in subject.uses):
            yield Found(node.name_span or node.span, f"items of {name} never expire: it has no autoexpire")
