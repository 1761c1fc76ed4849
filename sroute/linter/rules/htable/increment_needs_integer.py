"""HT011."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class IncrementNeedsInteger(ScriptRule):
    """`$shtinc` or `$shtdec` counts an item that nobody makes.

    They change an integer that is there. A missing key (in a table without `initval`) stays missing, and the result is null.
    """

    code = "HT011"
    bad = (Bad("if ($shtinc(a=>$si) > 5) { exit; }", ("$shtinc(a=>$si)",)),)
    good = ("if ($shtinc(b=>$si) > 5) { exit; }", "if ($sht(a=>$si) == $null) $sht(a=>$si) = 0;\nif ($shtinc(a=>$si) > 5) { exit; }")

    def check(self, subject: Subject) -> Iterator[Found]:
        """Counting in tables without initval to which the script writes nothing."""
        written = {_table(use.pv.spec.inner) for use in subject.uses if use.pv.variable.name == "sht" and use.access != "read"}
        for use in subject.uses:
            name = _table(use.pv.spec.inner)
            table = subject.tables.get(name)
            if use.pv.variable.name in ("shtinc", "shtdec") and table is not None and table.initval is None:
                if name not in written and not table.dbtable:
                    text = f"a missing key of {name} is not counted, and nothing in this script makes one"
                    yield Found(use.span, text, "give the table initval=0")


def _table(inner: str | None) -> str:
    return (inner or "").partition("=>")[0].strip()
