"""Walking the tree without recursion."""

from collections.abc import Iterator
from dataclasses import fields
from typing import get_args

from sroute.syntax.nodes import Block, Case, Expression, Statement, TopLevel, Word

Node = Expression | Statement | TopLevel | Block | Case | Word


_NODES = get_args(Node)
_PLAIN = frozenset(
    ["span", "name_span", "op_span", "left_span", "module_span", "op", "name", "how", "kind", "braces", "regex", "text", "spec"]
)
_FIELDS = {kind: tuple(field.name for field in fields(kind) if field.name not in _PLAIN) for kind in _NODES}
"""The fields of each node class that may hold nodes."""


def children(node: Node) -> list[Node]:
    """The nodes right below a node, in text order."""
    found: list[Node] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, _NODES):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(item for item in value if isinstance(item, _NODES))
    return found


def descend(root: Node) -> Iterator[Node]:
    """A node and everything below it, in text order."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))
