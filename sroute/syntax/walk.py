"""Walking the tree without recursion."""

from collections.abc import Iterator
from dataclasses import fields
from functools import cache

from sroute.syntax import nodes
from sroute.syntax.nodes import Block, Case, Expression, Statement, TopLevel, Word

Node = Expression | Statement | TopLevel | Block | Case | Word


@cache
def _children_of(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a node class that may hold nodes."""
    plain = {"span", "name_span", "op_span", "left_span", "module_span", "op", "name", "how", "kind", "braces", "regex", "text", "spec"}
    return tuple(field.name for field in fields(kind) if field.name not in plain)


_NODES = tuple(
    found for found in vars(nodes).values() if isinstance(found, type) and "span" in getattr(found, "__slots__", ())
)


def children(node: Node) -> list[Node]:
    """The nodes right below a node, in text order."""
    found: list[Node] = []
    for name in _children_of(type(node)):
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
