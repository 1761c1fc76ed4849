"""Kinds of routing blocks, as the bits by which modules restrict their functions (Kamailio's route masks)."""

from enum import IntFlag


class Routes(IntFlag):
    """A set of route kinds."""

    REQUEST = 1
    FAILURE = 2
    ONREPLY = 4
    """onreply_route[N] of a transaction."""
    BRANCH = 8
    ONSEND = 16
    ERROR = 32
    LOCAL = 64
    """event_route[tm:local-request]."""
    REPLY = 128
    """The core's reply_route."""
    BRANCH_FAILURE = 256
    EVENT = 512

    ANY_REPLY = ONREPLY | REPLY
    REQUEST_LIKE = REQUEST | FAILURE | ONREPLY | BRANCH
    """What a named `route[X]` may be called from."""
    ANY = 1023
