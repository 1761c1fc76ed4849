"""EX007."""

from collections.abc import Iterator

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here
from sroute.syntax.nodes import Assign, Binary, Call, CoreCall, Expression, Route, RouteCall, Unary, Variable

RESULT = frozenset(["rc", "retcode", "?"])
Codes = frozenset[str]


class NegativeAsCondition(ScriptRule):
    """A return code that may be negative is used as a condition.

    A condition is true when it is greater than 0. A negative number is false, and its negation is false too, because `!` makes 0 of
    it: with -1 in `$var(r)` both `if ($var(r))` and `if (!$var(r))` are skipped. Compare with 0.
    """

    code = "EX007"
    bad = (
        Bad(
            '$var(r) = lookup("location");\nif (!$var(r)) { exit; }',
            ("!$var(r)",),
            '$var(r) = lookup("location");\nif ($var(r) < 0) { exit; }',
        ),
        Bad('lookup("location");\nif (!$rc) { exit; }', ("!$rc",), 'lookup("location");\nif ($rc < 0) { exit; }'),
    )
    good = (
        '$var(r) = lookup("location");\nif ($var(r) < 0) { exit; }',
        'if (!lookup("location")) { exit; }',
        "$var(seen) = 1;\nif (!$var(seen)) { exit; }",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Negations of variables that hold a return code."""
        for node, span, _ in subject.once(_codes).of("negated"):
            assert isinstance(node, Unary)
            name = node.operand.span.text()
            text = f"{name} holds a return code: when it is negative, !{name} is false, too"
            yield Found(span, text, f"write {name} < 0", Fix("compare with 0", (Edit(node.span, f"{name} < 0"),)))


class Results(Watch[Codes]):
    """Which variables hold the return code of a call."""

    merges = True

    def initial(self, entry: Route) -> Codes:
        """None does."""
        return frozenset()

    def merge(self, one: Codes, other: Codes) -> Codes:
        """All that may."""
        return one | other

    def assign(self, node: Assign, state: Codes, at: Here) -> Codes:
        """A call on the right side, or a variable that holds a code."""
        name = node.target.spec.text
        value = node.value
        if isinstance(value, Call | CoreCall | RouteCall):
            return state | {name}
        if isinstance(value, Variable) and (value.spec.name in RESULT or value.spec.text in state):
            return state | {name}
        if isinstance(value, Unary) and value.op == "-" and isinstance(self.subject.value(value), int):
            return state | {name}
        return state - {name}

    def test(self, node: Expression, state: Codes, truth: bool) -> Codes | None:
        """A condition that is a negated code alone; a comparison may settle that it is not negative."""
        if isinstance(node, Variable) and (node.spec.text in state or node.spec.name in RESULT):
            around = self.subject.tree.parent(node)
            if isinstance(around, Unary) and around.op == "!":
                self.note("negated", around)
        if isinstance(node, Binary) and isinstance(node.left, Variable) and self._settles(node, truth):
            return state - {node.left.spec.text}
        return state

    def _settles(self, node: Binary, truth: bool) -> bool:
        value = self.subject.value(node.right)
        if not isinstance(value, int):
            return False
        kept = {"<": value >= 0, "<=": value >= -1} if not truth else {">": value >= -1, ">=": value >= 0, "==": value >= 0}
        return kept.get(node.op, False)


def _codes(subject: Subject) -> Followed:
    return follow(subject, Results)
