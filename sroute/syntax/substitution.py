"""`#!subst` and `#!substdef`: a sed-like rule that rewrites later strings, variables and include file names."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Evaluate = Callable[[str], str]
CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "xdigit": "0-9A-Fa-f",
    "space": r" \t\n\r\f\v",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "cntrl": r"\x00-\x1f\x7f",
    "print": r"\x20-\x7e",
    "graph": r"\x21-\x7e",
}


class BadRule(Exception):
    """A rule that Kamailio does not take; the text says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A substitution: name and value are the raw parts, for `#!substdef`."""

    name: str
    value: str
    pattern: re.Pattern[str]
    everywhere: bool

    def apply(self, text: str, evaluate: Evaluate) -> str:
        """Replace the first match, or all with the flag g."""
        return self.pattern.sub(lambda match: self._replacement(match, evaluate), text, count=0 if self.everywhere else 1)

    def _replacement(self, match: re.Match[str], evaluate: Evaluate) -> str:
        def part(escape: re.Match[str]) -> str:
            char = escape[1]
            if char.isdigit():
                return (match[int(char)] or "") if int(char) <= match.re.groups else ""
            return {"n": "\n", "r": "\r", "t": "\t"}.get(char, char)

        text = re.sub(r"\\(.)", part, self.value, flags=re.DOTALL)
        return evaluate(text) if "$" in text else text


def parse_rule(text: str) -> Rule:
    """A rule from `/regex/replacement/flags`; the first character is the separator.

    Raises BadRule when a part is missing or wrong.
    """
    if not text or text[0] == "\\":
        raise BadRule("the rule has no separator" if not text else "a backslash can't be the separator")
    separator = text[0]
    ends = [at for at in range(1, len(text)) if text[at] == separator and text[at - 1] != "\\"]
    if len(ends) < 2:
        raise BadRule(f"a {separator} is missing: {separator}name{separator}value{separator}g")
    name, value, flags = text[1 : ends[0]], text[ends[0] + 1 : ends[1]], text[ends[1] + 1 :]
    if not name:
        raise BadRule("nothing is searched for")
    for flag in flags:
        if flag not in "gi":
            raise BadRule(f"unknown flag {flag!r}: only g (every match) and i (ignore case) are known")
    try:
        pattern = re.compile(translate(name), re.DOTALL | (re.IGNORECASE if "i" in flags else 0))
    except re.error as error:
        raise BadRule(f"bad regular expression: {error}") from None
    return Rule(name, value, pattern, "g" in flags)


def translate(posix: str) -> str:
    """A POSIX extended regular expression as one of Python's."""
    out, at = [], 0
    while at < len(posix):
        char = posix[at]
        if char == "[":
            end, text = _bracket(posix, at)
            out.append(text)
            at = end
        elif char == "\\" and at + 1 < len(posix):
            escaped = posix[at + 1]
            out.append({"<": r"\b(?=\w)", ">": r"\b(?<=\w)", "`": r"\A", "'": r"\Z"}.get(escaped) or _escape(escaped))
            at += 2
        else:
            out.append(char)
            at += 1
    return "".join(out)


def _escape(char: str) -> str:
    return "\\" + char if char in "wWsSbB123456789" else re.escape(char)


def _bracket(posix: str, at: int) -> tuple[int, str]:
    """Translate the bracket expression that begins at an offset."""
    match = re.compile(r"\[(\^?)(\]?(?:\[:\w+:\]|[^\]])*)\]").match(posix, at)
    if match is None:
        raise re.error("unterminated [")
    inner = re.sub(r"\[:(\w+):\]|([\\\[\]&~|])", lambda m: CLASSES[m[1]] if m[1] in CLASSES else "\\" + (m[2] or ""), match[2])
    return match.end(), f"[{match[1]}{inner}]"
