"""fnmatch(): shell patterns as the C library takes them."""

import re
from functools import lru_cache

from sroute.exports.fixups import FORMAT
from sroute.modules.textopsx.module import TextOpsX, textopsx
from sroute.runtime.run import Run

_CLASSES = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "A-Za-z0-9", "upper": "A-Z", "lower": "a-z", "space": r" \t\n\r\f\v", "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~", "print": " -~", "graph": "!-~", "cntrl": r"\x00-\x1f\x7f", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_CLASS = re.compile(r"\[:([a-z]+):\]")


def matches(text: str, pattern: str) -> bool:
    """Whether a shell pattern matches a text as a whole, with regard to case."""
    return _compiled(pattern, ignore_case=False).match(text) is not None


@textopsx.function("fnmatch", FORMAT, FORMAT)
def fnmatch(state: TextOpsX, run: Run, text: str, pattern: str) -> int:
    """True when a text matches a shell pattern as a whole: `*` any text, `?` a character, `[a-z]` one of these.

    Example: if (fnmatch("$rU", "+49*")) { xlog("German\\n"); }
    """
    return 1 if _compiled(pattern, ignore_case=False).match(text) else -1


@textopsx.function("fnmatch", FORMAT, FORMAT, FORMAT)
def fnmatch_with(state: TextOpsX, run: Run, text: str, pattern: str, flags: str) -> int:
    """As fnmatch(); the flag `i`, without regard to case, does nothing in 5.6.3.

    Example: if (fnmatch("$rU", "alice*", "i")) { xlog("alice\\n"); }
    """
    ignore_case = state.instance.dialect.newer and flags[:1] in ("i", "I")
    return 1 if _compiled(pattern, ignore_case=ignore_case).match(text) else -1


@lru_cache(maxsize=256)
def _compiled(pattern: str, *, ignore_case: bool) -> re.Pattern[str]:
    made, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            at += len(pattern[at:]) - len(pattern[at:].lstrip("*"))
            made += ".*"
        elif char == "?":
            made += "."
        elif char == "[":
            found, at = _bracket(pattern, at)
            made += found
        elif char == "\\":
            if at == len(pattern):
                return re.compile(r"(?!)")
            made += re.escape(pattern[at])
            at += 1
        else:
            made += re.escape(char)
    return re.compile(rf"{made}\Z", re.S | (re.I if ignore_case else 0))


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """The expression for what stands behind a bracket, and where it goes on; a bracket that is not closed stands for itself."""
    start, negated = at, pattern[at : at + 1] in ("!", "^") and at < len(pattern)
    at += negated
    first, made = at, ""
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        known = _CLASS.match(pattern, at)
        if known is not None and known[1] in _CLASSES:
            made += _CLASSES[known[1]]
            at = known.end()
            continue
        if pattern[at] == "\\" and at + 1 < len(pattern):
            at += 1
        low = pattern[at]
        at += 1
        if pattern[at : at + 1] == "-" and at + 1 < len(pattern) and pattern[at + 1] != "]":
            high = pattern[at + 1]
            made += f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
            at += 2
        else:
            made += re.escape(low)
    if at >= len(pattern):
        return r"\[", start
    if not made:
        return "." if negated else "(?!)", at + 1
    return f"[{'^' if negated else ''}{made}]", at + 1
