"""MD030."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call


class ArgumentWithoutEffect(NodeRule[Call]):
    """An argument asks for what 5.6.3 does not do.

    `fnmatch(text, pattern, "i")` looks at capitals all the same; `sip_p_charging_vector("r")` removes nothing. Newer versions do.
    """

    code = "MD030"
    nodes = (Call,)
    bad = (
        Bad('if (fnmatch("$rU", "alice*", "i")) { exit; }', ('"i"',)),
        Bad('sip_p_charging_vector("r");', ('"r"',)),
    )
    good = ('if (fnmatch("$rU", "alice*")) { exit; }', 'sip_p_charging_vector("g");', 'sip_p_charging_vector("fr");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """The flags of the two functions."""
        if subject.program.dialect.newer:
            return
        if node.name == "fnmatch" and (subject.argument(node, 2) or "")[:1] in ("i", "I"):
            yield Found(node.args[2].span, "this flag does nothing: case matters all the same", "use {s.tolower} on the text")
        elif node.name == "sip_p_charging_vector" and _removes(subject.argument(node, 0) or ""):
            yield Found(node.args[0].span, "this removes nothing: the header stays", 'remove_hf("P-Charging-Vector")')


def _removes(flags: str) -> bool:
    return "r" in flags.lower() and not set(flags.lower()) & {"f", "g"}
