"""What was asked of `sroute repl`, before anything slow is imported."""

from collections.abc import Mapping
from dataclasses import dataclass

from sroute.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of a session."""

    script: str | None
    defines: Mapping[str, str | None]
    dialect: Dialect
    sets: tuple[str, ...]
    stubs: tuple[str, ...]
    seed: int
    max_steps: int
    write: bool
    allow_net: bool
    paths: tuple[str, ...]
