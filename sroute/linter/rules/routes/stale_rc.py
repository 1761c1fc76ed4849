"""RT026."""

from collections.abc import Iterable, Iterator

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.knowledge import LOGGERS
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.syntax.nodes import Call, CoreCall, Route, RouteCall, Variable

RESULT = frozenset(["rc", "retcode", "?"])


class StaleRc(ScriptRule):
    """`$rc` is read after a log line has replaced it.

    Every command sets `$rc`, also `xlog()`, which makes it 1. (An assignment leaves it alone.) Keep it in a variable first:
    `$var(rc) = $rc;`.
    """

    code = "RT026"
    bad = (Bad('lookup("location");\nxlog("L_INFO", "looked up\\n");\nif ($rc < 0) { exit; }', ("$rc",)),)
    good = (
        'lookup("location");\n$var(rc) = $rc;\nxlog("L_INFO", "looked up\\n");\nif ($var(rc) < 0) { exit; }',
        'xlog("L_INFO", "now\\n");\nlookup("location");\nif ($rc < 0) { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Reads of `$rc` whose last command was a log line."""
        for _, span, name in subject.once(_reads).of("stale"):
            yield Found(span, f"{span.text()} is the result of {name}() here, which is always 1", "keep it in a variable before logging")


class LastCommand(Watch[str]):
    """The name of the function that set `$rc` last; empty where something else did."""

    def initial(self, entry: Route) -> str:
        """Nothing has run."""
        return ""

    def call(self, node: Call | CoreCall, state: str, at: Here) -> Iterable[tuple[str, Truth]]:
        """Each call sets it."""
        return ((node.name if node.name in LOGGERS else "", None),)

    def behind(self, node: RouteCall, state: str) -> str:
        """A block has a result of its own, the last command of it or what it returns."""
        return ""

    def read(self, node: Variable, state: str, at: Here) -> None:
        """`$rc` in code."""
        if node.spec.name in RESULT and state:
            self.note("stale", node, state)


def _reads(subject: Subject) -> Followed:
    if not any(node.spec.name in RESULT for node in subject.tree.each(Variable)):
        return Followed({})
    return follow(subject, LastCommand)
