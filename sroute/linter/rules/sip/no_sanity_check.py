"""SB011."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.linter.whole import main_route, relays


class NoSanityCheck(ScriptRule):
    """Requests are relayed without `sanity_check()`.

    Broken and hostile messages are passed on to phones and servers behind. The module sanity looks at what every request must have.
    """

    code = "SB011"
    severity = "info"
    bad = (Bad('request_route { $du = "sip:10.0.0.1"; t_relay(); }', ("request_route",)),)
    good = ('request_route { if (!sanity_check()) exit; $du = "sip:10.0.0.1"; t_relay(); }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """A script that relays and never calls it."""
        route = main_route(subject)
        if route is not None and relays(subject) and not any(True for _ in subject.calls("sanity_check")):
            yield Found(head(route), "requests are relayed without sanity_check()")
