"""Which iterators over hash tables are open along the paths of a script."""

from collections.abc import Iterable

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.resolve.shapes import words
from sroute.syntax.nodes import Call, CoreCall, Leave, Route

Open = tuple[tuple[str, int], ...]
"""The names of the open iterators in order, each with the identity of the call that started it."""
USES = frozenset(words("sht_iterator_next sht_iterator_end sht_iterator_rm sht_iterator_setex sht_iterator_seti sht_iterator_sets"))
ROOM = 4


class OpenIterators(Watch[Open]):
    """Notes iterators that are not ended, used without being open, or too many."""

    KEPT, NOT_OPEN, TOO_MANY = "kept", "not open", "too many"

    def __init__(self, subject: Subject) -> None:
        """Remembers the calls by identity."""
        super().__init__(subject)
        self._calls: dict[int, Call | CoreCall] = {}

    def initial(self, entry: Route) -> Open:
        """None is open."""
        return ()

    def call(self, node: Call | CoreCall, state: Open, at: Here) -> Iterable[tuple[Open, Truth]]:
        """A start that works, or a use."""
        name = self.subject.argument(node, 0)
        if name is None or "$" in name:
            return ((() if node.name == "sht_iterator_end" else state, None),)
        if node.name == "sht_iterator_start":
            return self._start(node, name, state)
        if node.name in USES:
            if name not in dict(state):
                known = ", ".join(open_name for open_name, _ in state)
                self.note(self.NOT_OPEN, node, f", only {known}" if known else "")
            elif node.name == "sht_iterator_end":
                return ((tuple(each for each in state if each[0] != name), None),)
        return ((state, None),)

    def _start(self, node: Call | CoreCall, name: str, state: Open) -> Iterable[tuple[Open, Truth]]:
        self._calls[id(node)] = node
        if name in dict(state):
            return ((tuple((each, id(node) if each == name else call) for each, call in state), None),)
        if len(state) >= ROOM:
            self.note(self.TOO_MANY, node)
            return ((state, False),)
        return (((*state, (name, id(node))), True),)

    def leave(self, node: Leave | Route, state: Open, at: Here) -> Open:
        """What is open now stays open."""
        line = node.span.line if isinstance(node, Leave) else node.span.finish.line
        for _, call in state:
            self.note(self.KEPT, self._calls[call], str(line))
        return ()


def followed(subject: Subject) -> Followed:
    """What there is to say about iterators."""
    if not any(True for _ in subject.calls("sht_iterator_start", *USES)):
        return Followed({})
    return follow(subject, OpenIterators)
