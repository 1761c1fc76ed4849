"""Which texts come from outside along the paths of a script, and where they go: SQL, commands, headers, patterns.

A text from the message carries dangers (quotes for SQL and the shell, special characters for patterns); one that was decoded may
hold line ends, too. Transformations and checks against a closed pattern take dangers away.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sroute.exports.variable import Pv
from sroute.linter.following import Followed, Watch, follow
from sroute.linter.knowledge import FROM_OUTSIDE, HEADER, HOSTS, PATTERN, REASON, SHELL, SQL, STORES
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.resolve.usage import inner_pvs
from sroute.syntax.nodes import Assign, Binary, Call, CoreCall, Expression, Literal, Route, Selval, Unary, Variable

Dangers = frozenset[str]
NONE: Dangers = frozenset()
OUTSIDE: Dangers = frozenset(["sql", "shell", "regex"])
LINES: Dangers = frozenset(["crlf"])
CLEAN = re.compile(r"s\.(?:int|len|md5|sha\d+|encode\..*|numeric|fmtlen|ftime|corehash|count|before_int)|uri\.port|.*\.(?:count|size|len)")
DECODES = re.compile(r"s\.(?:decode|unescape)\.(?!user|param).*|json\..*|xml\..*|xpath\..*")
ESCAPES = re.compile(r"s\.escape\..*|sql\..*")
CLOSED = re.compile(r"\^[^.\\]*(?:\\[.+*?^$|()][^.\\]*)*\$\Z")
"""A pattern that is anchored at both ends and has no wildcard."""
LINED = frozenset(["rb", "mb", "mbu", "msgbuf"])
PARTS = frozenset(["ru", "rU", "rd", "du", "fu", "fU", "fn", "tu", "tU", "tn"])
"""Variables whose assignment writes into the message."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The variables of the script that hold something dangerous, and variables of the message that were checked."""

    held: frozenset[tuple[str, str]] = frozenset()
    checked: frozenset[str] = frozenset()


