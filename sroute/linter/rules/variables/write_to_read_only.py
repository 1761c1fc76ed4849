"""PV004."""

from sroute.linter.rule import Bad, LoadRule


class WriteToReadOnly(LoadRule):
    """A variable is assigned that can only be read.

    Headers and most parts of the message are changed by functions (`append_hf()`, `remove_hf()`, `uac_replace_from()`).
    """

    code = "PV004"
    bad = (
        Bad('$ci = "x";', ("$ci",)),
        Bad("$(rU{s.len}) = 1;", ("$(rU{s.len})",)),
    )
    good = ('$rU = "bob";',)
