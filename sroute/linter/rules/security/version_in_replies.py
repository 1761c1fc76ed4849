"""SE014."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.linter.whole import main_route

SETTINGS = frozenset(["server_signature", "server_header", "user_agent_header"])


class VersionInReplies(ScriptRule):
    """Every reply tells product and version.

    The `Server` header says `kamailio (5.6.3 (x86_64/linux))`, which tells an attacker what to try. Set `server_header` or
    `server_signature`.
    """

    code = "SE014"
    severity = "info"
    bad = (Bad('request_route { sl_send_reply("404", "No"); }', ("request_route",)),)
    good = ('#!KAMAILIO\nserver_signature=no\nloadmodule "sl.so"\nrequest_route { sl_send_reply("404", "No"); }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """A script with a main block that sets neither."""
        route = main_route(subject)
        if route is not None and not SETTINGS & set(subject.program.settings.core):
            yield Found(head(route), "replies tell the version of the server", 'server_header="Server: sip"')
