"""Whatever the bytes are: no exception but the promised one, and time that grows no faster than the text."""

import contextlib
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroute.errors import MessageError, UsageError
from sroute.sip import (
    compose,
    contact,
    cseq,
    digest,
    messagefile,
    multipart,
    nameaddr,
    params,
    relay,
    reply,
    rewrite,
    route,
    sdp,
    tags,
    uri,
)
from sroute.sip import via as vias
from sroute.sip.endpoint import LOCAL, PEER
from sroute.sip.message import Message
from sroute.sip.target import reply_target, via_target
from tests.unit.sip.recordings import CLIENT, SERVER, load

OUT = relay.Outgoing("udp", LOCAL, LOCAL)
HEAD = (
    "OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=z\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"
    "Call-ID: c\r\nCSeq: 1 OPTIONS\r\n"
)
PARSERS: dict[str, Callable[[str], object]] = {
    "uri": uri.parse,
    "nameaddr": nameaddr.parse,
    "contact": contact.parse,
    "route": route.parse,
    "digest": digest.credentials,
    "challenge": digest.challenge,
    "params": params.parse,
    "comma params": lambda text: params.parse(text, separator=","),
    "cseq": cseq.parse,
    "via": lambda text: vias.parse(text, 0, len(text)),
    "sdp": sdp.parse,
    "message file": messagefile.read,
    "list": compose.split_list,
    "set_host": lambda text: rewrite.set_host(text, "h"),
    "strip": lambda text: rewrite.strip(text, 2),
    "trans": lambda text: rewrite.set_host_port_trans(text, "h;transport=tcp"),
}


def everything(text: str) -> None:
    """Read a message and do to it all that the core can."""
    try:
        message = Message(text, CLIENT, SERVER)
    except MessageError:
        return
    assert all(message.text[header.body_start : header.body_end] == header.body for header in message.headers)
    for name in ("from", "to", "contact", "x"):
        message.nameaddr(name)
    assert (message.parsed_uri, message.body, message.status_span(), message.shadow()) is not None
    assert (reply.build(message, 200, "OK", "t") is None) == (not message.complete)
    reply_target(message)
    via_target(message.via1, "udp")
    sent = relay.build_request(message, OUT, tags.stateless_branch(message)) if message.is_request else relay.build_reply(message)
    assert isinstance(sent, str)
    assert tags.suffix(message)
    message.update(relay.apply_changes(message))
    for header in message.all("contact"):
        contact.parse(message.text, header.body_start, header.body_end)
    assert (sdp.of(message), multipart.parts(message), route.of(message), compose.route_set(message)) is not None


SEEDS = sorted({case["message"] for name in ("messages", "sdp", "relayed_replies", "replies") for case in load(name)})
PIECES = st.sampled_from(
    ["\r\n", "\n", "\r", " ", "\t", ";", ",", "=", '"', "<", ">", "\\", "@", ":", "?", "[", "]", "(", ")", "\0", "\xff", "Via: ", "l: "]
)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.lists(PIECES, max_size=3).map("".join)), max_size=4)
)
def test_messages_that_went_wrong_on_the_way(seed: str, changes: list[tuple[float, int, str]]) -> None:
    text = seed
    for where, cut, put in changes:
        at = int(where * len(text))
        text = text[:at] + put + text[at + cut :]
    everything(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    text = data.decode("latin-1")
    everything(text)
    everything(HEAD + text + "\r\n\r\n")


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=150, deadline=None)
@given(
    text=st.lists(
        st.one_of(PIECES, st.sampled_from(["a", "b.c", "sip:", "lr", "1", "Digest ", "v=", "m=", "@reply 1 200", "transport"])), max_size=14
    ).map("".join)
)
def test_parsers_take_anything(name: str, text: str) -> None:
    try:
        PARSERS[name](text)
        PARSERS[name]("sip:a@h;" + text)
    except UsageError:
        assert name == "message file"


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=40), st.text("ab@:;[]1.=?", max_size=12))
def test_what_is_rewritten_keeps_the_rest(user: str, rest: str) -> None:
    made = rewrite.set_user(f"sip:x@h;{rest}", "new")
    parsed = uri.parse(f"sip:x@h;{rest}")
    assert (made.uri is None) == (parsed is None)
    if made.uri is not None and parsed is not None and (again := uri.parse(made.uri)) is not None and "@" not in rest:
        assert (again.host, again.port, again.sip_params, again.headers) == (parsed.host, parsed.port, parsed.sip_params, parsed.headers)


