"""An oddity of glibc: without REG_NEWLINE `^` still holds behind a newline that the match itself took, and `$` before one."""

from sroute.source.posix import charsets
from sroute.source.posix.cost import Heads, union
from sroute.source.posix.nodes import Assertion, Choice, Group, Node, Place, Repeat, Sequence


def crosses_lines(root: Node) -> bool:
    """Whether a `^` may come behind a newline, or a `$` before one, inside a match."""
    mirrored = _mirror(root)
    return _before_newline(root, Place.LINE_END, Heads(), 0) or _before_newline(mirrored, Place.LINE_START, Heads(), 0)


def _mirror(node: Node) -> Node:
    match node:
        case Group(number, body):
            return Group(number, _mirror(body))
        case Sequence(parts):
            return Sequence(tuple(_mirror(part) for part in reversed(parts)))
        case Choice(branches):
            return Choice(tuple(_mirror(branch) for branch in branches))
        case Repeat(body, low, high):
            return Repeat(_mirror(body), low, high)
        case _:
            return node


def _before_newline(node: Node, place: Place, heads: Heads, follow: int) -> bool:
    match node:
        case Assertion(found):
            return found is place and bool(follow & charsets.NEWLINE)
        case Group(_, body):
            return _before_newline(body, place, heads, follow)
        case Sequence(parts):
            for part in reversed(parts):
                if _before_newline(part, place, heads, follow):
                    return True
                head = heads.of(part)
                follow = head.first | (follow if head.empty else 0)
            return False
        case Choice(branches):
            return any(_before_newline(branch, place, heads, follow) for branch in branches)
        case Repeat(body, _, _):
            return _before_newline(body, place, heads, union([follow, heads.of(body).first]))
        case _:
            return False
