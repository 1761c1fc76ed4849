"""SE013."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.linter.whole import main_route, relays

LIMITS = ("pike_check_req", "pl_check", "rl_check", "rl_check_pipe", "secf_check_ip", "cnxcc_set_max_channels", "sca_limit")


class NoRateLimit(ScriptRule):
    """Nothing limits how much one sender may send.

    One scanner or one broken phone can keep all processes busy. pike, pipelimit, or a counter in a hash table stops it.
    """

    code = "SE013"
    severity = "info"
    bad = (Bad('request_route { $du = "sip:10.0.0.1"; t_relay(); }', ("request_route",)),)
    good = ('request_route { if (!pike_check_req()) exit; $du = "sip:10.0.0.1"; t_relay(); }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """A script that relays and counts nothing."""
        route = main_route(subject)
        if route is None or not relays(subject) or any(True for _ in subject.calls(*LIMITS)):
            return
        if not any(use.pv.variable.name in ("shtinc", "sht") and "$si" in (use.pv.spec.inner or "") for use in subject.uses):
            yield Found(head(route), "nothing limits how much one sender may send")
