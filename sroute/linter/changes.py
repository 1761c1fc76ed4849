"""Changes of the message along the paths of a script, which nobody sees before they are applied."""

from collections.abc import Iterable
from typing import NamedTuple

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.syntax.nodes import Assign, Call, CoreCall, Route, Variable

PARTS = frozenset(["fu", "fU", "fd", "fn", "tu", "tU", "td", "tn"])
WRITERS = frozenset(["append_hf", "insert_hf"])
ASKS = frozenset(["is_present_hf"])


class Changed(NamedTuple):
    """Headers that were added and parts that were assigned, each with the line of the first change."""

    headers: frozenset[tuple[str, int]] = frozenset()
    parts: frozenset[tuple[str, int]] = frozenset()
    texts: frozenset[tuple[str, int]] = frozenset()


class Changes(Watch[Changed]):
    """Notes looks at what was changed, and second changes."""

    READ, TWICE, AGAIN = "read", "twice", "again"
    merges = True

    def initial(self, entry: Route) -> Changed:
        """Nothing is changed."""
        return Changed()

    def merge(self, one: Changed, other: Changed) -> Changed:
        """What both paths have changed, parts that one of them has."""
        return Changed(one.headers & other.headers, one.parts | other.parts, one.texts & other.texts)

    def call(self, node: Call | CoreCall, state: Changed, at: Here) -> Iterable[tuple[Changed, Truth]]:
        """A header that is added or looked for, or changes that are applied."""
        if node.name in ("msg_apply_changes", "t_relay"):
            return ((Changed() if node.name == "msg_apply_changes" else state, None),)
        text = self.subject.argument(node, 0)
        if text and node.name in WRITERS:
            return ((self._added(node, text, state), None),)
        if text and node.name in ASKS:
            line = _line(state.headers, text.lower())
            if line is not None:
                self.note(self.READ, node, f"{text} {line}")
        return ((state, None),)

    def _added(self, node: Call | CoreCall, text: str, state: Changed) -> Changed:
        line = _line(state.texts, text)
        if line is not None and line != node.span.line and "$" not in text:
            self.note(self.AGAIN, node, str(line))
        name = text.partition(":")[0].strip().lower()
        known = state.headers if not name or "$" in name else state.headers | {(name, node.span.line)}
        return Changed(known, state.parts, state.texts | {(text, node.span.line)})

    def assign(self, node: Assign, state: Changed, at: Here) -> Changed:
        """A part of From or To."""
        name = node.target.spec.name
        if name not in PARTS:
            return state
        line = _line(state.parts, name)
        if line is not None and line != node.span.line:
            self.note(self.TWICE, node.target, f"${name} {line}")
        return Changed(state.headers, state.parts | {(name, node.span.line)}, state.texts)

    def read(self, node: Variable, state: Changed, at: Here) -> None:
        """A header or a part in code."""
        spec = node.spec
        known = state.parts if spec.name in PARTS else state.headers
        line = _line(known, spec.name if spec.name in PARTS else (spec.inner or "").lower()) if spec.name in PARTS | {"hdr"} else None
        if line is not None:
            self.note(self.READ, node, f"{spec.text} {line}")


def _line(known: frozenset[tuple[str, int]], name: str) -> int | None:
    return min((line for each, line in known if each == name), default=None)


def followed(subject: Subject) -> Followed:
    """What there is to say about changes."""
    assigned = any(node.target.spec.name in PARTS for node in subject.tree.each(Assign))
    if not assigned and not any(True for _ in subject.calls(*WRITERS)):
        return Followed({})
    return follow(subject, Changes)
