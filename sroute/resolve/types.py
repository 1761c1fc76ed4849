"""The static types of expressions and what Kamailio refuses for them (language reference 5.2)."""

from collections.abc import Callable
from typing import Literal as Choice

from sroute.resolve.constants import is_null
from sroute.source.diagnostic import Diagnostic
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

Type = Choice["int", "str", "any"]
Report = Callable[[Diagnostic], None]

INT_ONLY = frozenset(["-", "*", "/", "mod", "|", "&", "^", "<<", ">>", "<", "<=", ">", ">=", "&&", "||", "ieq", "ine"])
ORDERING = frozenset(["<", "<=", ">", ">="])
NAMES = {"int": "int", "str": "str"}


class Types:
    """Static types of expressions; remembers those of `+`, so that long chains cost no more than short ones."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[int, Type] = {}

    def of(self, node: Expression) -> Type:
        """What an expression gives as far as it is known before it runs."""
        chain: list[int] = []
        while isinstance(node, Binary) and node.op == "+" and id(node) not in self._known:
            chain.append(id(node))
            node = node.left
        found = self._known.get(id(node)) or _simple(node)
        self._known.update(dict.fromkeys(chain, found))
        return found


def _simple(node: Expression) -> Type:
    if isinstance(node, Literal):
        return "int" if isinstance(node.value, int) else "str"
    if isinstance(node, Variable | Selval):
        return "any"
    if isinstance(node, Select) or (isinstance(node, Unary) and node.op == "(str)"):
        return "str"
    return "int"


def check(node: Expression, kinds: Types, report: Report) -> None:
    """Reports the type error of one node; not of what is below it."""
    match node:
        case Binary():
            _binary(node, kinds, report)
        case Unary():
            _unary(node, kinds, report)
        case Literal() | Variable() | Select() | Selval() | Call() | CoreCall() | RouteCall():
            pass
        case CoreCondition() | AssignExpression() | BlockExpression():
            pass


def _mismatch(node: Binary, found: Type, wanted: Type, report: Report) -> None:
    where = node.op_span.begin
    code = "EX008" if node.op in ORDERING else "EX022"
    hint = {
        "EX008": "`<` and `>` compare numbers only; use cmp_str() or == for text",
        "EX022": "cast with (int) or (str), or put the text on the left of +",
    }[code]
    if node.op in ("||", "&&"):
        hint = "a string alone is no condition: was a comparison forgotten?"
    text = f"type mismatch: {found} instead of {wanted} at ({where.line},{where.column})"
    report(Diagnostic(code, "error", text, node.op_span, hint))


def _binary(node: Binary, kinds: Types, report: Report) -> None:
    left, right = kinds.of(node.left), kinds.of(node.right)
    if node.op in ("==", "!=", "eq", "ne", "ieq", "ine") and is_null(node.right):
        if left == "int":
            report(Diagnostic("EX022", "error", "type mismatch (int instead of str)", node.span, "a number is never null"))
    elif node.op in INT_ONLY:
        if "str" in (left, right):
            _mismatch(node, "str", "int", report)
    elif left == "int" and right == "str":
        _mismatch(node, "str", "int", report)
    elif node.op in ("eq", "ne", "=~") and left == "int":
        _mismatch(node, "int", "str", report)


def _unary(node: Unary, kinds: Types, report: Report) -> None:
    operand = kinds.of(node.operand)
    if node.op in ("-", "!", "~") and operand == "str":
        report(Diagnostic("EX022", "error", "type mismatch (str instead of int)", node.span, _unary_hint(node)))
    elif node.op in ("defined", "strlen", "strempty") and operand == "int":
        report(Diagnostic("EX022", "error", "type mismatch (int instead of str)", node.span, "cast with (str)"))


def _unary_hint(node: Unary) -> str:
    return "`!` binds tighter than comparisons: write !(...)" if node.op == "!" else "cast with (int)"
