"""The destination set: the branches that a request is sent to besides its own R-URI."""

from dataclasses import dataclass, field

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
    """Appended branches, and q and flags of the R-URI's own branch (`$br`, `$bf`)."""

    branches: list[Branch] = field(default_factory=list)
    ruri_q: int = NO_Q
    ruri_flags: int = 0

    def clear(self) -> None:
        """Drops all appended branches."""
        self.branches.clear()
