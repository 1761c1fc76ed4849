"""Going through a tree: the children of any node, and all nodes below one, without recursion."""

from collections.abc import Iterator
from typing import assert_never

from sroute.syntax import nodes

Node = nodes.Expression | nodes.Word | nodes.Statement | nodes.Block | nodes.Case | nodes.TopLevel | nodes.SocketSpec


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, in the order in which they are written."""
    match node:
        case nodes.Literal() | nodes.Variable() | nodes.Select() | nodes.Word() | nodes.Empty() | nodes.SocketSpec():
            return ()
        case nodes.LoadModule() | nodes.LoadPath() | nodes.FlagDeclaration():
            return ()
        case nodes.Unary(operand=operand):
            return (operand,)
        case nodes.Binary(left=left, right=right):
            return (left, right)
        case nodes.Selval(condition, then, other):
            return (condition, then, other)
        case nodes.Call(args=args) | nodes.CoreCall(args=args):
            return args
        case nodes.RouteCall(target=target):
            return (target,)
        case nodes.CoreCondition(right=right):
            return (right,)
        case nodes.AssignExpression(assign=assign):
            return (assign,)
        case nodes.BlockExpression(block=block):
            return (block,)
        case nodes.Assign(target=target, value=value):
            return (target, value)
        case nodes.CallStatement(call=call):
            return (call,)
        case nodes.Block(statements=statements):
            return statements
        case nodes.If(condition, then, other):
            return (condition, then) if other is None else (condition, then, other)
        case nodes.While(condition, body):
            return (condition, body)
        case nodes.Switch(selector, cases):
            return (selector, *cases)
        case nodes.Case(label, body=body):
            return body if label is None else (label, *body)
        case nodes.Leave(value=value):
            return () if value is None else (value,)
        case nodes.GlobalParam(value=value) | nodes.CustomGlobal(value=value) | nodes.ModParam(value=value):
            return (value,)
        case nodes.Listen(sockets=sockets) | nodes.Alias(sockets=sockets):
            return sockets
        case nodes.Route(body=body):
            return (body,)
        case _:
            assert_never(node)


def below(node: Node) -> Iterator[Node]:
    """A node and all nodes below it, in the order in which they are written."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(children(found)))


def nodes_of(script: nodes.Script) -> Iterator[Node]:
    """All nodes of a script."""
    for item in script.items:
        yield from below(item)
