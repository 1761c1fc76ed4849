"""The single checks: each is True when the message passes; a failed one has answered."""

import re
from collections.abc import Callable

from sroute.modules.sanity.module import Sanity, parse_list
from sroute.runtime.run import Run
from sroute.sip import contact as contacts
from sroute.sip import digest
from sroute.sip import uri as uris
from sroute.sip.message import Message, ReplyLump
from sroute.sip.nameaddr import NameAddr

Check = Callable[[Sanity, Run, int], bool]

_NUMBER = re.compile(r"[0-9]{0,10}\Z")
_LARGEST = 4294967296
"""One more than fits, and still taken."""
_DIGEST = re.compile(r"\s*digest\s", re.I | re.A)


def _fail(state: Sanity, run: Run, reason: str, code: int = 400) -> bool:
    state.answer(run, code, reason)
    return False


def _numeric(text: str) -> bool:
    return _NUMBER.match(text) is not None and int(text or 0) <= _LARGEST


def version(state: Sanity, run: Run, uri_checks: int) -> bool:
    """The first line ends in SIP/2.0; in a reply 5.6.3 looks at the reason instead."""
    message = run.message
    text = message.version if message.is_request else message.reason
    if not text:
        return True
    _, slash, number = text.partition("/")
    if not slash:
        state.complain(run, "failed to find / in ruri version")
        return False
    return number == "2.0" or _fail(state, run, "Version Not Supported (R-URI)", 505)


def scheme(state: Sanity, run: Run, uri_checks: int) -> bool:
    """The request URI can be read; in a reply 5.6.3 takes the status for it."""
    message = run.message
    if message.is_request and message.parsed_uri is not None:
        return True
    state.complain(run, f"failed to parse request uri [{message.uri if message.is_request else message.status_text}]")
    return _fail(state, run, "Bad Request URI")


def required(state: Sanity, run: Run, uri_checks: int) -> bool:
    """All headers can be read; those that must be there are, or the message had not come so far."""
    if run.message.complete:
        return True
    state.complain(run, "failed to parse headers", "ERROR")
    return _fail(state, run, "Bad Headers")


def passes(state: Sanity, run: Run, uri_checks: int) -> bool:
    """What Kamailio's own parser has refused before: Via versions and protocols, a missing Via."""
    return True


def cseq_method(state: Sanity, run: Run, uri_checks: int) -> bool:
    """CSeq has the method of the request; in a reply 5.6.3 compares it with `SIP/2.0`."""
    message = run.message
    cseq = message.cseq
    assert cseq is not None, "a message without CSeq is not taken"
    if cseq.method == (message.method if message.is_request else message.version):
        return True
    return _fail(state, run, "CSeq method does not match request method")


def cseq_value(state: Sanity, run: Run, uri_checks: int) -> bool:
    """The number in CSeq is one."""
    cseq = run.message.cseq
    assert cseq is not None, "a message without CSeq is not taken"
    if not cseq.number:
        return _fail(state, run, "Missing number in CSeq header")
    return _numeric(cseq.number) or _fail(state, run, "CSeq number is illegal")


def content_length(state: Sanity, run: Run, uri_checks: int) -> bool:
    """Content-Length, if it is there, is the length of the body."""
    message = run.message
    if message.content_length is None:
        if not message.complete:
            state.complain(run, "failed to parse content-length header")
            return _fail(state, run, "Content-Length Failure")
        state.complain(run, "content length header missing in request")
        return True
    if message.body is None:
        return _fail(state, run, "Content-Length Body Failure")
    return len(message.body) == message.content_length or _fail(state, run, "Content-Length mis-match")


def expires(state: Sanity, run: Run, uri_checks: int) -> bool:
    """Expires, if it is there, is a number."""
    message = run.message
    body = message.value("expires")
    if body is None:
        if message.complete:
            return True
        _fail(state, run, "Bad Expires Header")
        state.complain(run, "failed to parse expires header")
        return False
    words = body.split(None, 1)
    if not words:
        for text in ("Empty body", "Error while parsing"):
            state.instance.diag("ERROR", text, "core", run.at)
        state.complain(run, "parse_expires failed")
        return _fail(state, run, "Bad Expires Header")
    return _numeric(words[0]) or _fail(state, run, "Expires value is illegal")


