"""PV016."""

from collections.abc import Iterable, Iterator

from sroute.exports.variable import Pv
from sroute.linter.following import Followed, Watch, follow
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.resolve.places import TITLES
from sroute.syntax.nodes import Call, CoreCall, Route, Variable
from sroute.syntax.walk import Node

OF_REPLIES = {
    "request": frozenset(["rs", "rr", "T_reply_code", "T_rpl"]),
    "failure": frozenset(["rs", "rr"]),
    "branch": frozenset(["rs", "rr"]),
}
"""Variables that tell of a reply, by the kind of the entry point where there is none."""


class VariableMeaninglessHere(ScriptRule):
    """A variable tells of a reply where there is none.

    In `request_route` and `branch_route` `$rs`, `$rr`, `$T_reply_code` and `$T_rpl(...)` are null or 0. In `failure_route` the
    message is the request, too: ask `$T_rpl($rs)` or `$T_reply_code` there.
    """

    code = "PV016"
    bad = (
        Bad("if ($rs == 404) { exit; }", ("$rs",)),
        Bad('request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { if ($rs == 486) { exit; } }', ("$rs",)),
    )
    good = (
        "reply_route { if ($rs == 183) { exit; } }",
        'request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { if ($T_rpl($rs) == 486) { exit; } }',
        "request_route { route(A); }\nreply_route { route(A); }\nroute[A] { if (is_reply() && $rs == 404) setflag(1); }",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Reads of such variables."""
        for _, span, detail in subject.once(_read).of("nothing"):
            name, title = detail.split(" ")
            hint = "$T_rpl($rs) is that of the reply" if title == "failure_route" else None
            yield Found(span, f"{name} says nothing in {title}: there is no reply here", hint)


class Readers(Watch[bool]):
    """No state of its own: the entry point says it all."""

    merges = True

    def initial(self, entry: Route) -> bool:
        """Nothing to remember."""
        return True

    def merge(self, one: bool, other: bool) -> bool:
        """Nothing to remember."""
        return True

    def read(self, node: Variable, state: bool, at: Here) -> None:
        """A variable in code."""
        pv = self.subject.program.pvs.get(id(node))
        if pv is not None:
            self._look(pv, node, at)

    def call(self, node: Call | CoreCall, state: bool, at: Here) -> Iterable[tuple[bool, Truth]]:
        """Variables in arguments; log lines may print them everywhere."""
        return ((state, None),)

    def _look(self, pv: Pv, node: Node, at: Here) -> None:
        title = TITLES[at.entry.kind] if at.entry.name or at.entry.kind != "request" else "request_route"
        if pv.variable.name in OF_REPLIES.get(at.entry.kind, ()):
            self.note("nothing", node, f"{pv.spec.text} {title}")


def _read(subject: Subject) -> Followed:
    names = frozenset().union(*OF_REPLIES.values())
    if not any(node.spec.name in names for node in subject.tree.each(Variable)):
        return Followed({})
    return follow(subject, Readers)
