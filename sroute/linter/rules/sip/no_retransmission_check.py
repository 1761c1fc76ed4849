"""SB014."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.whole import main_route

COSTLY = ("auth_check", "www_authenticate", "proxy_authenticate", "sql_query", "sql_xquery", "sql_pvquery", "http_client_query", "exec_cmd")
CHECKS = ("t_check_trans", "t_precheck_trans", "t_lookup_request", "t_newtran")


class NoRetransmissionCheck(ScriptRule):
    """Costly work is done for retransmissions, too.

    A request that is sent again runs through the script again: the database is asked again. `t_precheck_trans()` and
    `t_check_trans()` at the beginning recognise it.
    """

    code = "SB014"
    severity = "info"
    bad = (Bad('sql_query("ca", "select a from t", "ra");\nt_relay();', ('sql_query("ca", "select a from t", "ra")',)),)
    good = ('if (t_precheck_trans()) { t_check_trans(); exit; }\nt_check_trans();\nsql_query("ca", "select a from t", "ra");\nt_relay();',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first costly call of a script without such a check."""
        calls = list(subject.calls(*COSTLY))
        if calls and main_route(subject) is not None and "tm" in subject.loaded and not any(True for _ in subject.calls(*CHECKS)):
            yield Found(calls[0].span, "this is done for retransmissions, too", "t_precheck_trans() and t_check_trans() at the beginning")
