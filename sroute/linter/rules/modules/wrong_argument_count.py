"""MD011."""

from sroute.linter.rule import Bad, LoadRule


class WrongArgumentCount(LoadRule):
    """A function is called with a number of parameters that it does not take.

    Kamailio looks functions up by name and number of parameters, and says the same as for a name that nobody knows.
    """

    code = "MD011"
    bad = (Bad('sl_send_reply("200");', ("sl_send_reply",)),)
    good = ('sl_send_reply("200", "OK");',)
