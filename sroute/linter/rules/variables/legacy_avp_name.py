"""PV015."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Variable


class LegacyAvpName(NodeRule[Variable]):
    """An AVP has a name of the old form.

    `$avp(s:x)` is the same as `$avp(x)`. `$avp(i:5)` has a number for a name, and is not `$avp(5)`.
    """

    code = "PV015"
    severity = "info"
    nodes = (Variable,)
    bad = (Bad("$avp(s:x) = 1;", ("$avp(s:x)",), "$avp(x) = 1;"), Bad("$var(y) = $avp(i:5);", ("$avp(i:5)",)))
    good = ("$avp(x) = 1;",)

    def check(self, node: Variable, subject: Subject) -> Iterator[Found]:
        """A name with `s:` or `i:` before it."""
        inner = node.spec.inner or ""
        if node.spec.name == "avp" and inner[:2] in ("s:", "i:"):
            text = node.span.text()
            fix = Fix("leave out s:", (Edit(node.span, text.replace("s:", "", 1)),), safe=True) if inner[:2] == "s:" else None
            hint = f"$avp({inner[2:]}) is the same" if inner[:2] == "s:" else "give it a name"
            yield Found(node.span, "this AVP has a name of the old form", hint, fix)