class Taint(Watch[Texts]):
    """Notes where dangerous texts are used."""

    SQL, SHELL, CRLF, REGEX, TABLE = "sql", "shell", "crlf", "regex", "table pattern"
    merges = True

    def initial(self, entry: Route) -> Texts:
        """Nothing is stored, nothing is checked."""
        return Texts()

    def merge(self, one: Texts, other: Texts) -> Texts:
        """What either path has stored, what both have checked."""
        return Texts(one.held | other.held, one.checked & other.checked)

    # ------------------------------------------------------------ dangers of texts

    def of_pv(self, pv: Pv, state: Texts) -> Dangers:
        """The dangers in the value of a variable."""
        text = pv.spec.text
        if text in state.checked:
            return NONE
        name = pv.variable.name
        dangers: Dangers = NONE
        if name in STORES:
            key = store(pv)
            dangers = frozenset(danger for stored, danger in state.held if stored == key)
        elif name not in HOSTS and (name in FROM_OUTSIDE or pv.spec.name in FROM_OUTSIDE):
            dangers = OUTSIDE | LINES if name in LINED else OUTSIDE
        elif name in ("_s", "def"):
            for inner in inner_pvs(pv):
                dangers |= self.of_pv(inner, state)
        for transformation in pv.spec.transformations:
            dangers = _through(f"{transformation.family}.{transformation.function}", dangers)
        return dangers

    def of(self, node: Expression, state: Texts) -> Dangers:
        """The dangers in the value of an expression."""
        match node:
            case Variable():
                pv = self.subject.program.pvs.get(id(node))
                return NONE if pv is None else self.of_pv(pv, state)
            case Binary(op="+", left=left, right=right):
                return self.of(left, state) | self.of(right, state)
            case Unary(op="(str)", operand=operand):
                return self.of(operand, state)
            case Selval(then=then, other=other):
                return self.of(then, state) | self.of(other, state)
            case _:
                return NONE

    def of_argument(self, node: Call | CoreCall, number: int, state: Texts) -> Dangers:
        """The dangers in an argument: of the variables in its text, or of what is computed."""
        if number >= len(node.args):
            return NONE
        arg = node.args[number]
        found: Dangers = NONE
        if isinstance(arg, Literal):
            for pv in self.subject.variables(arg):
                found |= self.of_pv(pv, state)
            return found
        return NONE if not isinstance(arg, Variable | Binary | Unary | Selval) else self.of(arg, state)

    # ------------------------------------------------------------ along the path

    def call(self, node: Call | CoreCall, state: Texts, at: Here) -> Iterable[tuple[Texts, Truth]]:
        """A function that does something with a text."""
        for table, danger, tag in (
            (SQL, "sql", self.SQL),
            (SHELL, "shell", self.SHELL),
            (HEADER, "crlf", self.CRLF),
            (REASON, "crlf", self.CRLF),
        ):
            number = table.get(node.name)
            if number is not None and danger in self.of_argument(node, number, state):
                self.note(tag, node.args[number])
        number = PATTERN.get(node.name)
        if number is not None and "regex" in self.of_argument(node, number, state):
            self.note(self.TABLE if node.name.startswith("sht_") else self.REGEX, node.args[number])
        if node.name in ("sht_rm_name", "sht_rm_value", "sht_match_name", "sht_match_str_value") and self.subject.argument(node, 1) == "re":
            if "regex" in self.of_argument(node, 2, state):
                self.note(self.TABLE, node.args[2])
        return ((state, None),)

    def assign(self, node: Assign, state: Texts, at: Here) -> Texts:
        """A text is stored, or written into the message."""
        dangers = self.of(node.value, state)
        target = self.subject.program.pvs.get(id(node.target))
        if target is None:
            return state
        if target.variable.name in STORES:
            key = store(target)
            kept = frozenset(pair for pair in state.held if pair[0] != key or target.variable.name == "sht")
            return Texts(kept | {(key, danger) for danger in dangers}, state.checked - {target.spec.text})
        if "crlf" in dangers and target.spec.name in PARTS:
            self.note(self.CRLF, node.value)
        return state

    def read(self, node: Variable, state: Texts, at: Here) -> None:
        """`$shtcn(a=>PATTERN)` looks at names with a pattern."""
        if node.spec.name in ("shtcn", "shtcv"):
            pv = self.subject.program.pvs.get(id(node))
            if pv is not None and any("regex" in self.of_pv(inner, state) for inner in inner_pvs(pv)):
                self.note(self.TABLE, node)

    def test(self, node: Expression, state: Texts, truth: bool) -> Texts | None:
        """A check against a closed pattern, or equality with a constant, makes a text harmless."""
        if not isinstance(node, Binary) or not isinstance(node.left, Variable):
            return state
        value = self.subject.value(node.right)
        if node.op == "=~" and value is None and "regex" in self.of(node.right, state):
            self.note(self.REGEX, node.right)
        fits = isinstance(value, str) and ((node.op == "=~" and CLOSED.match(value)) or node.op in ("==", "eq"))
        return Texts(state.held, state.checked | {node.left.spec.text}) if fits and truth else state


def _through(name: str, dangers: Dangers) -> Dangers:
    """What is left of dangers behind a transformation."""
    if CLEAN.fullmatch(name):
        return NONE
    if DECODES.fullmatch(name):
        return dangers | LINES if dangers else dangers
    return NONE if ESCAPES.fullmatch(name) else dangers


def store(pv: Pv) -> str:
    """Where a variable of the script keeps its value: a table as a whole, an extended AVP by its root."""
    inner = pv.spec.inner or ""
    return f"{pv.variable.name}({inner.partition('=>')[0] if pv.variable.name == 'sht' else inner}"


def _has_sinks(subject: Subject) -> bool:
    """Whether there is anything that a text from outside could harm."""
    if any(True for _ in subject.calls(*SQL, *SHELL, *PATTERN, "sht_rm_name", "sht_rm_value", "sht_match_name", "sht_match_str_value")):
        return True
    if any(node.op == "=~" and subject.program.constants.of(node.right) is None for node in subject.tree.each(Binary)):
        return True
    used = subject.uses
    if any(use.pv.variable.name in ("shtcn", "shtcv") for use in used):
        return True
    names = (f"{tr.family}.{tr.function}" for use in used for tr in use.pv.spec.transformations)
    return any(DECODES.fullmatch(name) for name in names) or any(use.pv.variable.name in LINED for use in used)


def followed(subject: Subject) -> Followed:
    """Where texts from outside go."""
    if not _has_sinks(subject):
        return Followed({})
    return follow(subject, Taint)
