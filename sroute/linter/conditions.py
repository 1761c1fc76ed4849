"""Conditions taken apart."""

from collections.abc import Iterator

from sroute.syntax.nodes import Binary, Expression, Unary


def leaves(condition: Expression) -> Iterator[Expression]:
    """The parts of a condition that are joined by `&&`, `||` and `!`."""
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Binary) and node.op in ("&&", "||"):
            waiting += [node.right, node.left]
        elif isinstance(node, Unary) and node.op == "!":
            waiting.append(node.operand)
        else:
            yield node
