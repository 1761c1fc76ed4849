"""SE018."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject

CALLS = ("dbg_breakpoint", "dbg_pv_dump", "dbg_sip_msg", "abort", "pkg_status", "shm_status")


class DebugLeftIn(ScriptRule):
    """A tool for debugging is left in the script.

    A breakpoint, the trace of every statement or of every message slows the server down; `abort()` ends it.
    """

    code = "SE018"
    bad = (
        Bad("abort();", ("abort()",)),
        Bad(
            '#!KAMAILIO\nloadmodule "debugger.so"\nmodparam("debugger", "cfgtrace", 1)\nrequest_route { exit; }',
            ('modparam("debugger", "cfgtrace", 1)',),
        ),
    )
    good = ('xlog("L_DBG", "here\\n");',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Calls and parameters that are for debugging only."""
        for call in subject.calls(*CALLS):
            yield Found(call.span, f"{call.name}() is for debugging only")
        for setting in subject.program.params:
            if (setting.module.name, setting.param.name, setting.value) == ("siptrace", "trace_mode", 1):
                yield Found(setting.span, "every message is traced, whatever the script says")
            elif setting.module.name == "debugger" and setting.param.name in ("cfgtrace", "breakpoint") and setting.value:
                yield Found(setting.span, f"{setting.param.name} is for debugging only: every statement is logged")
