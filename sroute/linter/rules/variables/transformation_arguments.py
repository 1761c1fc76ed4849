"""PV007."""

from sroute.linter.rule import Bad, LoadRule


class TransformationArguments(LoadRule):
    """A transformation is given the wrong parameters.

    They stand behind the name, separated by commas, and their number and kind is fixed.
    """

    code = "PV007"
    bad = (Bad("$var(x) = $(rU{s.substr,1});", ("$(rU{s.substr,1})",)),)
    good = ("$var(x) = $(rU{s.substr,1,0});",)
