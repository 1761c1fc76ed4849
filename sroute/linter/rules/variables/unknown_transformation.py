"""PV006."""

from sroute.linter.rule import Bad, LoadRule


class UnknownTransformation(LoadRule):
    """A transformation is unknown.

    The class or the name in the braces is misspelt, or the module that has it is not loaded.
    """

    code = "PV006"
    bad = (Bad("$var(x) = $(rU{s.nope});", ("$(rU{s.nope})",)),)
    good = ("$var(x) = $(rU{s.len});",)
