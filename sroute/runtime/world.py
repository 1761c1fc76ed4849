"""What a script may do to the world (a script is untrusted; what it names is not opened on the user's behalf)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class World:
    """The user's permissions.

    folder is where relative paths of the script begin (beside it); write lets databases be written in place; databases
    maps URLs of the script to those that are opened instead. closed: nothing is opened at all (a check without a run).
    """

    folder: Path = Path()
    write: bool = False
    allow_net: bool = False
    allow_paths: tuple[Path, ...] = ()
    databases: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False

    def may_open(self, path: Path) -> bool:
        """Whether a file lies beside the script or below an allowed folder."""
        if self.closed:
            return False
        whole = (self.folder / path).resolve()
        return any(whole.is_relative_to(allowed.resolve()) for allowed in (self.folder, *self.allow_paths))
