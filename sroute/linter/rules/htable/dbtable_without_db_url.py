"""HT008."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class DbtableWithoutDbUrl(ScriptRule):
    """A table is to be loaded from a database that is not named.

    Without `db_url` of htable a `dbtable` is ignored: the table begins empty, without a word.
    """

    code = "HT008"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=8;dbtable=numbers")\nrequest_route { exit; }',
            ('"a=>size=8;dbtable=numbers"',),
        ),
    )
    good = ('#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=8")\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Tables with a dbtable in a script without the parameter."""
        if any((setting.module.name, setting.param.name) == ("htable", "db_url") and setting.value for setting in subject.program.params):
            return
        for table in subject.tables.values():
            if table.dbtable:
                yield Found(
                    table.value_span, f"{table.dbtable} is never loaded: htable has no db_url", 'modparam("htable", "db_url", "...")'
                )
