"""HT025."""

from sroute.linter.rule import Bad, LoadRule


class MissingSeparator(LoadRule):
    """A key is written without its table.

    An item is named `table=>key`.
    """

    code = "HT025"
    bad = (Bad("$var(x) = $sht(a);", ("$sht(a)",)),)
    good = ("$var(x) = $sht(a=>x);",)
