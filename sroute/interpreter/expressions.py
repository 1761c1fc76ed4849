"""Expressions bound to closures: as a value, as an int, as a text, as a truth."""

from collections.abc import Callable
from typing import assert_never

from sroute.interpreter import calls, conditions, patterns
from sroute.interpreter.binder import Binder
from sroute.interpreter.operators import int_operators
from sroute.resolve.types import INT_ONLY, is_null
from sroute.runtime.flow import EvalError
from sroute.runtime.run import Read, Run
from sroute.runtime.values import FAILED, Value, to_str, wrapper
from sroute.syntax.nodes import (
    AssignExpression,
    Binary,
    BlockExpression,
    Call,
    CoreCall,
    CoreCondition,
    Expression,
    Literal,
    RouteCall,
    Select,
    Selval,
    Unary,
    Variable,
)

ReadInt = Callable[[Run], int]
ReadStr = Callable[[Run], str]
Test = Callable[[Run], bool]
CONTROL = Call | CoreCall | RouteCall | BlockExpression | AssignExpression


def bind(node: Expression, b: Binder) -> Read:
    """A closure that reads the value of an expression."""
    match node:
        case Literal(value):
            return lambda run: value
        case Variable():
            return b.read(b.program.pvs[id(node)])
        case Select(parts):
            return conditions.select(parts, b, node.span)
        case Unary():
            return _unary(node, b)
        case Binary():
            return _binary(node, b)
        case Selval():
            return _selval(node, b)
        case CoreCondition():
            return conditions.bind(node, b, bind)
        case Call() | CoreCall() | RouteCall() | BlockExpression() | AssignExpression():
            return _truth(calls.raw(node, b))
        case _:
            assert_never(node)


def bind_raw(node: Expression, b: Binder) -> Read:
    """As bind, but a call, route or block alone gives its raw code (the right side of an assignment)."""
    if isinstance(node, Call | CoreCall | RouteCall | BlockExpression):
        return calls.raw(node, b)
    return bind(node, b)


def _truth(code: ReadInt) -> ReadInt:
    return lambda run: 1 if code(run) > 0 else 0


# ---------------------------------------------------------------- as int, text, truth


def bind_int(node: Expression, b: Binder) -> ReadInt:
    """The int of an expression."""
    value = b.constant(node)
    if isinstance(value, int):
        number = value
        return lambda run: number
    if isinstance(node, Variable):
        return b.read_int(b.program.pvs[id(node)], node.span)
    read = bind(node, b)
    if b.kind(node) == "int":
        return read  # type: ignore[return-value]
    convert = b.to_int(node.span)

    def as_int(run: Run) -> int:
        value = read(run)
        return value if value.__class__ is int else convert(value, run)

    return as_int


def bind_str(node: Expression, b: Binder) -> ReadStr:
    """The text of an expression; null is empty."""
    value = b.constant(node)
    if value is not None:
        text = str(value)
        return lambda run: text
    read = bind(node, b)
    if b.kind(node) == "str":
        return read  # type: ignore[return-value]

    def as_str(run: Run) -> str:
        value = read(run)
        return value if value.__class__ is str else "" if value is None else str(value)

    return as_str


def bind_test(node: Expression, b: Binder) -> Test:
    """Whether an `if` takes an expression for true: its int is > 0."""
    number = bind_int(node, b)
    return lambda run: number(run) > 0


# ---------------------------------------------------------------- unary


def _unary(node: Unary, b: Binder) -> Read:
    wrap = wrapper(b.dialect.int_bits)
    if node.op in ("defined", "strlen", "strempty", "(str)"):
        return _text_operator(node, b)
    number = bind_int(node.operand, b)
    if node.op == "!":
        return lambda run: 0 if number(run) else 1
    if node.op == "-":
        return lambda run: wrap(-number(run))
    if node.op == "~":
        return lambda run: ~number(run)
    return number


def _text_operator(node: Unary, b: Binder) -> Read:
    if node.op == "defined":
        return _defined(node.operand, b)
    text = bind_str(node.operand, b)
    if node.op == "strlen":
        return lambda run: len(text(run))
    if node.op == "strempty":
        return lambda run: 0 if text(run) else 1
    return text


