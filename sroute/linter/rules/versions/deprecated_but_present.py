"""UP004."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject

FUNCTIONS = {
    "avp_db_load": "sql_xquery() of sqlops",
    "avp_db_store": "sql_query() of sqlops",
    "avp_db_delete": "sql_query() of sqlops",
    "avp_db_query": "sql_query() of sqlops",
    "avp_printf": "$avp(x) = $_s(...)",
    "avp_copy": "$avp(x) = $avp(y)",
    "avp_delete": "$(avp(x)[*]) = $null",
    "force_rtp_proxy": "rtpproxy_manage()",
    "ds_select": "ds_select_dst()",
    "www_authorize": "www_authenticate()",
    "proxy_authorize": "proxy_authenticate()",
    "fix_nated_contact": "set_contact_alias()",
}


class DeprecatedButPresent(ScriptRule):
    """Something is used that has a better successor.

    It still works in this version. New scripts use the other one.
    """

    code = "UP004"
    severity = "info"
    bad = (
        Bad(
            """
            #!KAMAILIO
            loadmodule "pv.so"
            loadmodule "kex.so"
            request_route { avp_printf("$avp(x)", "$rU"); }
            """,
            ("avp_printf",),
        ),
    )
    good = ("$avp(x) = $rU;",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Calls of such functions."""
        for call in subject.calls(*FUNCTIONS):
            yield Found(call.name_span, f"{call.name}() has a successor", FUNCTIONS[call.name])
