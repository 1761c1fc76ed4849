"""PV003."""

from sroute.linter.rule import Bad, LoadRule


class UnknownInnerName(LoadRule):
    """The name in the parentheses of a variable is not one of those that it knows, or must not be there.

    `$T(nope)` and `$snd(nope)` ask for what is not there; `$rU(x)` takes no name; `$var` needs one.
    """

    code = "PV003"
    bad = (
        Bad("$var(x) = $snd(nope);", ("$snd(nope)",)),
        Bad("$var(x) = $rU(a);", ("$rU(a)",)),
    )
    good = ("$var(x) = $snd(ip);",)
