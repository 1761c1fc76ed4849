"""Pseudo-variables and format strings to their parts, scanned as Kamailio scans them.

Written by hand: what stands in the brackets of a name is raw text up to the bracket that matches, so the grammar of a
variable is counting brackets; names, indexes and transformations are cut out of that.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from sroute.syntax.pvspec import Format, PvSpec, Transformation

_NAME = re.compile(r"[A-Za-z0-9_.?]+")
_CODE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\?")
_INT = re.compile(r"[+-]?[0-9]+\Z")
_FAMILY = re.compile(r"\s*([A-Za-z0-9_]+)\.([A-Za-z0-9_.]+)\s*")


@dataclass(frozen=True, slots=True)
class PvError(Exception):
    """A text that is no pseudo-variable: where, and why."""

    offset: int
    cause: str

    def __str__(self) -> str:
        return self.cause


@lru_cache(maxsize=4096)
def parse_pv(text: str, in_code: bool = True) -> PvSpec:
    """The pseudo-variable that a text is, whole.

    Raises PvError.
    """
    spec, end = _variable(text, 0)
    if end != len(text):
        raise PvError(end, f"what follows {text[:end]} does not belong to it: {text[end:]}")
    return spec


@lru_cache(maxsize=4096)
def parse_format(text: str) -> Format:
    """The literal pieces and pseudo-variables of a format string; `$$` is a dollar sign.

    Raises PvError.
    """
    parts: list[str | PvSpec] = []
    literal: list[str] = []
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        literal.append(text[at:dollar])
        if text.startswith("$$", dollar):
            literal.append("$")
            at = dollar + 2
            continue
        spec, at = _variable(text, dollar)
        if piece := "".join(literal):
            parts.append(piece)
        literal = []
        parts.append(spec)
    if piece := "".join([*literal, text[at:]]):
        parts.append(piece)
    return Format(tuple(parts))


def _variable(text: str, start: int) -> tuple[PvSpec, int]:
    """The variable that begins at an offset with `$`, and where it ends."""
    at = start + 1
    long = text.startswith("(", at)
    at += long
    if long and text.startswith("$)", at):
        return PvSpec(text[start : at + 2], "$"), at + 2
    match = _NAME.match(text, at)
    if match is None:
        raise PvError(at, "a name must follow $" if at < len(text) else "the text ends behind $")
    name, at = match[0], match.end()
    inner = None
    if text.startswith("(", at):
        close = _closing(text, at, "(", ")")
        inner, at = text[at + 1 : close], close + 1
        if not inner:
            raise PvError(close, f"the brackets of ${name}() are empty")
    if not long:
        return PvSpec(text[start:at], name, inner), at
    index: int | str | PvSpec | None = None
    if text.startswith("[", at):
        close = _closing(text, at, "[", "]")
        index, at = _index(text[at + 1 : close], at + 1), close + 1
    transformations = []
    while text.startswith("{", at):
        close = _closing(text, at, "{", "}")
        transformations.append(_transformation(text[at + 1 : close], at + 1))
        at = close + 1
        blank = re.compile(r"[ \t]*(?=\{)").match(text, at)
        at = blank.end() if blank else at
    if not text.startswith(")", at):
        cause = f"{text[at]!r} can't stand here in $({name}...)" if at < len(text) else f"the ) of $({name}... is missing"
        raise PvError(at, cause)
    return PvSpec(text[start : at + 1], name, inner, index, tuple(transformations)), at + 1


def _closing(text: str, at: int, opener: str, closer: str) -> int:
    """The offset of the bracket that closes the one at an offset."""
    depth = 0
    for match in re.compile(re.escape(opener) + "|" + re.escape(closer)).finditer(text, at):
        depth += 1 if match[0] == opener else -1
        if depth == 0:
            return match.start()
    raise PvError(len(text), f"a {closer} is missing")


def _index(text: str, offset: int) -> int | str | PvSpec:
    stripped = text.strip()
    if stripped == "*":
        return "*"
    if stripped == "+":
        return 0
    if _INT.match(stripped):
        return int(stripped)
    if stripped.startswith("$"):
        return parse_pv(stripped)
    raise PvError(offset, f"invalid index [{text}]: a number, * or a variable is needed")


def _transformation(text: str, offset: int) -> Transformation:
    match = _FAMILY.match(text)
    if match is None:
        raise PvError(offset, f"a transformation is written {{class.name}}, not {{{text}}}")
    rest = text[match.end() :]
    if rest and not rest.startswith(","):
        raise PvError(offset + match.end(), f"a comma must follow {match[1]}.{match[2]}")
    return Transformation(match[1], match[2], rest[1:] if rest else None)
