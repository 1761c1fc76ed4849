"""SB013."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.linter.whole import main_route, relays
from sroute.resolve.methods import BITS, tested
from sroute.syntax.nodes import Binary, Call, CoreCondition, Expression, Variable


class NoCancelHandling(ScriptRule):
    """CANCEL is treated like a new call.

    A CANCEL must go to its transaction (`if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }`). When it runs through
    authentication and routing of new calls, it is refused or sent somewhere else, and the phone goes on ringing.
    """

    code = "SB013"
    bad = (Bad('request_route { $du = "sip:10.0.0.1"; t_relay(); }', ("request_route",)),)
    good = ('request_route { if (is_method("CANCEL")) { t_relay(); exit; } $du = "sip:10.0.0.1"; t_relay(); }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """A script that relays and never asks for CANCEL, nor for its transaction."""
        route = main_route(subject)
        if route is None or not relays(subject) or any(True for _ in subject.calls("t_relay_cancel", "t_lookup_cancel", "t_check_trans")):
            return
        tree = subject.tree
        nodes: list[Expression] = [*tree.each(Call), *tree.each(Binary), *tree.each(CoreCondition)]
        tests = [tested(node) for node in nodes]
        asks = any(asked[0] & BITS["CANCEL"] for asked in tests if asked is not None)
        if not asks and not any(node.spec.name == "rm" for node in subject.tree.each(Variable)):
            yield Found(head(route), "a CANCEL is treated like a new call: nothing asks for it", 'if (is_method("CANCEL")) { ... }')