def _defined(operand: Expression, b: Binder) -> Read:
    read = bind(operand, b)
    if not isinstance(operand, Variable | Select):
        return lambda run: 1
    if isinstance(operand, Select):
        read = conditions.select_or_null(operand.parts, b, operand.span)
    return lambda run: 0 if read(run) is None else 1


def _selval(node: Selval, b: Binder) -> Read:
    test, then, other = bind_test(node.condition, b), bind(node.then, b), bind(node.other, b)

    def choose(run: Run) -> Value:
        value = then(run) if test(run) else other(run)
        return "" if value is None else value

    return choose


# ---------------------------------------------------------------- binary


def _binary(node: Binary, b: Binder) -> Read:
    if (folded := b.constant(node)) is not None:
        return lambda run: folded
    if node.op == "+":
        return _plus(node, b)
    if node.op in ("==", "!=", "eq", "ne", "ieq", "ine") and is_null(node.right):
        defined = _defined(node.left, b)
        return _truth_not(defined) if node.op in ("==", "eq", "ieq") else defined
    if node.op in ("==", "!="):
        return _equal(node, b)
    if node.op in ("eq", "ne"):
        return _same_text(node, b)
    if node.op == "=~":
        return patterns.match(node, bind_str(node.left, b), b, bind_str)
    assert node.op in INT_ONLY
    if node.op in ("&&", "||"):
        return _logic(node, b)
    return _arithmetic(node, b)


def _truth_not(read: Read) -> Read:
    return lambda run: 0 if read(run) else 1


def _spine(node: Binary, b: Binder) -> list[Expression]:
    """The operands of a left-leaning chain of one operator: `a + b + c`."""
    operands: list[Expression] = []
    current: Expression = node
    keeps_constants = node.op == "+"
    while isinstance(current, Binary) and current.op == node.op and (keeps_constants or b.constant(current.right) is None):
        operands.append(current.right)
        current = current.left
    operands.append(current)
    operands.reverse()
    return operands


def _arithmetic(node: Binary, b: Binder) -> Read:
    apply = int_operators(b.dialect.int_bits)[node.op]
    folded = _folded(node, b)
    if folded is not None:
        return folded
    left = bind_int(node.left, b)
    known = b.constant(node.right)
    if isinstance(known, int) and (node.op not in ("/", "mod") or known):
        number = known
        return lambda run: apply(left(run), number)
    right = bind_int(node.right, b)

    def both(run: Run) -> int:
        a = left(run)
        try:
            return apply(a, right(run))
        except EvalError as error:
            raise _logged(error, b, node) from None

    return both


def _logged(error: EvalError, b: Binder, node: Expression) -> EvalError:
    if error.args and error.args[0]:
        b.services.diag("ERROR", error.args[0], span=node.span)
    return EvalError()


def _folded(node: Binary, b: Binder) -> Read | None:
    """What Kamailio's optimiser makes of a constant on one side (5.5): the other side may never run."""
    left, right = b.constant(node.left), b.constant(node.right)
    if node.op in ("*", "&") and 0 in (left, right):
        return lambda run: 0
    if (right == 1 and node.op in ("*", "/")) or (right == 0 and node.op in ("-", "|")):
        return bind_int(node.left, b)
    if (left == 1 and node.op == "*") or (left == 0 and node.op == "|"):
        return bind_int(node.right, b)
    return None


def _logic(node: Binary, b: Binder) -> Read:
    if (short := _short_logic(node, b)) is not None:
        return short
    operands = [bind_int(operand, b) for operand in _spine(node, b)]
    if len(operands) == 2:
        left, right = operands
        if node.op == "&&":
            return lambda run: 1 if left(run) and right(run) else 0
        return lambda run: 1 if left(run) or right(run) else 0
    if node.op == "&&":
        return lambda run: 1 if all(operand(run) for operand in operands) else 0
    return lambda run: 1 if any(operand(run) for operand in operands) else 0


def _short_logic(node: Binary, b: Binder) -> Read | None:
    """A constant operand of `&&` or `||` (5.5)."""
    for known, other in ((b.constant(node.left), node.right), (b.constant(node.right), node.left)):
        if isinstance(known, int):
            if bool(known) == (node.op == "||"):
                result = 1 if node.op == "||" else 0
                return lambda run: result
            return bind_int(other, b)
    return None


