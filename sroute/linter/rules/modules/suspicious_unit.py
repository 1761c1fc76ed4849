"""MD008."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call

MILLISECONDS = {
    ("tm", "fr_timer"): 500,
    ("tm", "fr_inv_timer"): 1000,
    ("tm", "wt_timer"): 500,
    ("tm", "retr_timer1"): 50,
    ("tm", "retr_timer2"): 200,
    ("tm", "max_inv_lifetime"): 2000,
    ("tm", "max_noninv_lifetime"): 1000,
}
"""Parameters in milliseconds, with the value below which seconds were probably meant."""
SECONDS = {
    ("usrloc", "timer_interval"): 5000,
    ("nathelper", "natping_interval"): 5000,
    ("dispatcher", "ds_ping_interval"): 5000,
    ("htable", "timer_interval"): 5000,
    ("pike", "sampling_time_unit"): 1000,
    ("rtpproxy", "rtpproxy_disable_tout"): 100000,
}
"""Parameters in seconds, with the value above which milliseconds were probably meant."""
FUNCTIONS = {"t_set_fr": 500, "t_set_max_lifetime": 1000}


class SuspiciousUnit(ScriptRule):
    """A time has a value that fits another unit.

    The timers of tm are in milliseconds: `fr_timer` 30 gives up after 0.03 seconds. Most other modules count seconds.
    """

    code = "MD008"
    bad = (
        Bad('#!KAMAILIO\nloadmodule "tm.so"\nmodparam("tm", "fr_timer", 30)\nrequest_route { exit; }', ('modparam("tm", "fr_timer", 30)',)),
        Bad('t_set_fr("30");', ('"30"',)),
    )
    good = (
        '#!KAMAILIO\nloadmodule "tm.so"\nmodparam("tm", "fr_timer", 30000)\nrequest_route { exit; }',
        't_set_fr("30000");',
        't_set_fr("0", "0");',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Constant times out of any sensible range."""
        for setting in subject.program.params:
            key, value = (setting.module.name, setting.param.name), setting.value
            if isinstance(value, int) and 0 < value < MILLISECONDS.get(key, 0):
                yield Found(setting.span, f"{key[1]} is in milliseconds: {value} is {value / 1000:g} seconds")
            elif isinstance(value, int) and key in SECONDS and value >= SECONDS[key]:
                yield Found(setting.span, f"{key[1]} is in seconds: {value} is {value / 3600:.1f} hours")
        for call in subject.tree.each(Call):
            for number, arg in enumerate(call.args if call.name in FUNCTIONS else ()):
                text = subject.argument(call, number) or ""
                if text.isdigit() and 0 < int(text[:9]) < FUNCTIONS[call.name]:
                    yield Found(arg.span, f"{call.name}() counts milliseconds: {text} is {int(text) / 1000:g} seconds")
