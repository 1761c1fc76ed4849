"""MD023."""

from sroute.linter.rule import Bad, LoadRule


class FlagOutOfRange(LoadRule):
    """A flag has a number that is too high.

    Message flags are 0 to 31.
    """

    code = "MD023"
    bad = (Bad("setflag(32);", ("32",)),)
    good = ("setflag(31);",)
