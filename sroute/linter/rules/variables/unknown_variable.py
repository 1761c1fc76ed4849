"""PV001."""

from sroute.linter.rule import Bad, LoadRule


class UnknownVariable(LoadRule):
    """A variable is of a class that nobody knows.

    In code `kamailio -c` refuses it; inside a quoted parameter only the start does.
    """

    code = "PV001"
    bad = (
        Bad('xlog("$usr\\n");', ('"$usr\\n"',)),
        Bad("$var(x) = $nope(y);", ("$nope(y)",)),
    )
    good = ('xlog("$fU\\n");',)
