"""RT034."""

from collections.abc import Iterable, Iterator

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.knowledge import ALWAYS_TRUE, PREDICATES
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.spans import behind, with_semicolon
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.syntax.nodes import Assign, Block, Call, CallStatement, CoreCall, Leave, Route
from sroute.syntax.walk import Node

Last = int
"""The identity of the command whose false result was the last one, or 0."""


class ReplyDropped(ScriptRule):
    """The way reply_route ends drops the reply.

    A reply is not forwarded when the last command of the unnamed `reply_route` (also called `onreply_route`) is false, or when it
    ends with `return -1` or `return 0`. tm does not see the reply then, and the request is sent again. A false condition inside `if
    (...)` and `exit` do no harm. End with `return 1;`.
    """

    code = "RT034"
    stage = "run"
    bad = (
        Bad('reply_route {\n    is_method("INVITE");\n}', ('is_method("INVITE")',), 'reply_route {\n    is_method("INVITE"); return 1;\n}'),
        Bad("reply_route {\n    if ($rs == 183) { return -1; }\n}", ("return -1",)),
    )
    good = (
        'reply_route {\n    if (is_method("INVITE")) { xlog("a\\n"); }\n}',
        'reply_route {\n    is_method("INVITE");\n    return 1;\n}',
        "onreply_route[X] {\n    return -1;\n}",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Ends of the reply route that are false."""
        for node, span, how in subject.once(_ends).of("dropped"):
            text = f"the reply is dropped here: {how}"
            yield Found(span, text, "end with return 1; to let it through, or say drop", _fix(node, subject))


def _fix(node: Node, subject: Subject) -> Fix | None:
    """`return 1;` behind a question that is the last command of a block in braces."""
    statement = subject.tree.parent(node) if isinstance(node, Call | CoreCall) else None
    block = subject.tree.parent(statement) if isinstance(statement, CallStatement) else None
    if statement is None or not isinstance(block, Block) or not block.braces:
        return None
    end = with_semicolon(statement.span)
    return Fix("end with return 1;", (Edit(behind(end), " return 1;"),)) if end.text().endswith(";") else None


class Ends(Watch[Last]):
    """The last command of the reply route, as far as it may be false."""

    def __init__(self, subject: Subject) -> None:
        """Remembers the commands by identity."""
        super().__init__(subject)
        self.suspects: dict[int, tuple[Call | CoreCall | Leave, str]] = {}

    def initial(self, entry: Route) -> Last:
        """Nothing has run."""
        return 0

    def call(self, node: Call | CoreCall, state: Last, at: Here) -> Iterable[tuple[Last, Truth]]:
        """A question that stands alone is the last command until another one comes."""
        alone = isinstance(self.subject.tree.parent(node), CallStatement)
        if alone and node.name in PREDICATES and at.entry.kind == "reply":
            self.suspects[id(node)] = (node, f"{node.name}() is the last command, and may be false")
            return ((id(node), False), (0, True))
        return ((0, True if node.name in ALWAYS_TRUE else None),)

    def assign(self, node: Assign, state: Last, at: Here) -> Last:
        """An assignment is true."""
        return 0

    def leave(self, node: Leave | Route, state: Last, at: Here) -> Last:
        """`return 0` ends the script and drops the reply."""
        if at.entry.kind != "reply":
            return state
        if isinstance(node, Leave) and node.how == "return":
            self.note("dropped", node, "return 0 ends the script like a failure")
        elif state in self.suspects and at.last is not True:
            self.note("dropped", *self.suspects[state])
        return state

    def returns(self, node: Leave, state: Last, code: int | None, at: Here) -> Last:
        """A negative result, of the reply route itself or of a block that it calls last."""
        if at.entry.kind == "reply" and code is not None and code < 0:
            self.suspects[id(node)] = (node, f"return {code} is a failure")
            return id(node)
        return 0


def _ends(subject: Subject) -> Followed:
    return follow(subject, Ends)
