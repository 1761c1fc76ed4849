"""`=~`: POSIX extended, always case-insensitive, a search (language reference 5.4)."""

from collections.abc import Callable

from sroute.interpreter.binder import Binder
from sroute.runtime.flow import EvalError
from sroute.runtime.regex import BadPattern, searcher
from sroute.runtime.run import Run
from sroute.syntax.nodes import Binary, Expression

ReadStr = Callable[[Run], str]


def match(node: Binary, left: ReadStr, b: Binder, bind_str: Callable[[Expression, Binder], ReadStr]) -> Callable[[Run], object]:
    """The closure of `left =~ right`; a constant pattern is compiled once."""
    pattern = b.constant(node.right)
    if isinstance(pattern, str):
        search = searcher(pattern)
        return lambda run: search(left(run))
    right = bind_str(node.right, b)

    def dynamic(run: Run) -> bool:
        text, source = left(run), right(run)
        try:
            return bool(searcher(source)(text))
        except BadPattern:
            b.services.diag("ERROR", f'Bad regular expression "{source}"', span=node.span)
            raise EvalError from None

    return dynamic
