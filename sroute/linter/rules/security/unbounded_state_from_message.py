"""SE017."""

from collections.abc import Iterator

from sroute.linter.growth import SAFE, growing
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class UnboundedStateFromMessage(ScriptRule):
    """Whoever sends a message adds an item to a table that never forgets.

    The key is a text that the sender chooses (`$ci`, `$fU`, a header), the table has no `autoexpire`, and nothing deletes items. A
    few million messages fill the shared memory.
    """

    code = "SE017"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "pv.so"\nloadmodule "htable.so"\nmodparam("htable", "htable", "calls=>size=8")\n'
            "request_route { $sht(calls=>$ci) = 1; }",
            ("$sht(calls=>$ci)",),
        ),
    )
    good = ("$sht(a=>$ci) = 1;", '$sht(n=>$ci) = 1;\nsht_rm("n", "$ci");', "$sht(n=>$rm) = 1;")

    def check(self, subject: Subject) -> Iterator[Found]:
        """Writes with a key that the sender chooses."""
        for use, table, source in growing(subject):
            if source not in SAFE:
                text = f"the sender chooses ${source}, and the table {table} never forgets: it can be filled from outside"
                yield Found(use.span, text, "give the table an autoexpire")
