"""What stands in for a function that is not simulated."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Stub:
    """What a stubbed function returns, and the assignments that it does first."""

    code: int
    assignments: list[tuple[str, int | str | None]] = field(default_factory=list)
