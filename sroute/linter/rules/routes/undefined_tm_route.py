"""RT003."""

from collections.abc import Iterator

from sroute.linter.knowledge import ARMED
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Call


class UndefinedTmRoute(NodeRule[Call]):
    """A block is named to tm that is not there.

    `t_on_failure("X")` needs a `failure_route[X]`, `t_on_reply` an `onreply_route[X]`, `t_on_branch` a `branch_route[X]`. A
    `route[X]` does not do. Kamailio starts with a warning, and the call does nothing.
    """

    code = "RT003"
    stage = "start warns"
    nodes = (Call,)
    bad = (
        Bad('request_route { t_on_failure("NOPE"); t_relay(); }', ('"NOPE"',)),
        Bad('request_route { t_on_branch("B"); t_relay(); }\nroute[B] { exit; }', ('"B"',)),
    )
    good = ('request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { exit; }', 't_on_failure("$var(x)");', 't_on_failure("0");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """A constant name without its block."""
        name = subject.argument(node, 0) if node.name in ARMED else None
        if name in (None, "", "0") or "$" in str(name) or subject.circumstances.fragment:
            return
        kind, written = ARMED[node.name]
        wanted = f"tm:branch-failure:{name}" if kind == "event" else name
        if (kind, wanted) in subject.program.routes:
            return
        other = next((other for other, known in subject.program.routes if known == name), None)
        here = [known for other, known in subject.program.routes if other == kind and known is not None]
        hint = f"there is only a block of kind {other}" if other else did_you_mean(str(wanted), here)
        yield Found(node.args[0].span, f"there is no {written} of the name {name}: this call does nothing", hint)
