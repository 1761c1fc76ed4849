"""What an expression may do besides giving a value: decides which checks its closures need."""

from sroute.interpreter.binder import Binder
from sroute.interpreter.operators import FAILING
from sroute.resolve.constants import is_null
from sroute.syntax.nodes import AssignExpression, Binary, BlockExpression, Call, CoreCall, CoreCondition, Expression, RouteCall, Selval
from sroute.syntax.walk import below


def calls_anything(node: Expression) -> bool:
    """Whether evaluating may run other statements, and so end the script."""
    return any(isinstance(part, Call | RouteCall | BlockExpression | AssignExpression) for part in below(node))


def can_fail(node: Expression, b: Binder) -> bool:
    """Whether evaluating may end without a value."""
    return b.dialect.failed_conversion_is_error or any(_fails(part, b) for part in below(node))


def _fails(part: object, b: Binder) -> bool:
    if isinstance(part, Binary):
        if part.op in FAILING:
            return b.constant(part.right) in (None, 0)
        return part.op == "=~" and b.constant(part.right) is None and not is_null(part.right)
    return isinstance(part, Call | CoreCall | RouteCall | BlockExpression | CoreCondition | Selval)
