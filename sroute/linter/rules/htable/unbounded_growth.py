"""HT005."""

from collections.abc import Iterator

from sroute.linter.growth import SAFE, growing
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class UnboundedGrowth(ScriptRule):
    """A table without autoexpire gets keys from messages, and nothing deletes them.

    Each new key stays until Kamailio is restarted, and the memory of all processes fills up. Give the table an `autoexpire`.
    """

    code = "HT005"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "pv.so"\nloadmodule "htable.so"\nmodparam("htable", "htable", "seen=>size=8")\n'
            "request_route { $sht(seen=>$si) = 1; }",
            ("$sht(seen=>$si)",),
        ),
    )
    good = ("$sht(a=>$si) = 1;", "$sht(n=>total) = 1;", "$sht(n=>$si) = 1;\nif (has_totag()) $sht(n=>$si) = $null;")

    def check(self, subject: Subject) -> Iterator[Found]:
        """Writes with a key that grows with what comes in, where it is an address."""
        for use, table, source in growing(subject):
            if source in SAFE:
                yield Found(use.span, f"the table {table} grows without end: it has no autoexpire, and nothing deletes its items")
