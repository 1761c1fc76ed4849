"""HT006."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.htable.undefined_table import used
from sroute.linter.subject import Subject


class TableUnused(ScriptRule):
    """A table is defined and not used in the script.

    It may still be read or written over RPC.
    """

    code = "HT006"
    severity = "info"
    bad = (
        Bad('#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "old=>size=8")\nrequest_route { exit; }', ('"old=>size=8"',)),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "pv.so"
        loadmodule "htable.so"
        modparam("htable", "htable", "a=>size=8")
        request_route { $sht(a=>x) = 1; }
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Tables whose name does not occur."""
        if subject.circumstances.broken:
            return
        names = {name for name, _ in used(subject)}
        if any("$" in name for name in names):
            return
        for table in subject.tables.values():
            if table.name not in names:
                yield Found(table.value_span, f"the table {table.name} is not used in this script")
