"""How a comment of a test script is written: its keys, its escapes, and where comments stand in a script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sroute.errors import UsageError
from sroute.source.text import Source, Span

Key = Literal["expect", "expect diag", "expect refused", "expect rpc", "send", "advance", "define", "rpc", "options", "covers"]

KEYS: tuple[Key, ...] = ("expect", "expect diag", "expect refused", "expect rpc", "send", "advance", "define", "rpc", "options", "covers")
_DIRECTIVE = re.compile(r"#+[ \t]+(expect(?:[ \t]+[a-z]+)?|[a-z]+)[ \t]*(?::[ \t]?(.*))?$")

# What the reader of a script steps over to find its comments. A name of a pseudo-variable may hold `#` and quotes.
_TOKEN = re.compile(
    r"""(?P<string>"[^"\\]*(?:\\.[^"\\]*)*"?|'[^']*'?)"""
    r"""|(?P<open>/\*)"""
    r"""|//[^\n]*"""
    r"""|(?P<pv>\$[A-Za-z0-9_.?]*\()"""
    r"""|(?:\#!|!!)(?:try|re)?(?:def|define|defenv|defenvs|substdef|substdefs|subst)\b(?:\\\r?\n|[^\n])*"""
    r"""|(?:\#!|!!)[a-z_]+[^\n]*"""
    r"""|(?P<comment>\#[^\n]*)""",
    re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_PV_EDGE = re.compile(r"[()\n]")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.|$)", re.DOTALL)
_PLAIN_ESCAPES = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_WRITTEN = {character: f"\\{letter}" for letter, character in _PLAIN_ESCAPES.items()}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that is part of the notation: its key, its text as written, and where it stands."""

    key: Key
    text: str
    span: Span


def escape(text: str) -> str:
    """A text as it stands in a comment: printable ASCII, `\\\\` for a backslash, `\\n`, `\\r`, `\\t`, and `\\xHH` for every other byte."""
    shown = "".join(_written(c) for c in text)
    if shown.startswith(" "):
        shown = "\\x20" + shown[1:]
    return shown[:-1] + "\\x20" if shown.endswith(" ") else shown


def _written(character: str) -> str:
    if character in _WRITTEN:
        return _WRITTEN[character]
    return character if " " <= character <= "~" else f"\\x{ord(character):02x}"


def unescape(text: str) -> str:
    """The text that a comment stands for; knows `\\\\`, `\\n`, `\\r`, `\\t` and `\\xHH`, and raises ValueError for any other escape."""

    def meant(match: re.Match[str]) -> str:
        code: str = match[1]
        if len(code) == 3:
            return chr(int(code[1:], 16))
        if code not in _PLAIN_ESCAPES:
            raise ValueError(f"unknown escape {match[0]!r} (a backslash is written \\\\)")
        return _PLAIN_ESCAPES[code]

    return _ESCAPE.sub(meant, text)


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each `#` comment of a script; what stands in strings, block comments and names of variables is none."""
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["comment"] is not None:
            yield match.start(), at
        elif match["open"] is not None:
            at = _close(text, at, _COMMENT_EDGE, "/*")
        elif match["pv"] is not None:
            at = _close(text, at, _PV_EDGE, "(")


def _close(text: str, at: int, edge: re.Pattern[str], opening: str) -> int:
    """Where something that nests ends: behind its last closing edge, at a line end that it may not pass, or at the end of the text."""
    depth = 1
    while depth and (match := edge.search(text, at)):
        if match[0] == "\n":
            return match.start()
        at = match.end()
        depth += 1 if match[0] == opening else -1
    return at if not depth else len(text)


def notation(source: Source) -> Iterator[Comment]:
    """The comments of a script that are part of the notation, in order."""
    for start, end in comments(source.text):
        match = _DIRECTIVE.match(source.text[start:end].rstrip())
        if match is None:
            continue
        key = " ".join(match[1].split())
        if key not in KEYS:
            if match[2] is not None and key.startswith("expect "):
                raise UsageError(f"{source.name}:{source.position(start).line}: unknown comment '{key}:'")
            continue
        if match[2] is None and key != "expect refused":
            continue
        yield Comment(KEYS[KEYS.index(key)], match[2] or "", Span(source, start, end))
