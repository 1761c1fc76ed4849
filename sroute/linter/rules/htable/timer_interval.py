"""HT007."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class TimerInterval(ScriptRule):
    """Expired items are looked for less often than they expire.

    Every `timer_interval` seconds the tables are searched for expired items. When that is longer than the life of an item, the
    event route of its expiry runs much later than it should, and the table is larger than needed.
    """

    code = "HT007"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=8;autoexpire=30")\n'
            'modparam("htable", "timer_interval", 60)\nrequest_route { exit; }',
            ('modparam("htable", "timer_interval", 60)',),
        ),
    )
    good = (
        '#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=8;autoexpire=30")\n'
        'modparam("htable", "timer_interval", 10)\nrequest_route { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """An interval that is set and longer than the shortest life."""
        lives = {table.autoexpire: table.name for table in subject.tables.values() if table.autoexpire}
        for setting in subject.program.params:
            if (setting.module.name, setting.param.name) == ("htable", "timer_interval") and isinstance(setting.value, int) and lives:
                if setting.value > min(lives):
                    name, life = lives[min(lives)], min(lives)
                    yield Found(setting.span, f"items of {name} live {life} seconds, and are looked for every {setting.value}")
