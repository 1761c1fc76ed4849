"""MD026."""

from sroute.linter.rule import Bad, LoadRule


class SocketNotUsable(LoadRule):
    """A socket is named that Kamailio can't use.

    A quoted `listen` is taken for one host name; `force_send_socket()` needs a socket that the script listens on.
    """

    code = "MD026"
    stage = "start"
    bad = (Bad("force_send_socket(udp:10.1.2.3:5080);", ("udp:10.1.2.3:5080",)),)
    good = (
        """
        #!KAMAILIO
        listen=udp:10.1.2.3:5080
        request_route { force_send_socket(udp:10.1.2.3:5080); exit; }
        """,
    )
