"""PV008."""

from collections.abc import Iterator

from sroute.exports.variable import Pv
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject, quoted, verbatim
from sroute.resolve.usage import Tree
from sroute.syntax.nodes import Assign, Binary, Call, Case, CoreCall, Literal, RouteCall
from sroute.syntax.walk import Node

COMPARES = frozenset(["==", "!=", "eq", "ne", "ieq", "ine", "=~"])


URI = frozenset(["sethost", "sethostport", "sethostporttrans", "setuser", "setuserpass", "setport", "seturi", "prefix"])
"""The core's own functions that change the request URI: they take their text as it is."""


class VariableInPlainString(NodeRule[Literal]):
    """A variable in a plain string is not expanded.

    Only functions of modules expand variables in their arguments. In assignments, comparisons, patterns behind `=~` and labels, and
    in the core's own `sethost()` and its like, a quoted string is taken as it is: `$var(x) = "sip:$rU@h"` stores the nine
    characters, and `$rU == "$var(p)"` compares with them. Join the parts with `+`, or use `$_s(...)`.
    """

    code = "PV008"
    nodes = (Literal,)
    bad = (
        Bad('$var(x) = "sip:$rU@example.com";', ('"sip:$rU@example.com"',), '$var(x) = "sip:" + $rU + "@example.com";'),
        Bad('if ($rU == "$var(p)") { exit; }', ('"$var(p)"',), "if ($rU == $var(p)) { exit; }"),
        Bad('sethost("$fd");', ('"$fd"',)),
        Bad('if ($ua =~ "^$var(name)/") { exit; }', ('"^$var(name)/"',), 'if ($ua =~ "^" + $var(name) + "/") { exit; }'),
    )
    good = (
        '$var(x) = "sip:" + $rU + "@example.com";',
        "$var(x) = $_s(sip:$rU@example.com);",
        'xlog("L_INFO", "user $rU\\n");',
        '$var(price) = "costs $5";',
    )

    def check(self, node: Literal, subject: Subject) -> Iterator[Found]:
        """A string outside of arguments that names a variable."""
        if not isinstance(node.value, str) or "$" not in node.value:
            return
        place = _place(node, subject.tree)
        pieces = subject.pieces(node.value)
        names = [piece.spec.text for piece in pieces if isinstance(piece, Pv)]
        if place is None or not names:
            return
        text = f"{names[0]} is not expanded here: this string is taken as it is"
        hint = "assign it: $rd = ..., $rU = ..., $ru = ..." if place == "core" else "join the parts with +, or use $_s(...)"
        yield Found(node.span, text, hint, _fix(node, pieces) if place not in ("label", "core") else None)


def _place(node: Literal, tree: Tree) -> str | None:
    """Where the string is used; None where variables are expanded or nobody looks."""
    below: Node = node
    for around in tree.ancestors(node):
        match around:
            case CoreCall(name=name) if name in URI:
                return "core"
            case Call() | CoreCall() | RouteCall():
                return None
            case Case(label=label) if label is below:
                return "label"
            case Assign(value=value) if value is below:
                return "value"
            case Binary(op=op) if op in COMPARES:
                return "comparison"
            case _:
                below = around
    return None


def _fix(node: Literal, pieces: tuple[str | Pv, ...]) -> Fix | None:
    if not verbatim(node):
        return None
    parts = [quoted(piece) if isinstance(piece, str) else piece.spec.text for piece in pieces]
    return Fix("join the parts with +", (Edit(node.span, " + ".join(parts)),))
