"""What can be followed along the paths of a script: a domain's states, and what it says of calls, assignments and tests."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sroute.syntax.nodes import Assign, Call, CoreCall, Expression, Leave, Route, RouteCall, RouteKind, Variable

Truth = bool | None
"""What a call or a route gave: true, false, or either."""
S = TypeVar("S", bound=Hashable)
Key = tuple[RouteKind, str | None]


class GaveUpError(Exception):
    """There are more states than are worth following."""


class Domain(Generic[S]):
    """What is followed along the paths; by default nothing changes a state."""

    merges = False
    """Whether the states of paths that meet become one, by `merge`."""

    def initial(self, entry: Route) -> S:
        """The state in which an entry point begins."""
        raise NotImplementedError

    def merge(self, one: S, other: S) -> S:
        """The state of two paths that meet."""
        raise NotImplementedError

    def call(self, node: Call | CoreCall, state: S, at: "Here") -> Iterable[tuple[S, Truth]]:
        """What a call makes of a state, with what it gives."""
        return ((state, None),)

    def assign(self, node: Assign, state: S, at: "Here") -> S:
        """What an assignment makes of a state."""
        return state

    def read(self, node: Variable, state: S, at: "Here") -> None:
        """A variable is read in code."""

    def test(self, node: Expression, state: S, truth: bool) -> S | None:
        """What is known once a condition without calls has been found true or false; None: it can't be so."""
        return state

    def leave(self, node: Leave | Route, state: S, at: "Here") -> S:
        """The script ends here: at an `exit` or `drop`, or at the end of an entry point."""
        return state

    def returns(self, node: Leave, state: S, code: int | None, at: "Here") -> S:
        """A block ends with a return code that does not end the script; None: it is computed."""
        return state

    def route(self, node: RouteCall, state: S, at: "Here") -> S:
        """A block is about to be called."""
        return state

    def behind(self, node: RouteCall, state: S) -> S:
        """A block that was called has come back."""
        return state

    def unknown(self, node: RouteCall, state: S) -> S:
        """A block is called whose name nobody knows."""
        return state


@dataclass(frozen=True, slots=True)
class Here:
    """Where a path is: the entry point that it began at, the methods that the request may have, the blocks that were called.

    last is the result of the last command.
    """

    entry: Route
    methods: int
    calls: tuple[str, ...]
    last: Truth
