"""What two pieces of a script have in common: equal conditions, variables that they read, what a call may change.

The shape of an expression is what is left of it without places. Only conditions that depend on nothing but variables and on
functions that look at the request have one.
"""

import operator
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator

from sroute.resolve.program import Program
from sroute.syntax.nodes import (
    Assign,
    Binary,
    Call,
    CoreCall,
    CoreCondition,
    Expression,
    Literal,
    Route,
    RouteCall,
    RouteKind,
    Select,
    Unary,
    Variable,
    Word,
)
from sroute.syntax.walk import below

Shape = tuple[Hashable, ...]


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


PREDICATES = frozenset(
    words(
        "is_method has_totag is_first_hop is_request is_reply isflagset isbflagset is_present_hf has_body is_direction is_user_in "
        "nat_uac_test from_uri to_uri t_is_set isdsturiset is_maxfwd_lt is_audio_on_hold is_known_dlg starts_with is_null is_int "
        "t_is_branch_route t_is_failure_route t_is_request_route t_is_reply_route is_myself is_in_subnet is_ip_rfc1918 "
        "has_credentials cmp_str cmp_istr sht_has_name"
    )
)
"""Functions that only look: the same question has the same answer, until something is changed."""
FLAGS = {"setflag": "isflagset", "resetflag": "isflagset", "setbflag": "isbflagset", "resetbflag": "isbflagset"}
LONGEST = 2000
"""Characters of a condition that is worth comparing with others."""
REQUEST = "request"
"""What a variable that is no store of the script depends on."""
STORES = frozenset(["var", "vn", "vz", "avp", "xavp", "xavu", "xavi", "sht", "shv", "dlg_var", "shtex"])
URI = frozenset(["ru", "rU", "rd", "rp", "rP", "rz", "du", "r", "ruri", "branch", "br", "dd", "dp"])
RESULT = frozenset(["rc", "retcode", "?"])
COMPARES: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OWN = re.compile(r"\$\(?(var|vn|vz)\(([^()]*)")
KEPT = frozenset(words("xlog xlogl xinfo xdbg xerr xwarn xnotice xcrit xalert log sl_send_reply send_reply"))


