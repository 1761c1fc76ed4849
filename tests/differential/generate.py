"""Random expressions over every operator and every kind of operand, and scripts that print their values."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice, product
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
    "int": ["0", "1", "2", "5", "12", "31", "(-3)", "2147483647", "0x1F"],
    "text": ['"abc"', '""', '"12"', '"-7"', '"0x1f"', '"12abc"', '" 12"', '"2147483648"', '"0"'],
    "int var": ["$var(five)", "$var(zero)", "$var(minus)", "$var(big)"],
    "text var": ["$var(abc)", "$var(empty)", "$var(odd)"],
    "number text var": ["$var(t12)", "$var(hex)", "$avp(t5)"],
    "null": ["$avp(none)", "$null", "$rs"],
    "call": ['is_maxfwd_lt("100")', 'is_maxfwd_lt("5")', 'maxfwd_at_least("70")'],
    "route": ["route(PLUS)", "route(MINUS)", "route(ONE)"],
    "core condition": ["src_ip==127.0.0.1", 'method=="INVITE"', "proto==UDP", "af==INET6"],
    "cast": ["(int)$var(t12)", "(str)$var(five)", "(int)$avp(none)", "(str)$avp(none)", '(int)"7"'],
    "select": ["@ruri.user", "@to.tag", "@cseq.num"],
}
BINARY = [
    *("||", "&&", "|", "&", "^", "<<", ">>", "==", "!=", "eq", "ne", "ieq", "ine", "=~"),
    *("<", "<=", ">", ">=", "+", "-", "*", "/", "mod"),
]
UNARY = ["!", "-", "~", "defined ", "strlen(", "strempty(", "(int)", "(str)"]
ATTEMPTS = 120
PATTERNS = ['"^a"', '"[0-9]+$"', '"b|5"', '"(1)(2)"', '""', '"ABC"', '"\\\\."']
HEAD = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "maxfwd.so"
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
    op = rng.choice(BINARY)
    left = expression(rng, depth - 1)
    right = rng.choice(PATTERNS) if op == "=~" and rng.random() < 0.7 else expression(rng, depth - 1)
    text = f"{left} {op} {right}"
    return text if rng.random() < 0.3 else f"({text})"


def pair(op: str, left: str, right: str, rng: Random) -> str:
    """One operator on leaves of two kinds."""
    return f"{rng.choice(LEAVES[left])} {op} {rng.choice(LEAVES[right])}"


def statement(number: int, text: str, *, condition: bool) -> str:
    """Prints the value of an expression, with its type made visible, or whether `if` takes it for true."""
    if condition:
        return f'    if ({text}) {{ xlog("{number} T\\n"); }} else {{ xlog("{number} F\\n"); }}\n'
    assigned = f'$var(r) = "old"; $var(r) = {text}; $var(k) = $var(r) + 1;'
    return f'    {assigned} xlog("{number} $var(r) $var(k)\\n");\n'


def accepted(text: str) -> Expression | None:
    """The tree of an expression that starts; None when sroute refuses it (what is refused is for other tests).

    A comparison whose side fails to divide is left out: 5.6.3 then reads what happens to lie in memory.
    """
    if re.search(r"[=!]=|eq|ne", text) and re.search(r" / | mod ", text) and text.count(" ") > 2:
        return None
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


def leaf_pairs(rng: Random) -> Iterator[str]:
    """Every operator on every pair of kinds, in any order, as far as a pair is accepted at all."""
    every = list(product(BINARY, LEAVES, LEAVES))
    rng.shuffle(every)
    for op, left, right in every:
        for _ in range(ATTEMPTS):
            text = pair(op, left, right, rng)
            node = accepted(text)
            if node is not None and (op, left, right) in pairs(node):
                yield text
                break


def trees(rng: Random) -> Iterator[str]:
    """Random expressions without end."""
    while True:
        text = expression(rng, rng.choice([1, 1, 2, 2, 3]))
        if accepted(text) is not None:
            yield text


def scripts(seed: int, count: int, size: int) -> Iterator[tuple[str, list[str], Counter[Kinds]]]:
    """Scripts of `size` expressions each: text, expressions by number, and what was produced."""
    rng = Random(seed)
    source = chain(leaf_pairs(rng), trees(rng))
    for _ in range(count):
        lines, texts, made = [HEAD], [], Counter[Kinds]()
        for number, text in enumerate(islice(source, size)):
            node = accepted(text)
            assert node is not None
            made.update(pairs(node))
            condition = rng.random() < 0.4
            if not condition and rng.random() < 0.05:
                text = f"selval({text}, {rng.choice(LEAVES['int'])}, {rng.choice(LEAVES['text var'])})"
                made["selval", kind(node), ""] += 1
            lines.append(statement(number, text, condition=condition))
            texts.append(text)
        yield "".join(lines) + TAIL, texts, made


STATIC = {
    **dict.fromkeys(("int", "call", "route", "core condition"), frozenset({"int"})),
    **dict.fromkeys(("text", "select"), frozenset({"str"})),
    **dict.fromkeys(("int var", "text var", "number text var", "null"), frozenset({"any"})),
    "cast": frozenset({"int", "str"}),
}
"""What is known of a kind before it runs (language reference 5.2)."""
INT_ONLY = frozenset(BINARY) - {"==", "!=", "eq", "ne", "=~", "+"}


def must_occur() -> set[Kinds]:
    """The operators with the leaf kinds that the reference says start: each must be produced."""
    return {(op, left, right) for op, left, right in product(BINARY, LEAVES, LEAVES) if _starts(op, left, right)}


def _starts(op: str, left: str, right: str) -> bool:
    if op == "=~" and right == "int":
        return False
    return any(_fits(op, a, b, right) for a in STATIC[left] for b in STATIC[right])


def _fits(op: str, a: str, b: str, right: str) -> bool:
    if op in ("==", "!=", "eq", "ne", "ieq", "ine") and right == "null" and a == "any":
        return True
    if op in INT_ONLY:
        return "str" not in (a, b)
    if op in ("eq", "ne", "=~") and a == "int":
        return False
    return not (a == "int" and b == "str")
