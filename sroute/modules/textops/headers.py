"""Headers: whether they are there, adding and removing them. All see the message as it was received."""

from collections.abc import Callable, Iterable

from sroute.exports.fixups import FORMAT, TEXT
from sroute.modules.textops.arguments import HEADER, MAYBE_INTEGER, PATTERN, SEARCH, header_kind
from sroute.modules.textops.module import TextOps, textops
from sroute.runtime.run import Run
from sroute.sip.headers import Header
from sroute.sip.lump import Anchor
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.regex import Finder, finder

FARTHEST = 16
"""5.6.3 remembers that many headers when it counts from the end."""


def compiled(state: TextOps, run: Run, pattern: str) -> Finder | None:
    """A pattern that is known at the call only; None, with a complaint, when it is bad."""
    try:
        return finder(pattern, SEARCH)
    except BadPattern:
        state.complain(run, f"failed to compile regex: {pattern}")
        return None


def remove(run: Run, headers: Iterable[Header]) -> int:
    """Removes header lines: 1, or -1 when there were none."""
    lumps, count = run.message.lumps, 0
    for header in headers:
        lumps.delete(header.start, header.end - header.start)
        count += 1
    return 1 if count else -1


# ---------------------------------------------------------------- are they there


@textops.function("is_present_hf", HEADER)
def is_present_hf(state: TextOps, run: Run, header: str) -> int:
    """True when the message has a header of that name, in any case, long or compact.

    Example: if (is_present_hf("Proxy-Authorization")) { consume_credentials(); }
    """
    if not run.message.complete and state.unreadable(run):
        return -1
    return 1 if run.message.row(header) is not None else -1


@textops.function("is_present_hf_pv", FORMAT)
def is_present_hf_pv(state: TextOps, run: Run, name: str) -> int:
    """As is_present_hf(), with variables in the name.

    Example: if (is_present_hf_pv("X-$var(kind)")) { xlog("there\\n"); }
    """
    known = _kind(state, run, name, "error parsing header name: {}")
    return -1 if known is None else is_present_hf(state, run, known)


def _kind(state: TextOps, run: Run, name: str, complaint: str) -> str | None:
    if not name:
        return None
    known = header_kind(name)
    if known is None:
        start = "" if header_kind(name[0]) is not None else "start of "
        state.instance.diag("ERROR", f"invalid {start}header name for [{name}:]", "core", run.at)
        state.complain(run, complaint.format(name))
    return known


@textops.function("is_present_hf_re", PATTERN)
def is_present_hf_re(state: TextOps, run: Run, pattern: Finder) -> int:
    """True when the name of a header matches a regular expression.

    Example: if (is_present_hf_re("^P-")) { xlog("has P- headers\\n"); }
    """
    if state.unreadable(run):
        return -1
    return 1 if any(pattern.find(header.name, 0, False) for header in run.message.headers) else -1


@textops.function("is_present_hf_re_pv", FORMAT)
def is_present_hf_re_pv(state: TextOps, run: Run, pattern: str) -> int:
    """As is_present_hf_re(), with variables in the pattern.

    Example: if (is_present_hf_re_pv("^$var(prefix)")) { xlog("there\\n"); }
    """
    found = compiled(state, run, pattern)
    return -1 if found is None else is_present_hf_re(state, run, found)


@textops.function("search_hf", HEADER, PATTERN, TEXT)
def search_hf(state: TextOps, run: Run, header: str, pattern: Finder, flags: str) -> int:
    """True when the body of a header matches: `a` any of that name, `f` the first, `l` the last.

    Example: if (search_hf("User-Agent", "friendly|sipvicious", "a")) { exit; }
    """
    if state.unreadable(run):
        return -1
    bodies = [found.body for found in run.message.all(header)]
    which = flags[:1]
    chosen = bodies[:1] if which == "f" else bodies[-1:] if which == "l" else bodies
    return 1 if any(pattern.find(body, 0, False) for body in chosen) else -1