class Shapes:
    """The shapes of one program's conditions."""

    def __init__(self, program: Program) -> None:
        """Counts the conditions, so that only those that occur again are remembered."""
        self._program = program
        self._shapes: dict[int, Shape | None] = {}
        self._uses: dict[Shape, frozenset[str]] = {}
        self._counts: Counter[Shape] = Counter()
        for item in program.script.items:
            if isinstance(item, Route):
                self._count(item)

    def _count(self, route: Route) -> None:
        for node in below(route):
            if isinstance(node, Binary | Unary | Call | CoreCall | CoreCondition | Variable):
                shape = self.of(node)
                if shape is not None:
                    self._counts[shape] += 1
                elif isinstance(node, Variable) and node.spec.name in RESULT:
                    self._counts["pv", "$rc"] += 1

    def repeated(self, node: Expression | CoreCall) -> Shape | None:
        """The shape of a condition that occurs more than once."""
        shape = self.of(node)
        return shape if shape is not None and self._counts[shape] > 1 else None

    def of(self, node: Expression | CoreCall) -> Shape | None:
        """The shape of an expression; None when it has none."""
        if id(node) not in self._shapes:
            uses: set[str] = set()
            short = node.span.end - node.span.start <= LONGEST
            shape = self._shapes[id(node)] = _shape(node, uses) if short else None
            if shape is not None:
                self._uses[shape] = frozenset(uses)
        return self._shapes[id(node)]

    def variable(self, node: Variable) -> frozenset[str]:
        """What changes when a variable is assigned."""
        if node.spec.name in STORES:
            return frozenset([f"{node.spec.name}({_stem(node)}"])
        return frozenset([REQUEST])

    def changed_by(self, node: Call | CoreCall) -> frozenset[str]:
        """What a call may change; nothing for those that only look, log or reply."""
        if node.name in FLAGS:
            return frozenset([FLAGS[node.name], "rc"])
        if node.name in PREDICATES or node.name in KEPT:
            return frozenset(["rc"])
        texts = [arg.value for arg in node.args if isinstance(arg, Literal) and isinstance(arg.value, str) and "$" in arg.value]
        return frozenset([REQUEST, "*", *(f"{name}({inner}" for text in texts for name, inner in _OWN.findall(text))])

    def _own(self, shape: Shape, changed: frozenset[str]) -> bool:
        """Whether a condition asks only for variables that no function writes unless it is told their names."""
        uses = self._uses[shape]
        return bool(uses) and all(use.startswith(("var(", "vn(", "vz(")) for use in uses) and not uses & changed

    def told(self, node: Assign) -> Shape | None:
        """What is known of a variable behind an assignment of a constant, where a condition asks for the variable."""
        spec, value = node.target.spec, self._program.constants.of(node.value)
        if value is None or spec.name not in ("var", "vn", "vz", "avp") or spec.index is not None or not self._counts["pv", spec.text]:
            return None
        shape = ("is", spec.text, value)
        self._uses[shape] = self.variable(node.target)
        return shape

    def result(self, target: Variable | None, truth: bool) -> Shape | None:
        """What is known of a variable (without one: of `$rc`) that holds the code of a call that was true or false."""
        text = "$rc" if target is None else target.spec.text
        if not self._counts["pv", text] or (target is not None and target.spec.name not in ("var", "vn", "vz", "avp")):
            return None
        shape = ("sign", text, 1 if truth else -1)
        self._uses[shape] = frozenset(["rc"]) if target is None else self.variable(target)
        return shape

    def _by_sign(self, node: Expression, sign: int) -> bool | None:
        """The result of a comparison where it is known only that the value is over or under 0."""
        if not isinstance(node, Binary):
            return sign > 0
        other = self._program.constants.of(node.right)
        if not isinstance(other, int) or node.op not in COMPARES:
            return None
        near, far = COMPARES[node.op](sign, other), COMPARES[node.op](sign << 31, other)
        between = COMPARES[node.op](other, other) if sign * other > 0 else near
        return near if near == far == between else None

    def decided(self, node: Expression, facts: frozenset[tuple[object, bool]]) -> bool | None:
        """The result of a comparison with a constant, where the value of the variable is known."""
        variable = node.left if isinstance(node, Binary) else node
        if not isinstance(variable, Variable):
            return None
        text = "$rc" if variable.spec.name in RESULT else variable.spec.text
        known = next((fact[0][2] for fact in facts if fact[0][:2] == ("is", text)), None)  # type: ignore[index]
        sign = next((fact[0][2] for fact in facts if fact[0][:2] == ("sign", text)), None)  # type: ignore[index]
        if sign is not None:
            return self._by_sign(node, sign)
        if not isinstance(node, Binary):
            return known > 0 if isinstance(known, int) else None
        other = self._program.constants.of(node.right)
        if isinstance(known, int) and isinstance(other, int) and node.op in COMPARES:
            return COMPARES[node.op](known, other)
        if isinstance(known, str) and isinstance(other, str) and node.op in ("==", "!="):
            return (known == other) == (node.op == "==")
        return None

    def without(self, facts: frozenset[tuple[object, bool]], changed: frozenset[str]) -> frozenset[tuple[object, bool]]:
        """The facts that still hold when something has changed."""
        if not facts:
            return facts
        if "*" in changed:
            return frozenset(fact for fact in facts if fact[0][:2] in _LASTING or self._own(fact[0], changed))  # type: ignore[index,arg-type]
        return frozenset(fact for fact in facts if not self._uses[fact[0]] & changed)  # type: ignore[index]

    def dynamic_targets(self, node: RouteCall) -> Iterator[tuple[RouteKind, str | None]]:
        """The blocks whose name begins as a computed one does; none when nothing of it is known."""
        head = self.prefix(node.target)
        if head:
            yield from (("request", name) for kind, name in self._program.routes if kind == "request" and name and name.startswith(head))

    def prefix(self, node: Expression) -> str:
        """The constant text with which an expression begins."""
        while isinstance(node, Binary) and node.op == "+":
            whole = self._program.constants.of(node)
            if whole is not None:
                return str(whole)
            node = node.left
        return node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""


_LASTING = frozenset([("call", "is_method"), ("call", "has_totag"), ("call", "is_first_hop"), ("core", "src_ip"), ("core", "from_uri")])


def _stem(node: Variable) -> str:
    inner = node.spec.inner or ""
    return inner.partition("=>")[0] if node.spec.name.startswith(("xav", "sht")) else inner


def _shape(node: Expression | CoreCall | Word, uses: set[str]) -> Shape | None:
    match node:
        case Literal(value=value):
            return ("literal", value)
        case Word(text=text):
            return ("word", text)
        case Variable(spec=spec):
            if spec.name in RESULT or spec.name in ("TS", "Ts", "TV", "RANDOM") or spec.name.startswith("shtinc"):
                return None
            uses.add(f"{spec.name}({_stem(node)}" if spec.name in STORES else REQUEST)
            return ("pv", spec.text)
        case Select(parts=parts):
            uses.add(REQUEST)
            return ("select", parts)
        case Unary(op=op, operand=operand):
            inner = _shape(operand, uses)
            return None if inner is None else ("unary", op, inner)
        case Binary(op=op, left=left, right=right):
            if op in ("&&", "||"):
                return None
            one, other = _shape(left, uses), _shape(right, uses)
            return None if one is None or other is None else ("binary", op, one, other)
        case CoreCondition(left=operand_name, op=op, right=right):
            uses.add(REQUEST)
            asked = _shape(right, uses)
            return None if asked is None else ("core", operand_name, op, asked)
        case Call(name=name, args=args) | CoreCall(name=name, args=args) if name in PREDICATES:
            uses.add(name if name in FLAGS.values() else REQUEST)
            asked_of = tuple(_shape(arg, uses) for arg in args)
            return None if None in asked_of else ("call", name, *asked_of)
        case _:
            return None
