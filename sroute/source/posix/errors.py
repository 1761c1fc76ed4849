"""What can go wrong with a pattern."""

from sroute.errors import SrouteError, StepLimitError


class BadPattern(SrouteError):
    """The pattern is none that regcomp() takes; the text says why, `at` where (an offset into the pattern)."""

    def __init__(self, reason: str, at: int) -> None:
        """A reason in words and the offset of the mistake."""
        super().__init__(reason)
        self.reason = reason
        self.at = at


class MatchLimitError(StepLimitError):
    """A pattern is too big, or a search with it took more steps than is allowed."""
