"""Expressions that are true or false, bound to closures that hand back a Python truth.

Comparisons, logic, `=~` and tests for null give 1 or 0 as values; where only their truth is asked (conditions, operands
of logic) the numbers are left out. What scripts do all the time, a variable compared with a constant, is one closure.
"""

import operator
from collections.abc import Callable

from sroute.interpreter import expressions, patterns, variables
from sroute.interpreter.binder import Binder
from sroute.resolve.constants import is_null
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value, to_str
from sroute.syntax.nodes import Binary, Expression, Select, Selval, Unary, Variable

Test = Callable[[Run], object]
Compare = Callable[[int, int], bool]
ORDER: dict[str, Compare] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "ieq": operator.eq,
    "ine": operator.ne,
}
EQUALITY = frozenset(["==", "!=", "eq", "ne"])


def is_truth(node: Expression, b: Binder) -> bool:
    """Whether an expression gives 1 or 0 and nothing else."""
    if isinstance(node, Binary):
        if node.op in ("&&", "||"):
            return expressions.folded_logic(node, b) is None
        return node.op in ORDER or node.op in EQUALITY or node.op == "=~"
    return isinstance(node, Unary) and node.op in ("!", "defined", "strempty")


def bind(node: Expression, b: Binder) -> Test:
    """The truth of a node for which is_truth holds."""
    if isinstance(node, Unary):
        return _unary(node, b)
    assert isinstance(node, Binary)
    if node.op in ("&&", "||"):
        return _logic(node, b)
    if node.op == "=~" and is_null(node.right):
        return _not(defined(node.left, b))
    if node.op == "=~":
        return patterns.match(node, expressions.bind_str(node.left, b), b, expressions.bind_str)
    if node.op in (*EQUALITY, "ieq", "ine") and is_null(node.right):
        there = defined(node.left, b)
        return _not(there) if node.op in ("==", "eq", "ieq") else there
    return _equality(node, b) if node.op in EQUALITY else _order(node, b)


def positive(node: Expression, b: Binder) -> Test:
    """What `if` asks: is it > 0?"""
    if is_truth(node, b):
        return bind(node, b)
    number = expressions.bind_int(node, b)
    return number if b.return_mode else lambda run: number(run) > 0


def nonzero(node: Expression, b: Binder) -> Test:
    """What `while`, `!` and logic ask: is it anything but 0?"""
    return bind(node, b) if is_truth(node, b) else expressions.bind_int(node, b)


def _not(test: Test) -> Test:
    return lambda run: not test(run)


# ---------------------------------------------------------------- one operand


def _unary(node: Unary, b: Binder) -> Test:
    if node.op == "!":
        return _not(nonzero(node.operand, b))
    if node.op == "defined":
        return defined(node.operand, b)
    text = expressions.bind_str(node.operand, b)
    return lambda run: not text(run)


def defined(operand: Expression, b: Binder) -> Test:
    """Whether an operand is not null; an expression of more than one value always is there."""
    if isinstance(operand, Variable | Select):
        read = expressions.bind_or_null(operand, b)

        def there(run: Run) -> bool:
            value = read(run)
            return value is not None and value is not FAILED

        return there
    read = expressions.bind(operand, b)

    def evaluated(run: Run) -> bool:
        read(run)
        return True

    return evaluated


# ---------------------------------------------------------------- logic


def _logic(node: Binary, b: Binder) -> Test:
    tests = [nonzero(operand, b) for operand in _operands(node, b)]
    if len(tests) == 2:
        left, right = tests
        return (lambda run: left(run) and right(run)) if node.op == "&&" else (lambda run: left(run) or right(run))
    return _every(tests) if node.op == "&&" else _some(tests)


def _every(tests: list[Test]) -> Test:
    def every(run: Run) -> bool:
        for test in tests:  # noqa: SIM110 - no generator: it would cost a frame of C for each level of nesting
            if not test(run):
                return False
        return True

    return every


def _some(tests: list[Test]) -> Test:
    def some(run: Run) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(run):
                return True
        return False

    return some


