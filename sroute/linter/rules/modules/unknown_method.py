"""MD017."""

from collections.abc import Iterator

from sroute.linter.knowledge import METHODS
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject, quoted
from sroute.source.nearest import nearest
from sroute.syntax.nodes import Binary, Expression, Literal, Switch, Variable


class UnknownMethod(ScriptRule):
    """A request is tested for a method that does not exist.

    `is_method("INVTE")` is true only for requests with that very word as method. (In a list, `"INVTE|ACK"`, it stops the start.)
    """

    code = "MD017"
    bad = (
        Bad('if (is_method("INVTE")) { exit; }', ('"INVTE"',), 'if (is_method("INVITE")) { exit; }'),
        Bad('if ($rm == "REGISTR") { exit; }', ('"REGISTR"',), 'if ($rm == "REGISTER") { exit; }'),
    )
    good = ('if (is_method("INVITE")) { exit; }', 'if ($rm == "REGISTER") { exit; }', 'if (is_method("XYZZY")) { exit; }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Words that are nearly a method."""
        for call in subject.calls("is_method"):
            yield from _misspelt(call.args[0], subject)
        for node in subject.tree.each(Binary):
            if node.op in ("==", "!=", "eq", "ne") and isinstance(node.left, Variable) and node.left.spec.name == "rm":
                yield from _misspelt(node.right, subject)
        for label in _labels(subject):
            yield from _misspelt(label, subject)


def _labels(subject: Subject) -> Iterator[Expression]:
    """The labels of switches on the method."""
    for switch in subject.tree.each(Switch):
        if isinstance(switch.selector, Variable) and switch.selector.spec.name == "rm":
            yield from (case.label for case in switch.cases if case.label is not None and not case.regex)


def _misspelt(node: Expression, subject: Subject) -> Iterator[Found]:
    text = subject.text(node)
    if not text or "|" in text or "$" in text or text in METHODS:
        return
    meant = nearest(text, METHODS)
    if meant is not None:
        fix = (
            Fix(f"write {meant}", (Edit(node.span, quoted(meant)),))
            if isinstance(node, Literal) and node.span.text() == f'"{text}"'
            else None
        )
        yield Found(node.span, f"there is no method {text}", f"did you mean {meant}?", fix)
