"""Comparing texts, lists in texts, parts of texts, and literal replacing in the message."""

from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, INTEGER, TARGET, TEXT, Arg, Constant, FixupError, Names, PvRef, Scope
from sroute.modules.textops.messages import body_start, cut
from sroute.modules.textops.module import TextOps, textops
from sroute.runtime.run import Run
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import finder

_BLANKS = " \t\r\n"
_PLAIN = Flags(icase=False, newline=False)


@dataclass(frozen=True, slots=True)
class Separator:
    """One character."""

    form: str = "character"

    def parse(self, text: str, names: Names) -> str:
        """The character."""
        if len(text) != 1:
            raise FixupError("invalid separator parameter")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The character."""
        return Constant(parsed)


SEPARATOR = Separator()

# ---------------------------------------------------------------- comparing


def _order(one: str, other: str) -> int:
    return 1 if one == other else -1 if one > other else -2


@textops.function("cmp_str", FORMAT, FORMAT)
def cmp_str(state: TextOps, run: Run, one: str, other: str) -> int:
    """True when two texts are equal; -1 when the first is greater, -2 when it is less.

    Example: if (cmp_str("$rU", "alice")) { xlog("alice\\n"); }
    """
    return _order(one, other)


@textops.function("cmp_istr", FORMAT, FORMAT)
def cmp_istr(state: TextOps, run: Run, one: str, other: str) -> int:
    """As cmp_str() without regard to case.

    Example: if (cmp_istr("$rU", "alice")) { xlog("alice\\n"); }
    """
    return _order(one.lower(), other.lower())


@textops.function("starts_with", FORMAT, FORMAT)
def starts_with(state: TextOps, run: Run, text: str, start: str) -> int:
    """True when a text begins with another; else -1, or -2 when its beginning is less.

    Example: if (starts_with("$rU", "+49")) { xlog("German\\n"); }
    """
    return _order(text[: len(start)], start) if len(text) >= len(start) else -1


@textops.function("ends_with", FORMAT, FORMAT)
def ends_with(state: TextOps, run: Run, text: str, end: str) -> int:
    """True when a text ends with another; else -1, or -2 when its end is less.

    Example: if (ends_with("$fd", ".example.com")) { xlog("ours\\n"); }
    """
    return _order(text[len(text) - len(end) :], end) if len(text) >= len(end) else -1


@textops.function("str_find", FORMAT, FORMAT)
def str_find(state: TextOps, run: Run, text: str, wanted: str) -> int:
    """The place at which a text contains another, from 1; -1 when it does not. An empty text is found at the end.

    Example: if (str_find("$ua", "scanner")) { exit; }
    """
    return _place(text.find(wanted) if wanted else len(text))


@textops.function("str_ifind", FORMAT, FORMAT)
def str_ifind(state: TextOps, run: Run, text: str, wanted: str) -> int:
    """As str_find() without regard to case. An empty text is found at the beginning.

    Example: if (str_ifind("$ua", "Scanner")) { exit; }
    """
    return _place(text.lower().find(wanted.lower()))


def _place(at: int) -> int:
    return at + 1 if at >= 0 else -1


@textops.function("in_list", FORMAT, FORMAT, SEPARATOR)
def in_list(state: TextOps, run: Run, subject: str, listed: str, separator: str) -> int:
    """True when a text is one of those in a list; blanks around them do not count.

    Example: if (in_list("$fd", "example.com, example.org", ",")) { xlog("ours\\n"); }
    """
    if not subject:
        state.complain(run, "subject cannot be empty string")
        return -1
    return 1 if listed and subject in _items(listed, separator) else -1


@textops.function("in_list_prefix", FORMAT, FORMAT, SEPARATOR)
def in_list_prefix(state: TextOps, run: Run, subject: str, listed: str, separator: str) -> int:
    """True when a text begins with one of those in a list.

    Example: if (in_list_prefix("$rU", "00,+,011", ",")) { xlog("international\\n"); }
    """
    if not subject:
        state.complain(run, "subject cannot be empty string")
        return -1
    return 1 if listed and any(item and subject.startswith(item) for item in _items(listed, separator)) else -1


def _items(listed: str, separator: str) -> list[str]:
    items = [item.strip(_BLANKS) for item in listed.split(separator)]
    return items if items[-1] else items[:-1]


@textops.function("regex_substring", FORMAT, FORMAT, INTEGER, INTEGER, TARGET)
def regex_substring(state: TextOps, run: Run, text: str, pattern: str, group: int, groups: int, target: PvRef) -> int:
    """Puts what a group of a regular expression took into a variable: which group (0 is all), and a number above it.

    The expression minds case, and lines count for nothing. -2 without a match.

    Example: regex_substring("$rU", "^([0-9]+)-([0-9]+)", "1", "2", "$var(area)");
    """
    if group >= groups:
        state.complain(run, "matched_index cannot be bigger than match_count")
        return -1
    try:
        found = finder(pattern, _PLAIN).find(cut(text), 0, False)
    except BadPattern:
        state.complain(run, "regular expression coudnt be compiled, Error code: (8)")
        return -1
    if found is None:
        return -2
    start, end = found[group] if 0 <= group < len(found) else (-1, -1)
    if found[0][0] == found[0][1]:
        state.complain(run, "Matched string is empty")
    elif start < 0:
        state.complain(run, "invalid offset for regular expression result")
    else:
        target.set(run, text[start:end])
        return 1
    return -1


# ---------------------------------------------------------------- literal replacing


@textops.function("replace_str", FORMAT, FORMAT, TEXT)
def replace_str(state: TextOps, run: Run, old: str, new: str, mode: str) -> int:
    """Replaces a text in headers and body: `f` its first occurrence, `a` all of them. True also without any.

    Example: replace_str("10.0.0.9", "192.0.2.1", "a");
    """
    message = run.message
    return _replace(run, message.headers_start, len(message.text), old, new, mode)


@textops.function("replace_hdrs_str", FORMAT, FORMAT, TEXT)
def replace_hdrs_str(state: TextOps, run: Run, old: str, new: str, mode: str) -> int:
    """As replace_str() in the headers only.

    Example: replace_hdrs_str("10.0.0.9", "192.0.2.1", "a");
    """
    message = run.message
    return _replace(run, message.headers_start, message.headers_end, old, new, mode)


@textops.function("replace_body_str", FORMAT, FORMAT, TEXT)
def replace_body_str(state: TextOps, run: Run, old: str, new: str, mode: str) -> int:
    """As replace_str() in the body only; -1 without a body.

    Example: replace_body_str("10.0.0.9", "192.0.2.1", "a");
    """
    start = body_start(state, run)
    return _replace(run, start, len(run.message.text), old, new, mode) if start >= 0 else -1


def _replace(run: Run, start: int, end: int, old: str, new: str, mode: str) -> int:
    message = run.message
    at = message.text.find(old, start, end) if old else -1
    while at >= 0:
        message.anchors(at).delete(at, len(old)).add_after(new)
        if mode[:1] == "f":
            break
        at = message.text.find(old, at + len(old), end)
    return 1