def _operands(node: Binary, b: Binder) -> list[Expression]:
    """The operands of a left-leaning chain: `a && b && c`."""
    operands: list[Expression] = []
    current: Expression = node
    while isinstance(current, Binary) and current.op == node.op and is_truth(current, b):
        operands.append(current.right)
        current = current.left
    return [current, *reversed(operands)]


# ---------------------------------------------------------------- comparisons


def _order(node: Binary, b: Binder) -> Test:
    known = b.constant(node.right)
    if isinstance(known, int):
        name = None if b.observer or not isinstance(node.left, Variable) else variables.script_var(b.program.pvs[id(node.left)], b)
        if name is not None:
            return _var_with_constant(node, name, known, b)
        left, number, compare = expressions.bind_int(node.left, b), known, ORDER[node.op]
        return lambda run: compare(left(run), number)
    left, right, order = expressions.bind_int(node.left, b), expressions.bind_int(node.right, b), ORDER[node.op]
    return lambda run: order(left(run), right(run))


def _var_with_constant(node: Binary, name: str, number: int, b: Binder) -> Test:
    convert, compare = b.to_int(node.left.span), ORDER[node.op]
    if node.op == "<":

        def less(run: Run) -> bool:
            value = run.vars[name]
            return value < number if value.__class__ is int else convert(value, run) < number

        return less
    if node.op == ">":

        def greater(run: Run) -> bool:
            value = run.vars[name]
            return value > number if value.__class__ is int else convert(value, run) > number

        return greater

    def test(run: Run) -> bool:
        value = run.vars[name]
        return compare(value if value.__class__ is int else convert(value, run), number)

    return test


def _equality(node: Binary, b: Binder) -> Test:
    kind = b.kind(node.left)
    if node.op in ("eq", "ne") or kind == "str":
        return _same_text(node, b)
    if kind == "int":
        left, right = expressions.bind_int(node.left, b), expressions.bind_int(node.right, b)
        return (lambda run: left(run) == right(run)) if node.op == "==" else (lambda run: left(run) != right(run))
    equal = _equal_untyped(node, b)
    return equal if node.op == "==" else _not(equal)


def _same_text(node: Binary, b: Binder) -> Test:
    left, right = expressions.bind_str(node.left, b), expressions.bind_str(node.right, b)
    if node.op in ("eq", "=="):
        return lambda run: left(run) == right(run)
    return lambda run: left(run) != right(run)


def _equal_untyped(node: Binary, b: Binder) -> Test:
    """The left side decides by its value: an int compares as int, a text as text, null with 0 or the empty text."""
    if isinstance(node.left, Selval):
        return expressions.no_selval(node.left, b)
    read, known = expressions.bind(node.left, b), b.constant(node.right)
    if known == "" and node.op == "==":
        text = expressions.bind_str(node.left, b)
        return lambda run: not text(run)
    if isinstance(known, str):
        return _equals_text(read, known, node, b)
    if isinstance(known, int):
        return _equals_number(read, known, node, b)
    other, convert = expressions.bind(node.right, b), b.to_int(node.right.span)
    refused = expressions.no_selval(node.right, b) if isinstance(node.right, Selval) else None

    def equal(run: Run) -> bool:
        left, right = read(run), other(run)
        if left.__class__ is str:
            return left == (right if right.__class__ is str else to_str(right))
        if left is None or left is FAILED:
            return right is None or right == 0 or right == ""
        return left == (convert(right, run) if refused is None else refused(run))

    return equal


def _equals_text(read: Callable[[Run], Value], text: str, node: Binary, b: Binder) -> Test:
    convert = b.to_int(node.right.span)

    def equal(run: Run) -> bool:
        value = read(run)
        if value.__class__ is str:
            return value == text
        if value is None or value is FAILED:
            return not text
        return value == convert(text, run)

    return equal


def _equals_number(read: Callable[[Run], Value], number: int, node: Binary, b: Binder) -> Test:
    text = str(number)

    def equal(run: Run) -> bool:
        value = read(run)
        if value.__class__ is str:
            return value == text
        if value is None or value is FAILED:
            return number == 0
        return value == number

    return equal
