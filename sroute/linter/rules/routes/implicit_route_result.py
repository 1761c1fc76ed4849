"""RT025."""

from collections.abc import Iterator

from sroute.linter.conditions import leaves
from sroute.linter.endings import called, leaves_block
from sroute.linter.knowledge import ALWAYS_TRUE
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import Key
from sroute.syntax.nodes import Assign, Block, Call, CallStatement, If, RouteCall, Statement, Switch, While


class ImplicitRouteResult(NodeRule[If | While | Assign]):
    """A route is used as a condition, and a path through it has no `return`.

    The result is then that of the last command that ran, whatever that was: `if (route(A))` is false when the last line of
    `route[A]` is `is_method("X");`. Say `return 1;` or `return -1;`.
    """

    code = "RT025"
    nodes = (If, While, Assign)
    bad = (Bad('request_route { if (route(A)) { exit; } }\nroute[A] { is_method("INVITE"); }', ("route(A)",)),)
    good = (
        'request_route { if (route(A)) { exit; } }\nroute[A] { if (is_method("INVITE")) return 1; return -1; }',
        'request_route { route(A); }\nroute[A] { is_method("INVITE"); }',
    )

    def check(self, node: If | While | Assign, subject: Subject) -> Iterator[Found]:
        """Routes in a condition whose last statement is a call that may fail."""
        for leaf in (node.value,) if isinstance(node, Assign) else leaves(node.condition):
            key = called(subject, leaf) if isinstance(leaf, RouteCall) else None
            last = _last(key, subject) if key is not None else None
            if last is not None:
                where = f"on line {last.span.line}" if last.span.source is leaf.span.source else f"in {last.span.source.name}"
                text = f"{leaf.span.text()} has no return on some path: its result is that of {last.name}() {where}"
                yield Found(leaf.span, text, "end it with return 1 or return -1")


def _last(key: Key, subject: Subject) -> Call | None:
    routes = subject.program.routes[key]
    return _last_of(routes[-1].body)


def _last_of(block: Block) -> Call | None:
    """The call that gives the result at the end of a block, if it may be false."""
    if not block.statements or any(leaves_block(statement) for statement in block.statements):
        return None
    return _result(block.statements[-1])


def _result(last: Statement) -> Call | None:
    match last:
        case CallStatement(call=Call() as call):
            return None if call.name in ALWAYS_TRUE else call
        case If(then=then, other=other):
            return _last_of(then) or (_last_of(other) if other is not None else None)
        case While() | Switch():
            return None
        case _:
            return None
