"""UP003."""

from collections.abc import Iterator

from sroute.linter.knowledge import TEXTUAL
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Expression, Literal, Unary, Variable, While

BITS = 32
NUMERIC = frozenset(["-", "*", "/", "mod", "<<", ">>", "|", "&", "^"])


class ChangedMeaning(NodeRule[Binary | Unary | While]):
    """A statement means something else in the version that is checked for than in 5.6.

    From 6.1 on integers have 64 bits, so that a shift by 32 is no shift by 0 any more, and a text that is no number makes the whole
    expression fail where it counted as 0. The branch after 6.1 ends a `while` when its value is not greater than 0; before, a
    negative one went on. Looked at with `--kamailio 6.1` and newer.
    """

    code = "UP003"
    version = "dev"
    nodes = (Binary, Unary, While)
    bad = (
        Bad("$var(x) = 1 << 40;", ("1 << 40",)),
        Bad("$var(x) = (int)$hdr(X-Count);", ("(int)$hdr(X-Count)",)),
        Bad("while ($var(i)) { $var(i) = $var(i) - 3; }", ("$var(i)",)),
    )
    good = (
        "$var(x) = 1 << 4;",
        "$var(x) = (int)$var(count);",
        "while ($var(i) > 0) { $var(i) = $var(i) - 3; }",
        'if ($hdr(X-Count) =~ "^[0-9]+$") { $var(x) = (int)$hdr(X-Count); }',
    )

    def check(self, node: Binary | Unary | While, subject: Subject) -> Iterator[Found]:
        """Shifts, casts and sums of texts, loops with a number as condition."""
        dialect = subject.program.dialect
        if dialect.int_bits > BITS and isinstance(node, Binary) and node.op in ("<<", ">>"):
            count = subject.value(node.right)
            if isinstance(count, int) and BITS - 1 <= count < dialect.int_bits and node.op == "<<":
                yield Found(node.span, f"integers have {dialect.int_bits} bits now: in 5.6 this shifted by {count % BITS} in 32 bits")
        if dialect.failed_conversion_is_error and isinstance(node, Binary | Unary):
            for text in _converted(node):
                if not _checked(text, node, subject):
                    yield Found(node.span, f"when {text.spec.text} is no number this fails now; in 5.6 it counted as 0")
        if dialect.while_needs_positive and isinstance(node, While) and isinstance(node.condition, Variable):
            name = node.condition.spec.text
            yield Found(node.condition.span, f"this ends when {name} is not greater than 0 now; in 5.6 a negative {name} went on")


def _converted(node: Binary | Unary) -> Iterator[Variable]:
    """Texts of the message that are converted to numbers."""
    if isinstance(node, Unary):
        operands: tuple[Expression, ...] = (node.operand,) if node.op == "(int)" else ()
    elif node.op in NUMERIC:
        operands = (node.left, node.right)
    else:
        operands = (node.right,) if node.op == "+" and isinstance(node.left, Literal) and isinstance(node.left.value, int) else ()
    for operand in operands:
        if isinstance(operand, Variable) and operand.spec.name in TEXTUAL - {"rp", "op", "dp"} and not operand.spec.transformations:
            yield operand


def _checked(text: Variable, node: Expression, subject: Subject) -> bool:
    """Whether something around asks for the same text."""
    for around in subject.tree.ancestors(node):
        condition = getattr(around, "condition", None)
        if condition is not None and text.spec.text in condition.span.text():
            return True
    return False