def proxy_require(state: Sanity, run: Run, uri_checks: int) -> bool:
    """The first Proxy-Require asks for nothing but what the parameter `proxy_require` lists; case counts."""
    message = run.message
    body = message.value("proxy-require")
    if body is None:
        if message.complete:
            return True
        state.complain(run, "failed to parse proxy require header")
        return _fail(state, run, "Bad Proxy Require Header")
    wanted = parse_list(body)
    if not wanted:
        state.complain(run, "Error while parsing", "ERROR")
        state.complain(run, "parse proxy require failed")
        return _fail(state, run, "Bad Proxy Require Header")
    for extension in wanted:
        if extension not in state.extensions:
            message.reply_lumps.append(ReplyLump(f"Unsupported: {extension}\r\n"))
            return _fail(state, run, "Bad Proxy Require Extension", 420)
    return True


# ---------------------------------------------------------------- URIs


def addresses(state: Sanity, run: Run, uri_checks: int) -> bool:
    """The URIs can be read: 1 of the request, 2 in From, 4 in To, 8 in Contact."""
    message = run.message
    if uri_checks & 1 and (message.parsed_uri is None or not message.is_request):
        state.complain(run, "failed to parse request uri")
        return _fail(state, run, "Bad Request URI")
    if uri_checks & 2 and not _address(state, run, message.from_, "From", "From"):
        return _fail(state, run, "Invalid From Header")
    if uri_checks & 4 and not _address(state, run, message.to, "To", "To"):
        return _fail(state, run, "Ivalid To Header")
    return not uri_checks & 8 or _contact(state, run, message)


def _address(state: Sanity, run: Run, found: NameAddr | None, name: str, where: str) -> bool:
    if found is not None and uris.parse(found.uri) is not None:
        return True
    if found is not None:
        state.instance.diag("ERROR", f"failed to parse {where} uri", "core", run.at)
    state.complain(run, f"invalid {name} header or uri")
    return False


def _contact(state: Sanity, run: Run, message: Message) -> bool:
    """All Contact headers can be read; of the first one the URI that 5.6.3 keeps in front: the last."""
    bodies = [contacts.parse(message.text, header.body_start, header.body_end) for header in message.all("contact")]
    if None in bodies or not message.complete:
        state.complain(run, "failed to parse Contact headers")
        return _fail(state, run, "Bad Contact Header")
    first = bodies[0] if bodies else None
    if first is None or first.star or uris.parse(first.values[-1].uri) is not None:
        return True
    state.complain(run, "failed to parse Contact uri")
    return _fail(state, run, "Bad Contact URI")


# ---------------------------------------------------------------- credentials and tags


def credentials(state: Sanity, run: Run, uri_checks: int) -> bool:
    """All digest credentials have what they need; those of another scheme fail."""
    return _credentials(state, run, others=False)


def authorization(state: Sanity, run: Run, uri_checks: int) -> bool:
    """All digest credentials have what they need; those of another scheme pass."""
    return _credentials(state, run, others=True)


def _credentials(state: Sanity, run: Run, *, others: bool) -> bool:
    message = run.message
    if not message.complete:
        state.complain(run, "failed to parse proxy require header", "ERROR")
        return _fail(state, run, "Bad Headers")
    for header in (*message.all("authorization"), *message.all("proxy-authorization")):
        if not _DIGEST.match(f"{header.body} "):
            return others
        found = digest.credentials(header.body)
        if found is None:
            return _fail(state, run, "Bad Auth Header")
        trouble = _trouble(found)
        if trouble:
            return _fail(state, run, trouble)
    return True


def _trouble(found: digest.Credentials) -> str:
    """What is missing in digest credentials."""
    if None in (found.username, found.realm, found.nonce, found.uri, found.response):
        return "Bad Auth Credentials"
    if not found.username:
        return "Auth Empty User"
    if not found.nonce:
        return "Auth Empty Nonce"
    return "" if found.response else "Auth Empty Response"


def tags(state: Sanity, run: Run, uri_checks: int) -> bool:
    """From and To have one tag at most."""
    for name, found in (("From", run.message.from_), ("To", run.message.to)):
        if found is None:
            state.silence(run)
            return False
        if found.tag is not None and sum(key.lower() == "tag" for key, _ in found.params) > 1:
            return _fail(state, run, f"Many {name} Tag Params")
    return True


ALL: tuple[tuple[int, Check], ...] = (
    (1, version),
    (2, scheme),
    (4, required),
    (16384, passes),
    (8, passes),
    (16, passes),
    (32, cseq_method),
    (64, cseq_value),
    (128, content_length),
    (256, expires),
    (512, proxy_require),
    (1024, addresses),
    (2048, credentials),
    (8192, authorization),
    (4096, tags),
)
"""The checks by their bits, in the order in which they are made."""
