"""Pseudo-variables and format strings to their parts, by the grammar `grammar/pseudovars.lark`."""

from functools import lru_cache
from typing import Any

from sroute.syntax import tables
from sroute.syntax.lalr import Callback, Machine, TooDeepError
from sroute.syntax.pvscan import PvScanner
from sroute.syntax.pvspec import Format, PvSpec, Transformation
from sroute.syntax.tokens import Token

GRAMMAR = "pseudovars.lark"
Children = list[Any]


class PvError(Exception):
    """A text that is no pseudo-variable: where, and why."""

    def __init__(self, offset: int, cause: str) -> None:
        """An offset into the text and the reason in words."""
        super().__init__(cause)
        self.offset = offset
        self.cause = cause


@lru_cache(maxsize=4096)
def parse_pv(text: str) -> PvSpec:
    """The pseudo-variable that a text is, whole.

    Raises PvError.
    """
    spec = _parse(text, "pv")
    assert isinstance(spec, PvSpec)
    return spec


def leading(text: str) -> str:
    """The pseudo-variable that a text begins with, without what stands behind it; the text itself where it begins with none."""
    begin = text.strip()
    tokens = PvScanner(begin, is_format=True).tokens
    if tokens[0].kind != "DOLLAR":
        return text
    open_ones = 0
    for token in tokens[1:]:
        open_ones += (token.kind == "LPAR") - (token.kind == "RPAR")
        if not open_ones and token.kind in ("DOLLAR", "TEXT"):
            return begin[: token.span.start]
    return begin


@lru_cache(maxsize=4096)
def parse_format(text: str) -> Format:
    """The literal pieces and pseudo-variables of a format string; `$$` is a dollar sign.

    Raises PvError.
    """
    if "$" not in text:
        return Format((text,) if text else ())
    parts = _parse(text, "format")
    assert isinstance(parts, list)
    return Format(tuple(parts))


def _parse(text: str, start: str) -> object:
    tokens = PvScanner(text, is_format=start == "format").tokens
    machine = Machine(tables.load(GRAMMAR), RULES, start)
    try:
        at = machine.run(tokens, 0)
    except TooDeepError:
        raise PvError(0, "it is nested too deeply") from None
    if at < len(tokens) - 1 or not machine.finished():
        raise PvError(tokens[at].span.start, _cause(machine, tokens, at))
    return machine.values[0]


def _cause(machine: Machine, tokens: list[Token], at: int) -> str:
    """What is wrong with a text at a token that does not fit."""
    expected = machine.expected()
    written = str(tokens[at].value)
    before = tokens[at - 1].kind if at else ""
    if "NAME" in expected:
        return "a name must follow the $" if written else "the text ends behind a $"
    if "INNER" in expected:
        return "there is nothing between the brackets" if written.startswith(")") else "a ) is missing"
    if "INT" in expected:
        return f"{written.partition(']')[0]!r} is no index: a number, * or a variable is needed"
    if "CLASS" in expected or "FUNCTION" in expected:
        return "a transformation is written {class.name}"
    if "RSQB" in expected:
        return "a ] is missing"
    if "RBRACE" in expected:
        return "a } is missing" if not written.strip(")") else f"a comma must follow the name of the transformation, not {written}"
    if tokens[at].kind == "REST":
        return f"{written} does not belong to it"
    if "RPAR" in expected and written:
        return f"{written[0]!r} can't stand here" + (": blanks belong to no variable" if written[0] == " " else "")
    return "a ) is missing" if before else "it must begin with a $"


# ---------------------------------------------------------------- building


def _written(c: Children) -> str:
    first, last = c[0].span, c[-1].span
    source: str = first.source.text
    return source[first.start : last.end]


def _short(c: Children) -> PvSpec:
    return PvSpec(_written(c), c[1].value, c[3].value if len(c) > 2 else None)


def _long(c: Children) -> PvSpec:
    return PvSpec(_written(c), c[2].value, None, c[3], tuple(c[4]))


def _long_inner(c: Children) -> PvSpec:
    return PvSpec(_written(c), c[2].value, c[4].value, c[6], tuple(c[7]))


def _dollar(c: Children) -> PvSpec:
    return PvSpec(_written(c), "$")


def _transformation(c: Children) -> Children:
    parameters = c[6].value if len(c) > 6 else None
    return [*c[0], Transformation(c[2].value, c[4].value, parameters)]


def _piece(c: Children) -> Children:
    pieces: Children = c[0]
    piece = c[1].value if isinstance(c[1], Token) else c[1]
    if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
        pieces[-1] += piece
    else:
        pieces.append(piece)
    return pieces


RULES: dict[str, Callback] = {
    "short": _short,
    "long": _long,
    "long_inner": _long_inner,
    "dollar": _dollar,
    "no_index": lambda c: None,
    "index_number": lambda c: int(c[1].value),
    "index_all": lambda c: "*",
    "index_new": lambda c: 0,
    "index_variable": lambda c: c[1],
    "no_transformations": lambda c: [],
    "transformation": _transformation,
    "no_pieces": lambda c: [],
    "piece": _piece,
}
