"""The destination set: the branches that a request is sent to besides its own R-URI."""

from dataclasses import dataclass, field

from sroute.sip.message import Message

NO_Q = -1
"""A branch without q."""


@dataclass(slots=True)
class Branch:
    """One appended branch; q in thousandths or NO_Q; flags are branch flags."""

    uri: str
    dst_uri: str = ""
    path: str = ""
    q: int = NO_Q
    flags: int = 0
    socket: str = ""
    instance: str = ""
    reg_id: int = 0
    ruid: str = ""
    location_ua: str = ""
    otcpid: int = 0


@dataclass(slots=True)
class Dset:
    """Appended branches, and q and flags of the R-URI's own branch (`$br`, `$bf`).

    spent is what R-URI and destination were when the R-URI's own branch was used up, by a relay or by clear_branches(): only a new
    one of either makes it a branch again.
    """

    branches: list[Branch] = field(default_factory=list)
    ruri_q: int = NO_Q
    ruri_flags: int = 0
    spent: tuple[str | None, str | None] | None = None

    def clear(self) -> None:
        """Drops all appended branches, and q and flags of the R-URI's own."""
        self.branches.clear()
        self.ruri_q, self.ruri_flags = NO_Q, 0

    def spend(self, message: Message) -> None:
        """The R-URI is used up as it is now; the message gets copies of its URIs, so that the same text set again is something new."""
        message.new_uri, message.dst_uri = self.spent = _copy(message.new_uri), _copy(message.dst_uri)

    def fresh(self, message: Message) -> bool:
        """Whether the R-URI is a branch: not used up, or set again since."""
        return self.spent is None or self.spent[0] is not message.new_uri or self.spent[1] is not message.dst_uri


def _copy(text: str | None) -> str | None:
    """The same text as another object."""
    return None if text is None else (text + " ")[:-1]
