"""Follows a domain along all paths of a script, twice: what is found must also be found when equal tests have equal answers."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from sroute.linter.subject import Subject
from sroute.resolve.flow import Domain, GaveUpError, Key, Paths
from sroute.source.text import Span
from sroute.syntax.walk import Node

S = TypeVar("S", bound=Hashable)
Tag = str
Notes = dict[tuple[Tag, int, str], tuple[Node, Span]]
"""What was found: by tag, the identity of the node, and the detail."""


class Watch(Domain[S]):
    """A domain that notes what it finds: a tag, the node, and what else is worth telling."""

    def __init__(self, subject: Subject) -> None:
        """Nothing is found yet."""
        self.subject = subject
        self.found: dict[tuple[Tag, int, str], tuple[Node, Span]] = {}

    def note(self, tag: Tag, node: Node, detail: str = "", span: Span | None = None) -> None:
        """Something is wrong at a node; noted once for each detail."""
        self.found.setdefault((tag, id(node), detail), (node, span or node.span))


class Followed:
    """What was found, by tag."""

    def __init__(self, found: dict[tuple[Tag, int, str], tuple[Node, Span]]) -> None:
        """Sorts the findings."""
        self._by_tag: dict[Tag, list[tuple[Node, Span, str]]] = {}
        for (tag, _, detail), (node, span) in found.items():
            self._by_tag.setdefault(tag, []).append((node, span, detail))

    def of(self, tag: Tag) -> list[tuple[Node, Span, str]]:
        """The findings with a tag: the node, the place and the detail."""
        return self._by_tag.get(tag, [])

    def once(self, tag: Tag) -> list[tuple[Node, Span, str]]:
        """The findings with a tag, each node once; of several lines the first is the detail."""
        found: dict[int, tuple[Node, Span, str]] = {}
        for node, span, detail in self._by_tag.get(tag, []):
            known = found.get(id(node))
            if known is None or _number(detail) < _number(known[2]):
                found[id(node)] = (node, span, detail)
        return list(found.values())


def _number(detail: str) -> int:
    return int(detail) if detail.isdigit() else 0


def follow(subject: Subject, make: Callable[[Subject], Watch[S]]) -> Followed:
    """What a domain finds from all entry points. Where there are too many states to follow, nothing is claimed."""
    first = _once(subject, make, exact=False)
    if not first:
        return Followed({})
    second = _once(subject, make, exact=True)
    return Followed({key: value for key, value in first.items() if key in second})


def _once(subject: Subject, make: Callable[[Subject], Watch[S]], *, exact: bool) -> Notes:
    found: Notes = {}
    for key in subject.graph.entries:
        noted = _from(key, subject, make, exact=exact, values=exact)
        if noted is None and exact:
            noted = _from(key, subject, make, exact=True, values=False)
        found.update((each, value) for each, value in (noted or {}).items() if each not in found)
    return found


def _from(key: Key, subject: Subject, make: Callable[[Subject], Watch[S]], *, exact: bool, values: bool) -> Notes | None:
    """What is found from one entry point; None where there are too many states."""
    domain = make(subject)
    try:
        Paths(subject.program, domain, subject.shapes, exact=exact, values=values).enter(key)
    except GaveUpError:
        return None
    return domain.found