def _plus(node: Binary, b: Binder) -> Read:
    operands = _spine(node, b)
    first = b.kind(operands[0])
    if first == "str":
        return _joined([bind_str(operand, b) for operand in operands])
    if first == "int":
        return _sum([bind_int(operand, b) for operand in operands], b)
    if len(operands) == 2:
        return _plus_two(operands[0], operands[1], b)
    head = bind(operands[0], b)
    as_text = _joined([bind_str(operand, b) for operand in operands[1:]])
    as_number = _sum([bind_int(operand, b) for operand in operands[1:]], b)
    wrap = wrapper(b.dialect.int_bits)

    def plus(run: Run) -> Value:
        value = head(run)
        if value.__class__ is str:
            return value + as_text(run)
        if isinstance(value, int) and value is not FAILED:
            return wrap(value + as_number(run))
        return as_text(run)

    return plus


def _plus_two(left: Expression, right: Expression, b: Binder) -> Read:
    read, wrap = bind(left, b), wrapper(b.dialect.int_bits)
    known = b.constant(right)
    if isinstance(known, int):
        number, text = known, str(known)
        half = 1 << (b.dialect.int_bits - 1)

        def plus_constant(run: Run) -> Value:
            value = read(run)
            if value.__class__ is int:
                value += number
                return value if -half <= value < half else wrap(value)
            if value.__class__ is str:
                return value + text
            return wrap(value + number) if isinstance(value, int) and value is not FAILED else text

        return plus_constant
    as_text, as_number = bind_str(right, b), bind_int(right, b)

    def plus(run: Run) -> Value:
        value = read(run)
        if value.__class__ is str:
            return value + as_text(run)
        if isinstance(value, int) and value is not FAILED:
            return wrap(value + as_number(run))
        return as_text(run)

    return plus


def _joined(parts: list[ReadStr]) -> ReadStr:
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        first, second = parts
        return lambda run: first(run) + second(run)
    return lambda run: "".join([part(run) for part in parts])


def _sum(parts: list[ReadInt], b: Binder) -> ReadInt:
    wrap = wrapper(b.dialect.int_bits)
    if len(parts) == 1:
        return parts[0]
    return lambda run: wrap(sum([part(run) for part in parts]))


def _same_text(node: Binary, b: Binder) -> Read:
    left, right = bind_str(node.left, b), bind_str(node.right, b)
    if node.op == "eq":
        return lambda run: 1 if left(run) == right(run) else 0
    return lambda run: 1 if left(run) != right(run) else 0


def _equal(node: Binary, b: Binder) -> Read:
    hit = 1 if node.op == "==" else 0
    miss = 1 - hit
    kind = b.kind(node.left)
    if kind == "int":
        left_int, right_int = bind_int(node.left, b), bind_int(node.right, b)
        return lambda run: hit if left_int(run) == right_int(run) else miss
    if kind == "str":
        left_str, right_str = bind_str(node.left, b), bind_str(node.right, b)
        return lambda run: hit if left_str(run) == right_str(run) else miss
    read = bind(node.left, b)
    known = b.constant(node.right)
    if known is not None:
        return _equals_constant(read, known, node, b, hit)
    other = bind(node.right, b)
    convert = b.to_int(node.right.span)

    def equal(run: Run) -> int:
        left, right = read(run), other(run)
        if left.__class__ is str:
            return hit if left == (right if right.__class__ is str else to_str(right)) else miss
        if left is None or left is FAILED:
            return hit if right in (None, 0, "") else miss
        return hit if left == convert(right, run) else miss

    return equal


def _equals_constant(read: Read, known: int | str, node: Binary, b: Binder, hit: int) -> Read:
    miss = 1 - hit
    text, empty = str(known), hit if known in (0, "") else miss
    convert = b.to_int(node.right.span)

    def equal(run: Run) -> int:
        value = read(run)
        if value.__class__ is str:
            return hit if value == text else miss
        if value is None or value is FAILED:
            return empty
        return hit if value == (known if known.__class__ is int else convert(known, run)) else miss

    return equal

