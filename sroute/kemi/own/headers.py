"""`KSR.hdr`: headers. What is added or removed shows when the message leaves."""

from collections.abc import Callable
from operator import contains, eq, ne

from sroute.kemi.calls import Offer, Result
from sroute.kemi.engine import Context
from sroute.modules.textops.arguments import header_kind
from sroute.modules.textops.headers import place
from sroute.runtime.values import Value
from sroute.sip.headers import Header
from sroute.sip.message import ReplyLump

headers = Offer()
DONE, FAILED = 1, -1
FARTHEST = 16
"""5.6.3 remembers that many headers when it counts from the end."""


def _all(context: Context, name: str) -> list[Header] | None:
    known = header_kind(name) if name else None
    if known is None:
        context.complain(f"error parsing header name [{name}]")
        return None
    return context.running.message.all(known)


def _body(context: Context, name: str, index: int, default: Value) -> Result:
    found = _all(context, name)
    if not found or not -min(len(found), FARTHEST) <= index < len(found):
        return default
    return found[index].body


headers.add("hdr", "get")(lambda context, name: _body(context, name, 0, None))
headers.add("hdr", "gete")(lambda context, name: _body(context, name, 0, ""))
headers.add("hdr", "getw")(lambda context, name: _body(context, name, 0, "<null>"))
headers.add("hdr", "get_idx")(lambda context, name, index: _body(context, name, index, None))
headers.add("hdr", "gete_idx")(lambda context, name, index: _body(context, name, index, ""))
headers.add("hdr", "getw_idx")(lambda context, name, index: _body(context, name, index, "<null>"))


@headers.add("hdr", "is_present")
def is_present(context: Context, name: str) -> Result:
    """1 when there is such a header, else -1."""
    return DONE if _all(context, name) else FAILED


def _add(context: Context, text: str, name: str | None, *, behind: bool) -> Result:
    known = None
    if name is not None:
        known = header_kind(name) if name else None
        if known is None:
            context.complain(f"error parsing header name [{name}]")
            return FAILED
    place(context.running, known, behind=behind).add_before(text)
    return DONE


headers.add("hdr", "append")(lambda context, text: _add(context, text, None, behind=True))
headers.add("hdr", "append_after")(lambda context, text, name: _add(context, text, name, behind=True))
headers.add("hdr", "insert")(lambda context, text: _add(context, text, None, behind=False))
headers.add("hdr", "insert_before")(lambda context, text, name: _add(context, text, name, behind=False))


@headers.add("hdr", "append_to_reply")
def append_to_reply(context: Context, text: str) -> Result:
    """Adds a header to local replies."""
    context.running.message.reply_lumps.append(ReplyLump(text))
    return DONE


@headers.add("hdr", "remove")
def remove(context: Context, name: str) -> Result:
    """Removes all headers of a name: 1, also when there were none."""
    found = _all(context, name)
    if found is None:
        return FAILED
    for header in found:
        context.running.message.lumps.delete(header.start, header.end - header.start)
    return DONE


@headers.add("hdr", "rmappend")
def rmappend(context: Context, name: str, text: str) -> Result:
    """Removes all headers of a name and adds one behind all."""
    return _add(context, text, None, behind=True) if remove(context, name) == DONE else FAILED


@headers.add("hdr", "rminsert")
def rminsert(context: Context, name: str, text: str) -> Result:
    """Removes all headers of a name and adds one in front of all."""
    return _add(context, text, None, behind=False) if remove(context, name) == DONE else FAILED


_TESTS: dict[str, Callable[[str, str], bool]] = {"eq": eq, "ne": ne, "sw": str.startswith, "in": contains}


@headers.add("hdr", "match_content")
def match_content(context: Context, name: str, operator: str, text: str, which: str) -> Result:
    """Compares the first (`f`), the last (`l`) or all (`a`) headers of a name with a text: eq, ne, sw, in."""
    test = _TESTS.get(operator)
    if test is None:
        context.complain(f"{'operator not implemented' if operator == 're' else 'invalid operator'}: {operator}")
        return False
    if which not in ("f", "l", "a"):
        context.complain(f"invalid header index: {which}")
        return False
    found = _all(context, name)
    if not found:
        return False
    chosen = found[:1] if which == "f" else found[-1:] if which == "l" else found
    return all(test(header.body, text) for header in chosen)
