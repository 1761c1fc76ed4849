"""SB012."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.whole import main_route


class RecordRouteWithoutLooseRoute(ScriptRule):
    """The script puts itself into the route set and does not follow it.

    After `record_route()` all requests of the dialog come back with a Route header. Without `loose_route()` they are sent to this
    server again, or to the wrong place.
    """

    code = "SB012"
    bad = (Bad("record_route();\nt_relay();", ("record_route()",)),)
    good = ("if (loose_route()) { t_relay(); exit; }\nrecord_route();\nt_relay();",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first record_route of a script that never calls loose_route."""
        calls = list(subject.calls("record_route", "record_route_preset"))
        if (
            calls
            and main_route(subject) is not None
            and not any(True for _ in subject.calls("loose_route", "loose_route_preloaded", "loose_route_mode"))
        ):
            yield Found(calls[0].span, "nothing in this script follows the route set: there is no loose_route()")
