"""HT009."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class ReplicateWithoutDmq(ScriptRule):
    """A table is to be replicated, and DMQ is off.

    With `dmqreplicate=1` and without `enable_dmq` every write logs an error, and no other node hears of it.
    """

    code = "HT009"
    stage = "run"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=8;dmqreplicate=1")\nrequest_route { exit; }',
            ('"a=>size=8;dmqreplicate=1"',),
        ),
    )
    good = ('#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=8")\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Replicated tables in a script that does not enable it."""
        if any(
            (setting.module.name, setting.param.name) == ("htable", "enable_dmq") and setting.value for setting in subject.program.params
        ):
            return
        for table in subject.tables.values():
            if table.dmqreplicate:
                yield Found(
                    table.value_span, f"the table {table.name} is not replicated: enable_dmq is off", 'modparam("htable", "enable_dmq", 1)'
                )
