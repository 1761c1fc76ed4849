"""Which locks are held along the paths of a script: `sht_lock()` of htable, `lock()` of cfgutils."""

from collections.abc import Iterable

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.syntax.nodes import Call, CoreCall, Leave, Route

Held = tuple[tuple[str, int], ...]
"""What is locked, in order: the name, and the identity of the call that locked it."""
LOCKS = {"sht_lock": "sht", "lock": "lock", "trylock": "lock"}
UNLOCKS = {"sht_unlock": "sht", "unlock": "lock"}


class HeldLocks(Watch[Held]):
    """Notes locks that are kept, unlocked without being held, taken twice, or taken inside others."""

    KEPT, NOT_HELD, AGAIN, INSIDE = "kept", "not held", "again", "inside"

    def __init__(self, subject: Subject) -> None:
        """Remembers the calls by identity."""
        super().__init__(subject)
        self._calls: dict[int, Call | CoreCall] = {}

    def initial(self, entry: Route) -> Held:
        """Nothing is held."""
        return ()

    def call(self, node: Call | CoreCall, state: Held, at: Here) -> Iterable[tuple[Held, Truth]]:
        """A lock or an unlock with a name that is written out."""
        if node.name in LOCKS:
            return self._lock(node, state)
        if node.name in UNLOCKS:
            return ((self._unlock(node, state), None),)
        return ((state, None),)

    def _name(self, node: Call | CoreCall, kind: str) -> str | None:
        text = self.subject.argument(node, 0)
        return None if text is None else f"{kind} {text.strip()}"

    def _lock(self, node: Call | CoreCall, state: Held) -> Iterable[tuple[Held, Truth]]:
        name = self._name(node, LOCKS[node.name])
        if name is None:
            return ((state, None),)
        self._calls[id(node)] = node
        held = dict(state)
        if name in held and node.name != "trylock":
            self.note(self.AGAIN, node, str(self._calls[held[name]].span.line))
            return ((state, None),)
        for outer in held:
            self.note(self.INSIDE, node, f"{shown(outer)}\n{shown(name)}")
        locked = (*state, (name, id(node)))
        return ((locked, True), (state, False)) if node.name == "trylock" else ((locked, None),)

    def _unlock(self, node: Call | CoreCall, state: Held) -> Held:
        name = self._name(node, UNLOCKS[node.name])
        if name is None:
            return ()
        if name not in dict(state):
            self.note(self.NOT_HELD, node, " and ".join(shown(held) for held, _ in state))
        return tuple(held for held in state if held[0] != name)

    def leave(self, node: Leave | Route, state: Held, at: Here) -> Held:
        """What is held now is held for ever."""
        line = node.span.line if isinstance(node, Leave) else node.span.finish.line
        for _, call in state:
            self.note(self.KEPT, self._calls[call], str(line))
        return ()


def shown(name: str) -> str:
    """A lock as it is written."""
    return f'"{name.partition(" ")[2]}"'


def followed(subject: Subject) -> Followed:
    """What there is to say about locks; each kept lock once."""
    if not any(True for _ in subject.calls(*LOCKS, *UNLOCKS)):
        return Followed({})
    return follow(subject, HeldLocks)
