"""Which variables are surely not null along the paths of a script, and comparisons that a missing value passes."""

from collections.abc import Iterable

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.knowledge import IDENTITY, NULLABLE
from sroute.linter.subject import Subject
from sroute.resolve.constants import is_null
from sroute.resolve.flow import Here, Truth
from sroute.resolve.usage import inner_pvs
from sroute.syntax.nodes import Assign, Binary, Call, CoreCall, Expression, If, Leave, Route, Unary, Variable

Known = frozenset[str]
"""The texts of variables that hold something."""
ORDER = frozenset(["<", "<=", ">", ">="])
MAYBE = frozenset(["hdr", "rU", "fU", "tU", "du", "ft", "tt", "ua", "rb", "au", "ai", "re", "sel", "T_req", "T_rpl", "shtinc", "shtdec"])
"""Variables of the message that are often null."""
FORGETFUL = frozenset(["sht_rm", "sht_rm_name_re", "sht_rm_name", "sht_rm_value_re", "sht_reset", "pv_unset", "avp_delete"])


class Nulls(Watch[Known]):
    """Notes comparisons of what may be null: with numbers, as patterns, in negative tests."""

    NUMBER, PATTERN, NEGATIVE, ARITHMETIC, KEY = "number", "pattern", "negative", "arithmetic", "key"
    IDENTITY = "identity"
    merges = True

    def initial(self, entry: Route) -> Known:
        """Nothing is known."""
        return frozenset()

    def merge(self, one: Known, other: Known) -> Known:
        """What holds something on both paths."""
        return one & other

    def nullable(self, node: Expression) -> bool:
        """Whether an expression is a variable that may be null."""
        if not isinstance(node, Variable) or node.spec.transformations or node.spec.name not in NULLABLE:
            return False
        return node.spec.name != "sht" or not self.subject.initval(node.spec.inner or "")

    def call(self, node: Call | CoreCall, state: Known, at: Here) -> Iterable[tuple[Known, Truth]]:
        """A function that may delete items makes what is known of them doubtful."""
        if node.name in FORGETFUL and state:
            state = frozenset(text for text in state if not text.startswith(("$sht", "$avp", "$(sht", "$(avp")))
        if node.name == "is_present_hf":
            return ((state | {_header(self.subject.argument(node, 0) or "")}, True), (state, False))
        written = {pv.spec.text for arg in node.args for pv in self.subject.variables(arg)}
        return ((state - written if written and node.name.startswith(("pv_unset", "sql", "jansson")) else state, None),)

    def assign(self, node: Assign, state: Known, at: Here) -> Known:
        """A value that can't be null makes a variable known."""
        self._arithmetic(node.value, state)
        self._key(node, state)
        name = node.target.spec.text
        value = node.value
        if isinstance(value, Variable):
            unsure = self.nullable(value) or value.spec.name in MAYBE or is_null(value)
            return state - {name} if unsure and value.spec.text not in state else state | {name}
        return state - {name} if is_null(value) else state | {name}

    def _arithmetic(self, node: Expression, state: Known) -> None:
        while isinstance(node, Binary) and node.op in ("+", "-", "*", "/", "mod"):
            for side in (node.left, node.right):
                if self.nullable(side) and side.span.text() not in state and self._counts(node, side):
                    self.note(self.ARITHMETIC, side)
            node = node.left

    def _key(self, node: Assign, state: Known) -> None:
        """The parts of the key of an item that is written."""
        pv = self.subject.program.pvs.get(id(node.target))
        if pv is None or pv.variable.name != "sht" or is_null(node.value):
            return
        for part in inner_pvs(pv):
            if part.variable.name in NULLABLE - {"sht"} and not part.transformations and part.spec.text not in state:
                self.note(self.KEY, node.target, part.spec.text)

    def _counts(self, node: Binary, side: Expression) -> bool:
        """Whether an operation is one on numbers: not `+` behind a text."""
        other = node.right if side is node.left else node.left
        value = self.subject.value(other)
        return node.op != "+" or (isinstance(value, int) and side is node.left)

    def test(self, node: Expression, state: Known, truth: bool) -> Known | None:
        """What a test tells of a variable; a comparison that null passes is noted."""
        match node:
            case Variable():
                return state | {node.spec.text} if truth else state
            case Unary(op="defined" | "strempty", operand=Variable(spec=spec)):
                return state | {spec.text} if truth == (node.op == "defined") else state
            case Binary(left=Variable() as left):
                return self._compared(node, left, state, truth)
            case Binary(right=Variable() as right) if node.op in ("==", "!=", *ORDER):
                self._note_number(node, right, node.left, state)
        return state

    def _compared(self, node: Binary, left: Variable, state: Known, truth: bool) -> Known:
        name = left.spec.text
        self._note_number(node, left, node.right, state)
        known = name in state or _header(left.spec.inner or "") in state
        if left.spec.name == "hdr" and not known and self._negative(node) and not self._denies(node):
            self.note(self.IDENTITY if (left.spec.inner or "").lower() in IDENTITY else self.NEGATIVE, node, name)
        if node.op == "=~":
            if self.nullable(node.right) and node.right.span.text() not in state:
                self.note(self.PATTERN, node)
            return state
        if is_null(node.right):
            return state | {name} if truth == (node.op in ("!=", "ne")) else state
        value = self.subject.value(node.right)
        if value is None:
            return state
        return state | {name} if _excludes_null(node.op, value, truth) else state

    def _negative(self, node: Binary) -> bool:
        """Whether a comparison with a text is a negative one."""
        if not self.subject.text(node.right):
            return False
        around = self.subject.tree.parent(node)
        return node.op in ("!=", "ne") or (node.op in ("=~", "==") and isinstance(around, Unary) and around.op == "!")

    def _denies(self, node: Binary) -> bool:
        """Whether a condition guards a block that ends here."""
        for around in self.subject.tree.ancestors(node):
            if isinstance(around, If):
                last = around.then.statements[-1]
                return isinstance(last, Leave)
        return False

    def _note_number(self, node: Binary, side: Variable, other: Expression, state: Known) -> None:
        value = self.subject.value(other)
        if not isinstance(value, int) or not self.nullable(side) or side.spec.text in state:
            return
        left, right = (0, value) if side is node.left else (value, 0)
        passes = {"==": left == right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
        if passes.get(node.op, False):
            self.note(self.NUMBER, node, side.spec.text)


def _header(name: str) -> str:
    """How a header that is there is remembered, however it is written."""
    return f"$hdr({name.lower()})"


def _excludes_null(op: str, value: int | str, truth: bool) -> bool:
    """Whether a comparison with a constant that came out so means that the variable is not null."""
    if isinstance(value, str):
        return bool(value) and truth == (op in ("==", "eq", "=~")) and op in ("==", "eq", "!=", "ne")
    outcomes = {"==": value == 0, "!=": value != 0, "<": value > 0, "<=": value >= 0, ">": value < 0, ">=": value <= 0}
    return op in outcomes and outcomes[op] != truth


def followed(subject: Subject) -> Followed:
    """What there is to say about null."""
    if not any(node.spec.name in NULLABLE or node.spec.name == "hdr" for node in subject.tree.each(Variable)):
        return Followed({})
    return follow(subject, Nulls)
