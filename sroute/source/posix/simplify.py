"""Makes a pattern smaller where only yes or no is asked, which often turns a slow search into a quick one."""

from sroute.source.posix import charsets
from sroute.source.posix.nodes import Assertion, Choice, Empty, Group, Node, OneOf, Place, Repeat, Sequence

_TEXT = (frozenset({Place.TEXT_START}), frozenset({Place.TEXT_END}))
_LINES = (_TEXT[0] | {Place.LINE_START}, _TEXT[1] | {Place.LINE_END})
_ANYTHING = Repeat(OneOf(charsets.ALL), 0, None)


def simplify(node: Node, *, newline: bool) -> Node:
    """A pattern without groups that matches in the same texts. The pattern must not hold back-references.

    A search may start and end anywhere, so that a repetition at either end is needed only as often as it must be there.
    """
    starts, ends = _TEXT if newline else _LINES
    branches = [_trim(_trim(branch, starts, last=False), ends, last=True) for branch in _branches(_bare(node))]
    return branches[0] if len(branches) == 1 else Choice(tuple(branches))


def trim_end(node: Node) -> Node:
    """The pattern without groups, and without the repetition at its end that can't fail."""
    return _trim(_bare(node), frozenset(), last=True)


def _branches(node: Node) -> tuple[Node, ...]:
    return node.branches if isinstance(node, Choice) else (node,)


def _bare(node: Node) -> Node:
    """The tree without groups, sequences in sequences and repetitions of repetitions."""
    match node:
        case Group(_, body):
            return _bare(body)
        case Sequence(parts):
            return row([part for child in parts for part in _parts(_bare(child))])
        case Choice(branches):
            return Choice(tuple(inner for branch in branches for inner in _branches(_bare(branch))))
        case Repeat(body, low, high):
            return _repeat(_bare(body), low, high)
        case _:
            return node


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Sequence(parts):
            return parts
        case Empty():
            return ()
        case _:
            return (node,)


def row(parts: list[Node]) -> Node:
    """Parts one after the other."""
    if len(parts) > 1:
        return Sequence(tuple(parts))
    return parts[0] if parts else Empty()


def _repeat(body: Node, low: int, high: int | None) -> Node:
    """A repetition; `(x*)*`, `(x+)?` and the like are `x*`, `(x+)+` is `x+`."""
    match body:
        case Empty():
            return body
        case Repeat(inner, least, None) if least < 2 and low < 2:
            return Repeat(inner, least * low, None)
        case Repeat(inner, 0, 1) if high is None and low < 2:
            return Repeat(inner, 0, None)
        case _:
            return Repeat(body, low, high)


def _trim(node: Node, edges: frozenset[Place], *, last: bool) -> Node:
    """The pattern without what needs not be there at its start or, if `last`, at its end."""
    parts = list(_parts(node))
    while parts:
        at = -1 if last else 0
        part = parts[at]
        beside = parts[-2 if last else 1] if len(parts) > 1 else None
        if (isinstance(part, Assertion) and part.place in edges and beside == _ANYTHING) or (isinstance(part, Repeat) and part.low == 0):
            parts.pop(at)
        elif isinstance(part, Repeat) and part.high != part.low:
            parts[at] = part.body if part.low == 1 else Repeat(part.body, part.low, part.low)
            break
        else:
            break
    return row(parts)
