"""HT020."""

from collections.abc import Iterator

from sroute.linter.endings import called
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.constants import is_null
from sroute.syntax.nodes import Assign, Call, Expression, RouteCall, While
from sroute.syntax.walk import Node, below


class ModifiedWhileIterating(NodeRule[While]):
    """A table is changed while an iterator walks over it.

    Items that are added during the walk may be visited too, or not, and a slot that is locked by the walk is touched again. Collect
    what is to be done, or use `sht_iterator_rm()`, `sht_iterator_sets()`, `sht_iterator_seti()` for the item at hand.
    """

    code = "HT020"
    nodes = (While,)
    bad = (
        Bad(
            """
            sht_iterator_start("it", "a");
            while (sht_iterator_next("it")) { $sht(a=>copy) = $shtitval(it); }
            sht_iterator_end("it");
            """,
            ("$sht(a=>copy)",),
        ),
    )
    good = (
        """
        sht_iterator_start("it", "a");
        while (sht_iterator_next("it")) { $sht(b=>copy) = $shtitval(it); }
        sht_iterator_end("it");
        """,
    )

    def check(self, node: While, subject: Subject) -> Iterator[Found]:
        """Writes to the table in the body of a walk."""
        names = {subject.argument(call, 0) for call in _calls(node.condition, "sht_iterator_next")}
        walked = {subject.argument(call, 1) for call in subject.calls("sht_iterator_start") if subject.argument(call, 0) in names}
        for inner in _inside(node, subject):
            if isinstance(inner, Assign) and inner.target.spec.name == "sht":
                table = (inner.target.spec.inner or "").partition("=>")[0].strip()
                if table in walked:
                    what = (
                        "deleted with sht_iterator_rm()"
                        if is_null(inner.value)
                        else "changed with sht_iterator_sets() or sht_iterator_seti()"
                    )
                    yield Found(inner.target.span, f"the table {table} is being walked over", f"the item at hand is {what}")


def _inside(node: While, subject: Subject) -> Iterator[Node]:
    """Everything in the body of a loop, and in the blocks that it calls."""
    for inner in below(node.body):
        yield inner
        key = called(subject, inner) if isinstance(inner, RouteCall) else None
        for reached in subject.graph.below(key) if key is not None else ():
            for route in subject.program.routes.get(reached, ()):
                yield from below(route)


def _calls(node: Expression, name: str) -> Iterator[Call]:
    return (inner for inner in below(node) if isinstance(inner, Call) and inner.name == name)