# ---------------------------------------------------------------- adding


def place(run: Run, header: str | None, *, behind: bool) -> Anchor:
    """Where a header is added: behind the last or before the first of that kind; without one at the end or the beginning of all."""
    message = run.message
    found = message.all(header) if header is not None else []
    if found:
        at = found[-1].end if behind else found[0].start
    else:
        at = message.headers_end if behind else message.rows[0][1]
    return message.anchors(at).anchor(at)


def add(state: TextOps, run: Run, text: str, header: str | None, *, behind: bool) -> int:
    """Adds text among the headers: 1, or -1 when it is empty."""
    if not run.message.complete:
        state.complain(run, "error while parsing message")
        return -1
    anchor = place(run, header, behind=behind)
    if not text:
        return -1
    anchor.add_before(text)
    return 1


@textops.function("append_hf", FORMAT)
def append_hf(state: TextOps, run: Run, text: str) -> int:
    """Adds a header behind all others. The text must end with `\\\\r\\\\n`; it shows when the message leaves.

    Example: append_hf("P-Hint: outbound\\r\\n");
    """
    return add(state, run, text, None, behind=True)


@textops.function("append_hf", FORMAT, HEADER)
def append_hf_at(state: TextOps, run: Run, text: str, header: str) -> int:
    """Adds a header behind the last one of a name, or behind all when there is none.

    Example: append_hf("P-Hint: outbound\\r\\n", "Call-ID");
    """
    return add(state, run, text, header, behind=True)


@textops.function("insert_hf", FORMAT)
def insert_hf(state: TextOps, run: Run, text: str) -> int:
    """Adds a header in front of all others, the Via too. The text must end with `\\\\r\\\\n`.

    Example: insert_hf("P-Hint: outbound\\r\\n");
    """
    return add(state, run, text, None, behind=False)


@textops.function("insert_hf", FORMAT, HEADER)
def insert_hf_at(state: TextOps, run: Run, text: str, header: str) -> int:
    """Adds a header in front of the first one of a name, or in front of all when there is none.

    Example: insert_hf("P-Hint: outbound\\r\\n", "Call-ID");
    """
    return add(state, run, text, header, behind=False)


@textops.function("append_urihf", TEXT, TEXT)
def append_urihf(state: TextOps, run: Run, prefix: str, suffix: str) -> int:
    """Adds a header with the request URI as it was received between two texts.

    Example: append_urihf("X-Original: ", "\\r\\n");
    """
    return add(state, run, f"{prefix}{run.message.ruri}{suffix}", None, behind=True)


# ---------------------------------------------------------------- removing


@textops.function("remove_hf", HEADER)
def remove_hf(state: TextOps, run: Run, header: str) -> int:
    """Removes all headers of a name; -1 when there were none. It shows when the message leaves.

    Example: remove_hf("Route");
    """
    if not run.message.complete and state.unreadable(run):
        return -1
    if run.message.row(header) is None:
        return -1
    return remove(run, run.message.all(header))


@textops.function("remove_hf_pv", FORMAT)
def remove_hf_pv(state: TextOps, run: Run, name: str) -> int:
    """As remove_hf(), with variables in the name; true also when there was no such header.

    Example: remove_hf_pv("X-$var(kind)");
    """
    if not name:
        state.instance.diag("ERROR", "invalid start of header name for [:]", "core", run.at)
        state.complain(run, "error parsing header name []")
        return -1
    known = _kind(state, run, name, "error parsing header name [{}]")
    if known is None or state.unreadable(run):
        return -1
    remove(run, run.message.all(known))
    return 1


@textops.function("remove_hf_re", PATTERN)
def remove_hf_re(state: TextOps, run: Run, pattern: Finder) -> int:
    """Removes all headers whose name matches a regular expression; -1 when there were none.

    Example: remove_hf_re("^P-");
    """
    if state.unreadable(run):
        return -1
    return remove(run, [header for header in run.message.headers if pattern.find(header.name, 0, False)])


