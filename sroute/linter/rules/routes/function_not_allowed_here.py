"""RT031."""

from sroute.linter.rule import Bad, LoadRule


class FunctionNotAllowedHere(LoadRule):
    """A function can't be used in a block of this kind.

    Each function says in which kinds of block it may stand: `t_relay()` makes no sense for a reply. Kamailio looks at the block in
    which the call is written.
    """

    code = "RT031"
    bad = (Bad("reply_route { t_relay(); }", ("t_relay",)),)
    good = ("request_route { t_relay(); }",)
