"""How long the texts are that a part of a pattern matches.

What is looked for behind a place must be of one length, and a group may not begin with itself.
"""

from sroute.source.perl.nodes import (
    At,
    Atomic,
    Capture,
    Chars,
    Conditional,
    Either,
    Look,
    Loop,
    Node,
    Recursion,
    Reference,
    Row,
    inner,
    nodes,
)
from sroute.source.posix.errors import BadPattern


def branches(body: Node) -> tuple[Node, ...]:
    """The branches of a look behind, each of which has a length of its own."""
    return body.branches if isinstance(body, Either) else (body,)


def width(node: Node) -> int | None:
    """The length of all texts that a part matches; None where they differ."""
    match node:
        case Chars():
            return 1
        case At() | Look():
            return 0
        case Capture(_, body) | Atomic(body):
            return width(body)
        case Row(parts):
            widths = [width(part) for part in parts]
            return None if None in widths else sum(found or 0 for found in widths)
        case Either(choices):
            lengths = {width(branch) for branch in choices}
            return lengths.pop() if len(lengths) == 1 else None
        case Conditional(_, yes, no):
            return width(yes) if width(yes) == width(no) else None
        case Loop(body, low, high, _):
            one = width(body)
            return one * low if one is not None and low == high else None
        case Reference() | Recursion():
            return None


def check_lookbehind(root: Node, end: int) -> None:
    """Refuses looks behind of no fixed length."""
    for node in nodes(root):
        if isinstance(node, Look) and node.behind and any(width(branch) is None for branch in branches(node.body)):
            raise BadPattern("lookbehind assertion is not fixed length", end)


def check_recursion(root: Node, recursions: dict[int, int]) -> None:
    """Refuses a group that comes to itself without a character taken; recursions are the groups and where they are named."""
    groups: dict[int, Node] = {node.number: node.body for node in nodes(root) if isinstance(node, Capture)}
    groups[0] = root
    for group, at in recursions.items():
        if _reaches(groups[group], group, groups):
            raise BadPattern("recursive call could loop indefinitely", at)


def _reaches(node: Node, group: int, groups: dict[int, Node]) -> bool:
    """Whether a part may begin with a group's recursion."""
    match node:
        case Recursion(number):
            return number == group
        case Row(parts):
            for part in parts:
                if _reaches(part, group, groups):
                    return True
                if not empty(part, groups, frozenset()):
                    return False
            return False
        case _:
            return any(_reaches(below, group, groups) for below in inner(node))


def empty(node: Node, groups: dict[int, Node], seen: frozenset[int]) -> bool:
    """Whether a part may match the empty text."""
    match node:
        case Chars():
            return False
        case At() | Look() | Reference():
            return True
        case Capture(_, body) | Atomic(body):
            return empty(body, groups, seen)
        case Loop(body, low, _, _):
            return low == 0 or empty(body, groups, seen)
        case Row(parts):
            return all(empty(part, groups, seen) for part in parts)
        case Either(choices):
            return any(empty(branch, groups, seen) for branch in choices)
        case Conditional(_, yes, no):
            return empty(yes, groups, seen) or empty(no, groups, seen)
        case Recursion(group):
            return group not in seen and empty(groups[group], groups, seen | {group})
