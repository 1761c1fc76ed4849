"""Random expressions over every operator and every kind of operand, and scripts that print their values."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from random import Random

from sroute.dialect import DEFAULT
from sroute.modules.catalog import Catalog
from sroute.resolve.resolver import resolve
from sroute.syntax.nodes import (
    Assign,
    Binary,
    Call,
    CoreCondition,
    Expression,
    Literal,
    Route,
    RouteCall,
    Select,
    Selval,
    Unary,
    Variable,
)
from sroute.syntax.parser import parse
from sroute.syntax.walk import below

LEAVES = {
    "int": ["0", "1", "2", "5", "12", "31", "(-3)", "2147483647", "(-2147483648)", "0x1F"],
    "text": ['"abc"', '""', '"12"', '"-7"', '"0x1f"', '"12abc"', '" 12"', '"2147483648"', '"0"'],
    "int var": ["$var(five)", "$var(zero)", "$var(minus)", "$var(big)"],
    "text var": ["$var(abc)", "$var(empty)", "$var(odd)"],
    "number text var": ["$var(t12)", "$var(hex)", "$avp(t5)"],
    "null": ["$avp(none)", "$null", "$rs"],
    "call": ['is_int("$var(five)")', 'is_int("$var(abc)")', 'pv_isset("$avp(none)")'],
    "route": ["route(PLUS)", "route(MINUS)", "route(ONE)"],
    "core condition": ["src_ip==127.0.0.1", 'method=="INVITE"', "proto==UDP", "af==INET6"],
    "cast": ["(int)$var(t12)", "(str)$var(five)", "(int)$avp(none)", "(str)$avp(none)", '(int)"7"'],
    "select": ["@ruri.user", "@to.tag", "@cseq.num"],
}
BINARY = ["||", "&&", "|", "&", "^", "<<", ">>", "==", "!=", "eq", "ne", "ieq", "ine", "=~", "<", "<=", ">", ">=", "+", "-", "*", "/", "mod"]
UNARY = ["!", "-", "~", "defined ", "strlen(", "strempty(", "(int)", "(str)"]
PATTERNS = ['"^a"', '"[0-9]+$"', '"b|5"', '"(1)(2)"', '""', '"ABC"', '"\\\\."']
HEAD = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
request_route {
    $var(five) = 5; $var(zero) = 0; $var(minus) = -3; $var(big) = 2147483647;
    $var(abc) = "abc"; $var(empty) = ""; $var(odd) = "12abc"; $var(t12) = "12"; $var(hex) = "0x1f"; $avp(t5) = "5";
"""
TAIL = """}
route[PLUS] { return 5; }
route[MINUS] { return -5; }
route[ONE] { return; }
"""
Kinds = tuple[str, str, str]


def expression(rng: Random, depth: int) -> str:
    """The text of a random expression; parentheses are left out now and then, so that precedence is tried too."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(LEAVES[rng.choice(list(LEAVES))])
    roll = rng.random()
    if roll < 0.15:
        op = rng.choice(UNARY)
        inner = expression(rng, depth - 1)
        return f"{op}{inner})" if op.endswith("(") else f"{op}({inner})"
    if roll < 0.18:
        return f"selval({expression(rng, depth - 1)}, {expression(rng, depth - 1)}, {expression(rng, depth - 1)})"
    op = rng.choice(BINARY)
    left = expression(rng, depth - 1)
    right = rng.choice(PATTERNS) if op == "=~" and rng.random() < 0.7 else expression(rng, depth - 1)
    text = f"{left} {op} {right}"
    return text if rng.random() < 0.3 else f"({text})"


def pair(op: str, left: str, right: str, rng: Random) -> str:
    """One operator on leaves of two kinds."""
    return f"{rng.choice(LEAVES[left])} {op} {rng.choice(LEAVES[right])}"


def candidates(rng: Random) -> Iterator[str]:
    """Every pair of kinds for every operator, then random trees without end."""
    pairs = list(product(BINARY, LEAVES, LEAVES))
    rng.shuffle(pairs)
    for op, left, right in pairs:
        yield pair(op, left, right, rng)
    while True:
        yield expression(rng, rng.choice([1, 1, 2, 2, 3]))


def statement(number: int, text: str, *, condition: bool) -> str:
    """Prints the value of an expression, with its type made visible, or whether `if` takes it for true."""
    if condition:
        return f'    if ({text}) {{ xlog("{number} T\\n"); }} else {{ xlog("{number} F\\n"); }}\n'
    shown = f'    $var(r) = "old"; $var(r) = {text}; $var(k) = $var(r) + 1; xlog("{number} $var(r) $var(k)\\n");\n'
    return shown


def accepted(text: str) -> Expression | None:
    """The tree of an expression that starts; None when sroute refuses it (what is refused is for other tests)."""
    source = f"{HEAD}    $var(r) = {text};\n{TAIL}"
    parsed = parse("one.cfg", source)
    if parsed.script is None or not parsed.ok or resolve(parsed.script, DEFAULT, Catalog()).refused:
        return None
    route = next(item for item in parsed.script.items if isinstance(item, Route) and item.name is None)
    last = route.body.statements[-1]
    assert isinstance(last, Assign)
    return last.value


def kind(node: Expression) -> str:
    """The kind of an operand, by the names of LEAVES; `expression` for all that is composed."""
    match node:
        case Literal(value):
            return "int" if isinstance(value, int) else "text"
        case Unary(op, Literal()) if op == "-":
            return "int"
        case Variable(spec):
            return next((name for name, texts in LEAVES.items() if spec.text in texts), "expression")
        case Select():
            return "select"
        case Call():
            return "call"
        case RouteCall():
            return "route"
        case CoreCondition():
            return "core condition"
        case Unary(op) if op in ("(int)", "(str)"):
            return "cast"
        case _:
            return "expression"


def pairs(node: Expression) -> Iterator[Kinds]:
    """The operators of a tree with the kinds of their operands."""
    for part in below(node):
        if isinstance(part, Binary):
            yield part.op, kind(part.left), kind(part.right)
        elif isinstance(part, Unary):
            yield part.op, kind(part.operand), ""
        elif isinstance(part, Selval):
            yield "selval", kind(part.condition), ""


def scripts(seed: int, count: int, size: int) -> Iterator[tuple[str, list[str], Counter[Kinds]]]:
    """Scripts of `size` expressions each: text, expressions by number, and what was produced."""
    rng = Random(seed)
    source = candidates(rng)
    for _ in range(count):
        lines, texts, made = [HEAD], [], Counter[Kinds]()
        while len(texts) < size:
            text = next(source)
            node = accepted(text)
            if node is None:
                continue
            made.update(pairs(node))
            lines.append(statement(len(texts), text, condition=rng.random() < 0.4))
            texts.append(text)
        yield "".join(lines) + TAIL, texts, made


def producible(seed: int = 0) -> set[Kinds]:
    """The pairs of operator and leaf kinds that are not refused: each must occur."""
    rng = Random(seed)
    found = set()
    for op, left, right in product(BINARY, LEAVES, LEAVES):
        for _ in range(6):
            node = accepted(pair(op, left, right, rng))
            if isinstance(node, Binary) and (node.op, kind(node.left), kind(node.right)) == (op, left, right):
                found.add((op, left, right))
                break
    return found


