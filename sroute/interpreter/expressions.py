"""Expressions bound to closures: as a value, as an int, as a text, as a truth."""

from collections.abc import Callable
from typing import assert_never, cast

from sroute.interpreter import calls, conditions, truths, variables
from sroute.interpreter.binder import Binder
from sroute.interpreter.operators import IntOp, int_operators
from sroute.interpreter.places import where
from sroute.runtime.flow import EvalError
from sroute.runtime.run import Read, Run
from sroute.runtime.values import FAILED, Value, wrapper
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
ARITHMETIC = frozenset(["-", "*", "/", "mod", "|", "&", "^", "<<", ">>"])
LONG_CHAIN = 50


def bind(node: Expression, b: Binder) -> Read:
    """A closure that reads the value of an expression."""
    if isinstance(node, Unary | Binary) and (known := b.constant(node)) is not None:
        constant = known
        return lambda run: constant
    if truths.is_truth(node, b):
        test = truths.bind(node, b)
        return lambda run: 1 if test(run) else 0
    match node:
        case Literal(value):
            return lambda run: value
        case Variable():
            pv = b.program.pvs[id(node)]
            return variables.located(b.read(pv), pv, node.span)
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
            return calls.raw(node, b) if b.return_mode == 1 else _truth(calls.raw(node, b))
        case _:
            assert_never(node)


def bind_raw(node: Expression, b: Binder) -> Read:
    """As bind, but a call, route or block alone gives its raw code (the right side of an assignment)."""
    inner = node
    while isinstance(inner, Binary) and (same := _same_int(inner, b)) is not None:
        inner = same
    if isinstance(inner, Call | CoreCall | RouteCall | BlockExpression):
        return calls.raw(inner, b)
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
    if isinstance(node, Selval):
        return no_selval(node, b)
    if isinstance(node, Binary) and node.op == "+" and b.kind(node) == "any":
        return _sum([bind_int(operand, b) for operand in _spine(node)], b)
    read = bind(node, b)
    if b.kind(node) == "int":
        return cast(ReadInt, read)
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
        return cast(ReadStr, read)

    def as_str(run: Run) -> str:
        value = read(run)
        return value if value.__class__ is str else "" if value is None else str(value)

    return as_str


def bind_or_null(node: Variable | Select, b: Binder) -> Read:
    """A variable or select, null where there is nothing."""
    return conditions.select_or_null(node.parts, b, node.span) if isinstance(node, Select) else bind(node, b)


# ---------------------------------------------------------------- unary


def _unary(node: Unary, b: Binder) -> Read:
    if node.op == "strlen":
        return _length(bind_str(node.operand, b))
    if node.op == "(str)":
        return bind_str(node.operand, b)
    number = bind_int(node.operand, b)
    wrap = wrapper(b.dialect.int_bits)
    if node.op == "-":
        return lambda run: wrap(-number(run))
    return (lambda run: ~number(run)) if node.op == "~" else number


def _length(text: ReadStr) -> ReadInt:
    """strlen(): 0 for an expression without a value."""

    def length(run: Run) -> int:
        try:
            return len(text(run))
        except EvalError:
            return 0

    return length


def _selval(node: Selval, b: Binder) -> Read:
    test, then, other = truths.positive(node.condition, b), bind(node.then, b), bind(node.other, b)

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
    if node.op in ("&&", "||"):
        folded_to = folded_logic(node, b)
        assert folded_to is not None
        return folded_to
    return _arithmetic(node, b)


def _spine(node: Binary) -> list[Expression]:
    """The operands of a left-leaning chain: `a + b + c`."""
    operands: list[Expression] = []
    current: Expression = node
    while isinstance(current, Binary) and current.op == node.op:
        operands.append(current.right)
        current = current.left
    return [current, *reversed(operands)]


def _arithmetic(node: Binary, b: Binder) -> Read:
    apply = int_operators(b.dialect.int_bits)[node.op]
    folded = _folded(node, b)
    if folded is not None:
        return folded
    if _depth(node) > LONG_CHAIN:
        return _chain(node, b)
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


def _depth(node: Binary) -> int:
    """How many operators lean to the left, counted no further than LONG_CHAIN."""
    depth, current = 0, node.left
    while depth <= LONG_CHAIN and isinstance(current, Binary) and current.op in ARITHMETIC:
        depth, current = depth + 1, current.left
    return depth


def _chain(node: Binary, b: Binder) -> Read:
    """A long chain that leans to the left, `a - b + c - d ...`: a loop instead of nested closures."""
    operators = int_operators(b.dialect.int_bits)
    steps: list[tuple[IntOp, ReadInt, Binary]] = []
    current: Expression = node
    while isinstance(current, Binary) and current.op in ARITHMETIC:
        steps.append((operators[current.op], bind_int(current.right, b), current))
        current = current.left
    first = bind_int(current, b)
    steps.reverse()

    def chain(run: Run) -> int:
        value = first(run)
        for apply, right, part in steps:
            try:
                value = apply(value, right(run))
            except EvalError as error:
                raise _logged(error, b, part) from None
        return value

    return chain


def _logged(error: EvalError, b: Binder, node: Expression) -> EvalError:
    if error.args and error.args[0]:
        b.services.diag("ERROR", error.args[0], span=node.span)
    return EvalError()


def _folded(node: Binary, b: Binder) -> Read | None:
    """What Kamailio's optimiser makes of a constant on one side (5.5): the other side's int alone."""
    same = _same_int(node, b)
    return None if same is None else bind_int(same, b)


def _same_int(node: Binary, b: Binder) -> Expression | None:
    """The operand whose int is the whole value: of `x * 1`, `x / 1`, `x - 0`, `0 + x`, `x | 0`, `x && 1`, `x || 0` (5.5)."""
    left, right = b.constant(node.left), b.constant(node.right)
    if node.op == "+" and (left == 0 or (right == 0 and b.kind(node.left) == "int")) and isinstance(left or right or 0, int):
        return node.right if left == 0 else node.left
    if (right == 1 and node.op in ("*", "/", "&&")) or (right == 0 and node.op in ("-", "|", "||")):
        return node.left
    if (left == 1 and node.op in ("*", "&&")) or (left == 0 and node.op in ("|", "||")):
        return node.right
    return None


def folded_logic(node: Binary, b: Binder) -> Read | None:
    """`&&` or `||` that a constant operand decides, or leaves to the other one's int (5.5); None for any other."""
    known = b.constant(node)
    if isinstance(known, int):
        decided = known
        return lambda run: decided
    same = _same_int(node, b)
    return None if same is None else bind_int(same, b)


def no_selval(node: Selval, b: Binder) -> ReadInt:
    """selval() where an int is needed: 5.6.3 has no value for it, and the whole expression fails."""

    def fail(run: Run) -> int:
        b.services.diag("ERROR", f"invalid selval int expression operation {where(node.span)}", span=node.span)
        raise EvalError

    return fail


def _plus(node: Binary, b: Binder) -> Read:
    operands = _spine(node)
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
