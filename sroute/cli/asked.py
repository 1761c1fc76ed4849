"""What was asked of `sroute repl`."""

from dataclasses import dataclass

from sroute.cli.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Asked:
    """A session's script, how it is started, and what is assigned first."""

    script: str | None
    wishes: Wishes
    sets: tuple[str, ...]