ATOMS = [
    " ", "\t", "\r\n ", "\n", "\r\n", "\r", ";", ",", "=", '"', "<", ">", "\\", "(", "[", ":", "@", "?", "a=", "a;", "a,", ";a=b", '"a"',
    "<a>", "a ", "a\r\n ", ",a", '\\"', "((", "a(", "--b\r\n", "X: 1\r\n", "v=0\r\n", "m=", "\n\n", "@from ", "A b SIP/2.0\n",
    "\n\nA b SIP/2.0\n",
    "Via: SIP/2.0/UDP h\r\n", "SIP/2.0/UDP h,", "SIP/2.0/UDP h;", "digest a=b,", "\0", "@branch(1)",
]  # fmt: skip
SIZE = 1 << 15
LIMIT = 1.0
"""Seconds for any of these texts: some take a twentieth of it; what takes quadratic time takes many times as long."""


def timed(work: Callable[[str], object], text: str) -> None:
    begin = time.process_time()
    with contextlib.suppress(MessageError, UsageError):
        work(text)
    assert time.process_time() - begin < LIMIT, text[:60]


@pytest.mark.parametrize("name", PARSERS)
def test_parsers_take_linear_time(name: str) -> None:
    for atom in ATOMS:
        many = atom * (SIZE // len(atom))
        for before, after in (
            ("", ""),
            ("<", ">"),
            ('"', '"'),
            ("sip:a@b;", ""),
            ("<sip:a>;", ""),
            ('Digest a="', ""),
            ("SIP/2.0/UDP h;a=", ""),
        ):
            timed(PARSERS[name], before + many + after)


@pytest.mark.parametrize(
    "where", ["first line", "Via: SIP/2.0/UDP h;", "To: ", "From: ", "CSeq: ", "Contact: ", "Route: ", "X: ", "", "body", "multipart"]
)
def test_messages_take_linear_time(where: str) -> None:
    for atom in ATOMS:
        many = atom * (SIZE // len(atom))
        match where:
            case "first line":
                text = f"OPTIONS {many}{HEAD}"
            case "body":
                text = f"{HEAD}\r\n{many}"
            case "multipart":
                text = f"{HEAD}Content-Type: multipart/mixed;boundary=b\r\n\r\n{many}"
            case _:
                name = where.partition(":")[0]
                text = HEAD.replace(f"{name}:", "Q:", 1) if name in ("Via", "To", "From", "CSeq") else HEAD
                text = f"{text}{where}{many}\r\n\r\n"
        timed(everything, text)


def test_a_message_of_a_megabyte() -> None:
    body = "x" * (1 << 20)
    text = f"{HEAD}Content-Length: {len(body)}\r\n\r\n{body}"
    begin = time.process_time()
    everything(text)
    assert time.process_time() - begin < LIMIT
    message = Message(text, PEER, LOCAL)
    message.body_lumps.delete(message.body_start, 1).add_after("yy")
    sent = relay.build_request(message, OUT, "b")
    assert f"Content-Length: {len(body) + 1}\r\n" in sent
    assert sent.endswith("\r\nyy" + body[1:])


def test_a_message_of_many_headers() -> None:
    lines = "".join(f"X-{number}: {number}\r\n" for number in range(20_000))
    begin = time.process_time()
    message = Message(f"{HEAD}{lines}\r\n")
    assert len(message.headers) == 20_005
    assert message.value("x-19999") == "19999"
    for header in message.headers[5:]:
        message.lumps.delete(header.start, header.end - header.start)
    assert len(relay.build_request(message, OUT, "b")) < len(HEAD) + 200
    assert time.process_time() - begin < LIMIT
