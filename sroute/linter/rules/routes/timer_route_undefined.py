"""RT030."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.nearest import did_you_mean

_ROUTE = re.compile(r"(?:^|;)\s*route\s*=\s*([^;]*)")


class TimerRouteUndefined(ScriptRule):
    """A timer of rtimer is to run a route that is not there.

    Kamailio starts and says nothing useful; the timer runs nothing.
    """

    code = "RT030"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "rtimer.so"\nmodparam("rtimer", "timer", "name=t;interval=10")\n'
            'modparam("rtimer", "exec", "timer=t;route=NOPE")\nrequest_route { exit; }',
            ('modparam("rtimer", "exec", "timer=t;route=NOPE")',),
        ),
    )
    good = (
        '#!KAMAILIO\nloadmodule "rtimer.so"\nmodparam("rtimer", "timer", "name=t;interval=10")\n'
        'modparam("rtimer", "exec", "timer=t;route=TICK")\nrequest_route { exit; }\nroute[TICK] { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Routes of `exec` parameters."""
        routes = [name for kind, name in subject.program.routes if kind == "request" and name]
        for setting in subject.program.params:
            if setting.module.name == "rtimer" and setting.param.name == "exec" and not subject.circumstances.fragment:
                match = _ROUTE.search(str(setting.value))
                if match is not None and match[1].strip() not in routes:
                    yield Found(setting.span, f"there is no route[{match[1].strip()}]", did_you_mean(match[1].strip(), routes))
