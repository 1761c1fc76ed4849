"""PV009."""

from collections.abc import Iterable, Iterator

from sroute.exports.variable import Pv
from sroute.linter.following import Followed, Watch, follow
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.syntax.nodes import Assign, Call, CoreCall, Expression, Route, Unary, Variable

Set = frozenset[str]


class VarReadBeforeSet(ScriptRule):
    """`$var` is read on a path on which it was not set.

    `$var` belongs to the process and is not emptied between messages: without an assignment before it, the value is that of an
    earlier message. Set it at the beginning of the route, or use `$vn`, which begins as null.
    """

    code = "PV009"
    bad = (
        Bad("if ($var(x) == 1) { exit; }\n$var(x) = 1;", ("$var(x)",)),
        Bad('if (has_totag()) { $var(kind) = "in"; }\nxlog("$var(kind)\\n");', ('"$var(kind)\\n"',)),
    )
    good = ("$var(x) = 0;\nif (has_totag()) { $var(x) = 1; }\nif ($var(x) == 1) { exit; }", "if ($var(never) == 1) { exit; }")

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first reads that an assignment does not precede."""
        seen: set[str] = set()
        found = sorted(subject.once(_unset).of("unset"), key=lambda each: (each[1].source.name, each[1].start))
        for _, span, name in found:
            if name not in seen:
                seen.add(name)
                text = f"{name} may not have been set for this message: it keeps its value from an earlier one"
                yield Found(span, text, "set it first on every path")


class Assigned(Watch[Set]):
    """The script variables that have been assigned on every path so far."""

    merges = True

    def __init__(self, subject: Subject) -> None:
        """Only variables that are assigned somewhere, and not by a parameter, are of interest."""
        super().__init__(subject)
        self._wanted = subject.once(_assigned_somewhere)

    def initial(self, entry: Route) -> Set:
        """None has been."""
        return frozenset()

    def merge(self, one: Set, other: Set) -> Set:
        """Those of both paths."""
        return one & other

    def assign(self, node: Assign, state: Set, at: Here) -> Set:
        """One more."""
        return state | {node.target.spec.text} if node.target.spec.name == "var" else state

    def read(self, node: Variable, state: Set, at: Here) -> None:
        """A variable in code, unless it is only asked whether there is something in it."""
        pv = self.subject.program.pvs.get(id(node))
        around = self.subject.tree.parent(node)
        if pv is not None and not (isinstance(around, Unary) and around.op in ("defined", "strempty")):
            self._look(pv, node, state)

    def call(self, node: Call | CoreCall, state: Set, at: Here) -> Iterable[tuple[Set, Truth]]:
        """Variables in quoted arguments; one alone may be where a function puts its result."""
        for arg in node.args:
            if isinstance(arg, Variable):
                continue
            pvs = self.subject.variables(arg)
            alone = len(pvs) == 1 and self.subject.text(arg) == pvs[0].spec.text
            for pv in pvs:
                if alone and pv.spec.name == "var":
                    state = state | {pv.spec.text}
                else:
                    self._look(pv, arg, state)
        return ((state, None),)

    def _look(self, pv: Pv, node: object, state: Set) -> None:
        name = pv.spec.text
        if pv.spec.name == "var" and name in self._wanted and name not in state:
            self.note("unset", node, name)  # type: ignore[arg-type]

    def test(self, node: Expression, state: Set, truth: bool) -> Set | None:
        """Nothing is learned from a test."""
        return state


def _assigned_somewhere(subject: Subject) -> frozenset[str]:
    given = {f"$var({setting.value})".partition("=")[0] + ")" for setting in subject.program.params if setting.param.name == "varset"}
    return frozenset(node.target.spec.text for node in subject.tree.each(Assign) if node.target.spec.name == "var") - given


def _unset(subject: Subject) -> Followed:
    return follow(subject, Assigned)
