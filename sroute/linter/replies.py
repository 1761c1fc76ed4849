"""Tests of the status of a reply."""

from sroute.linter.conditions import leaves
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Call, CoreCondition, Expression, Literal, Variable, Word

FINAL = 200
STATUS = frozenset(["rs", "T_reply_code"])


def asks_for_final(condition: Expression, subject: Subject) -> bool:
    """Whether a condition holds a test that only final replies pass."""
    return any(_final(leaf, subject) for leaf in leaves(condition))


def _final(leaf: Expression, subject: Subject) -> bool:
    match leaf:
        case Binary(op=op, left=Variable(spec=spec), right=right) if spec.name in STATUS:
            value = subject.value(right)
            if isinstance(value, str):
                return _pattern(value) if op == "=~" else op == "==" and value.isdigit() and int(value) >= FINAL
            return isinstance(value, int) and op in ("==", ">", ">=") and value >= FINAL - (op == ">")
        case CoreCondition(left="status" | "uri", op=op, right=right):
            text = right.text if isinstance(right, Word) else str(right.value) if isinstance(right, Literal) else ""
            return _pattern(text) if op == "=~" else text.isdigit() and int(text) >= FINAL
        case Call(name="t_check_status", args=(argument, *_)):
            return _pattern(subject.text(argument) or "")
        case _:
            return False


def _pattern(text: str) -> bool:
    """Whether a pattern for a status begins with a class that is final."""
    begin = text.lstrip("^(")
    return begin[:1] in "23456" or begin[:2] in ("[2", "[3", "[4", "[5", "[6") if begin else False