@textops.function("remove_hf_re_pv", FORMAT)
def remove_hf_re_pv(state: TextOps, run: Run, pattern: str) -> int:
    """As remove_hf_re(), with variables in the pattern.

    Example: remove_hf_re_pv("^$var(prefix)");
    """
    found = compiled(state, run, pattern)
    return -1 if found is None else remove_hf_re(state, run, found)


@textops.function("remove_hf_exp", PATTERN, PATTERN)
def remove_hf_exp(state: TextOps, run: Run, wanted: Finder, kept: Finder) -> int:
    """Removes all headers whose name matches the first expression and not the second; -1 when there were none.

    Example: remove_hf_exp("^X-", "^X-Keep");
    """
    if state.unreadable(run):
        return -1
    headers = run.message.headers
    return remove(run, [h for h in headers if not kept.find(h.name, 0, False) and wanted.find(h.name, 0, False)])


@textops.function("remove_hf_exp_pv", FORMAT, FORMAT)
def remove_hf_exp_pv(state: TextOps, run: Run, wanted: str, kept: str) -> int:
    """As remove_hf_exp(), with variables in the expressions.

    Example: remove_hf_exp_pv("^$var(prefix)", "^X-Keep");
    """
    first = compiled(state, run, wanted)
    second = compiled(state, run, kept) if first is not None else None
    return -1 if first is None or second is None else remove_hf_exp(state, run, first, second)


def _named(state: TextOps, run: Run, name: str) -> list[Header] | None:
    """The headers of a name that is known at the call only."""
    known = header_kind(name) if name else None
    if known is None:
        if name:
            state.instance.diag("ERROR", f"invalid start of header name for [{name}]", "core", run.at)
        state.complain(run, f"failed to parse header name [{name}]")
        return None
    return None if state.unreadable(run) else run.message.all(known)


@textops.function("remove_hf_idx", FORMAT, MAYBE_INTEGER)
def remove_hf_idx(state: TextOps, run: Run, name: str, index: int | None) -> int:
    """Removes one header of a name by its number from 0, negative from the end.

    Without such a header 2; but 1 when counting from the end, where 5.6.3 does not tell.

    Example: remove_hf_idx("Route", "0");
    """
    if index is None:
        state.complain(run, "failed to get header index")
        return -1
    headers = _named(state, run, name)
    if headers is None:
        return -1
    if not -len(headers) <= index < len(headers) or index < -FARTHEST:
        return 2 if index >= 0 else 1
    return remove(run, [headers[index]])


def _test(state: TextOps, run: Run, operator: str, text: str) -> Callable[[str], bool] | None:
    match operator.lower():
        case "eq":
            return lambda body: body == text
        case "ne":
            return lambda body: body != text
        case "in":
            return lambda body: bool(text) and text in body
        case "re":
            try:
                find = finder(text, SEARCH).find
            except BadPattern:
                state.complain(run, f"failed to compile regex: [{text}]")
                return None
            return lambda body: find(body, 0, False) is not None
    state.complain(run, f"unknown operator [{operator}]")
    return None


@textops.function("remove_hf_match", FORMAT, FORMAT, FORMAT)
def remove_hf_match(state: TextOps, run: Run, name: str, operator: str, text: str) -> int:
    """Removes the headers of a name whose body is like a text: `eq` equal, `ne` not equal, `in` contains it, `re` matches.

    -2 when there were none, -1 for an unknown operator or a bad expression.

    Example: remove_hf_match("Supported", "in", "100rel");
    """
    test = _test(state, run, operator, text)
    if test is None:
        return -1
    headers = _named(state, run, name)
    if headers is None:
        return -1
    return 1 if remove(run, [header for header in headers if test(header.body)]) > 0 else -2
