"""RT037."""

from collections.abc import Iterator

from sroute.linter.leaving import Leaves, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class DropInBranchRoute(ScriptRule):
    """`drop` in a `branch_route` takes the branch away.

    When every branch is dropped, `t_relay()` fails and tm answers 500.
    """

    code = "RT037"
    severity = "info"
    bad = (Bad('request_route { t_on_branch("B"); t_relay(); }\nbranch_route[B] { drop; }', ("drop",)),)
    good = ('request_route { t_on_branch("B"); t_relay(); }\nbranch_route[B] { xlog("b\\n"); }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Drops that end a branch route."""
        for _, span, kind in subject.once(followed).of(Leaves.DROP):
            if kind == "branch":
                yield Found(span, "this takes the branch away; when all are gone, tm answers 500")
