"""SY023."""

from sroute.linter.rule import Bad, LoadRule


class InvalidIpLiteral(LoadRule):
    """An address is none.

    The number after the dot is too large, or parts are missing.
    """

    code = "SY023"
    bad = (Bad("if (src_ip == 1.2.3.400) { exit; }", ("1.2.3.400",)),)
    good = ("if (src_ip == 1.2.3.4) { exit; }",)
