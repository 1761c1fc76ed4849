"""Tests of the message: kind, tags, hops, headers, credentials; answers to OPTIONS."""

import calendar
import re
from datetime import UTC, datetime

from sroute.exports.fixups import FORMAT, INTEGER, Arg, Constant, FixupError, Names, Scope
from sroute.modules import sl
from sroute.modules.pv.credentials import VERIFIED
from sroute.modules.siputils.module import SipUtils, siputils
from sroute.runtime.run import Run
from sroute.sip import route
from sroute.sip.digest import Credentials
from sroute.sip.message import Message, ReplyLump
from sroute.sip.uri import Uri

OPTION_TAGS = ("path", "gruu", "timer", "100rel", "outbound", "eventlist")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}\Z|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?\Z", re.A)


@siputils.function("has_totag")
def has_totag(state: SipUtils, run: Run) -> int:
    """True when To has a tag: the request belongs to a dialog.

    Example: if (has_totag()) { route(WITHINDLG); }
    """
    to = run.message.to
    if to is None:
        state.complain(run, "no To")
        return -1
    return 1 if to.tag else -1


@siputils.function("is_request")
def is_request(state: SipUtils, run: Run) -> int:
    """True for a request.

    Example: if (is_request()) { xlog("$rm\\n"); }
    """
    return 1 if run.message.is_request else -1


@siputils.function("is_reply")
def is_reply(state: SipUtils, run: Run) -> int:
    """True for a reply.

    Example: if (is_reply()) { xlog("$rs\\n"); }
    """
    return -1 if run.message.is_request else 1


@siputils.function("is_first_hop")
def is_first_hop(state: SipUtils, run: Run) -> int:
    """True when this server is the first hop: a request with one Via; a reply whose top Record-Route is own, or that has none.

    Example: if (is_first_hop()) { set_contact_alias(); }
    """
    return _first_hop(state, run.message, strict=True)


@siputils.function("is_first_hop", INTEGER)
def is_first_hop_mode(state: SipUtils, run: Run, mode: int) -> int:
    """As is_first_hop(); with another mode than 0 a Record-Route may have a host name, and a loop is not looked for.

    Example: if (is_first_hop("1")) { set_contact_alias(); }
    """
    return _first_hop(state, run.message, strict=mode == 0)


def _first_hop(state: SipUtils, message: Message, *, strict: bool) -> int:
    if message.is_request:
        return 1 if message.via2 is None else -1
    if not message.complete:
        return -1
    row = message.row("record-route")
    if row is None:
        return 1
    values = route.parse(message.text, row[2], row[3])
    uri = values[0].parsed if values else None
    if uri is None or (strict and not _ADDRESS.match(uri.host)):
        return -1
    if not state.instance.is_myself(uri.host, uri.port_number, uri.proto or ""):
        return -1
    return -1 if strict and _is_source(uri, message) else 1


def _is_source(uri: Uri, message: Message) -> bool:
    """Whether a URI names the address that a message came from."""
    source = message.src
    same_port = source.port == (uri.port_number or 5060)
    return uri.host.strip("[]").lower() == source.ip.lower() and same_port and (uri.proto or "udp") == source.proto


class OptionTag:
    """An option tag that Kamailio knows."""

    form = "option tag"

    def parse(self, text: str, names: Names) -> str:
        """The tag in lower case."""
        if text.lower() not in OPTION_TAGS:
            raise FixupError(f"unknown option <{text}>", hint=f"known: {', '.join(OPTION_TAGS)}")
        return text.lower()

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The tag."""
        return Constant(parsed)


@siputils.function("is_supported", OptionTag())
def is_supported(state: SipUtils, run: Run, tag: str) -> int:
    """True when Supported lists an option tag: path, gruu, timer, 100rel, outbound or eventlist.

    Example: if (is_supported("path")) { add_path(); }
    """
    for header in run.message.all("supported"):
        if tag in re.split(r"[ \t\r\n,]+", header.body.lower()):
            return 1
    return -1


@siputils.function("hdr_date_check", INTEGER)
def hdr_date_check(state: SipUtils, run: Run, seconds: int) -> int:
    """True when Date is there and at most that many seconds old; -4 when it is older, -1 without it.

    Example: if (hdr_date_check("60") < 0) { sl_send_reply("403", "Stale Date"); }
    """
    body = run.message.value("date")
    if body is None:
        state.complain(run, "Date header field is not found")
        return -1
    when = _seconds(body)
    if when is None:
        state.complain(run, "failed parsing DATE body")
        return -1
    now = int(state.instance.clock.now())
    if now > when + seconds:
        state.complain(run, f"autdated date header value ({now - when + seconds} sec)")
        return -4
    state.complain(run, "Date header value OK")
    return 1


def _seconds(body: str) -> int | None:
    try:
        return calendar.timegm(datetime.strptime(body, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC).timetuple())
    except ValueError:
        return None


@siputils.function("is_user", FORMAT)
def is_user(state: SipUtils, run: Run, name: str) -> int:
    """True when the credentials that the auth functions have accepted are those of a user.

    Example: if (is_user("alice")) { xlog("Alice\\n"); }
    """
    found = run.extra.get(VERIFIED)
    if not isinstance(found, Credentials):
        state.complain(run, "no authorized credentials found (error in scripts)")
        state.complain(run, "Call {www,proxy}_authorize before calling is_user function !")
        return -1
    return 1 if found.user and found.user == name else -1


@siputils.function("options_reply")
def options_reply(state: SipUtils, run: Run) -> int:
    """Answers an OPTIONS request to this server with 200; the request URI must have no user.

    Example: if (is_method("OPTIONS") && uri == myself && $rU == $null) { options_reply(); exit; }
    """
    message = run.message
    if message.method != "OPTIONS":
        state.complain(run, "called for non-OPTIONS request")
        return -1
    uri = message.parsed_uri
    if uri is None:
        state.complain(run, "ERROR while parsing the R-URI")
        return -1
    if uri.user:
        state.complain(run, "ruri contains username")
        return -1
    message.reply_lumps.append(
        ReplyLump(
            f"Accept: {state.options_accept}\r\nAccept-Encoding: {state.options_accept_encoding}\r\n"
            f"Accept-Language: {state.options_accept_language}\r\nSupported: {state.options_support}\r\n"
        )
    )
    replies = state.instance.state("sl")
    assert isinstance(replies, sl.Stateless)
    if sl.send_reply(replies, run, 200, "OK") < 0:
        state.complain(run, "failed to send 200 via send_reply")
        return -1
    return 1
