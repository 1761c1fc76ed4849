"""PV014."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign, Block, Call, Literal, Variable, While

CLASSES = frozenset(["xavp", "xavi"])
_WORD = re.compile(r"(?<![(\w])\w+")
_INDEXED = re.compile(r"(\w+)\[(\d+)\]")


class XavpStacks(NodeRule[Block]):
    """Fields of one XAVP are assigned without an index, and each makes a new one.

    `$xavp(x=>a) = 1; $xavp(x=>b) = 2;` makes two lists called x: the newest has b alone, and `$xavp(x=>a)` is null. Write
    `$xavp(x[0]=>b) = 2` for the second.
    """

    code = "PV014"
    nodes = (Block,)
    bad = (Bad("$xavp(x=>a) = 1;\n$xavp(x=>b) = 2;", ("$xavp(x=>b)",), "$xavp(x=>a) = 1;\n$xavp(x[0]=>b) = 2;"),)
    good = ("$xavp(x=>a) = 1;\n$xavp(x[0]=>b) = 2;", "$xavp(x=>a) = 1;\n$xavp(y=>b) = 2;", "$xavu(x=>a) = 1;\n$xavu(x=>b) = 2;")

    def check(self, node: Block, subject: Subject) -> Iterator[Found]:
        """A second field of a root in the same block."""
        seen: dict[tuple[str, str], set[str]] = {}
        for statement in node.statements:
            if not isinstance(statement, Assign) or statement.target.spec.name not in CLASSES:
                continue
            root, arrow, field = (statement.target.spec.inner or "").partition("=>")
            yield from _beyond(statement.target, root, subject)
            fields = seen.setdefault((statement.target.spec.name, root), set())
            if not arrow or "[" in root or "$" in root:
                continue
            if fields and field not in fields:
                name = statement.target.spec.name
                written = f"${name}({root}[0]=>{field})"
                fix = Fix("add to the newest", (Edit(statement.target.span, written),))
                yield Found(statement.target.span, f"this makes a second {root}, with {field} alone", f"write {written}", fix)
            fields.add(field)


def _beyond(target: Variable, root: str, subject: Subject) -> Iterator[Found]:
    """An index for which there can be no list, in a script where only assignments make lists of that name."""
    match = _INDEXED.fullmatch(root)
    if match is None or int(match[2][:9]) < subject.once(_made).get(
        (target.spec.name, match[1]), 0 if _named(match[1], subject) else 1 << 30
    ):
        return
    text = f"there is no {match[1]} with the index {match[2]}: the assignment does nothing"
    yield Found(target.span, text, f"${target.spec.name}({match[1]}=>...) makes a new one")


def _made(subject: Subject) -> dict[tuple[str, str], int]:
    """How many lists of each name assignments make, as far as loops and functions do not make more."""
    made: dict[tuple[str, str], int] = {}
    for node in subject.tree.each(Assign):
        root = (node.target.spec.inner or "").partition("=>")[0]
        if node.target.spec.name in CLASSES and "[" not in root:
            again = any(isinstance(around, While) for around in subject.tree.ancestors(node)) or not _named(root, subject)
            made[node.target.spec.name, root] = made.get((node.target.spec.name, root), 0) + (1 << 30 if again else 1)
    return made


def _named(root: str, subject: Subject) -> bool:
    """Whether nothing but variables says the name: no function and no parameter, which may make lists."""
    return root not in subject.once(_words)


def _words(subject: Subject) -> frozenset[str]:
    """The words in arguments and parameters, without those that stand in the parentheses of a variable."""
    texts: list[object] = [arg.value for call in subject.tree.each(Call) for arg in call.args if isinstance(arg, Literal)]
    texts += [setting.value for setting in subject.program.params]
    return frozenset(word for text in texts if isinstance(text, str) for word in _WORD.findall(text))
