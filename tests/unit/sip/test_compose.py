"""Messages made by us, and message files."""

import pytest

from sroute.errors import UsageError
from sroute.sip import compose, messagefile
from sroute.sip.endpoint import LOCAL, PEER, Endpoint
from sroute.sip.message import Message
from sroute.sip.messagefile import Sent, read, render


def test_the_default_request_is_whole() -> None:
    message = Message(compose.request(PEER))
    assert (message.method, message.ruri, message.body) == ("OPTIONS", "sip:bob@example.com", "")
    assert message.from_ is not None
    assert message.from_.tag
    assert message.to is not None
    assert not message.to.tag
    assert message.via1.host == "127.0.0.1"
    assert message.via1.rport is not None
    assert message.max_forwards == "70"
    assert message.complete
    assert message.content_length == 0


def test_what_is_given_replaces_what_is_made_up() -> None:
    given = ["Call-ID:  mine ", "i2: x", "Contact: <sip:me>", "Via: SIP/2.0/UDP a;branch=1", "v: SIP/2.0/UDP b;branch=2", "X-A: \xc3\xa0"]
    text = compose.request(
        Endpoint("tcp", "::1", 7), method="INVITE", ruri="tel:+1", from_='"A" <sip:x>', headers=given, body="v=0\r\n", serial=3
    )
    message = Message(text)
    assert [via.host for via in message.vias] == ["a", "b"]
    assert message.headers[0].kind == "via"
    assert (message.call_id, message.value("contact"), message.value("x-a")) == ("mine", "<sip:me>", "\xc3\xa0")
    assert message.from_ is not None
    assert (message.from_.display, message.from_.tag) == ('"A"', "from3")
    assert (message.value("content-type"), message.body, message.content_length) == ("application/sdp", "v=0\r\n", 5)
    assert message.cseq is not None
    assert (message.cseq.number, message.cseq.method) == ("3", "INVITE")
    assert message.headers[-1].kind == "content-length"


def test_a_contact_says_the_transport() -> None:
    assert Message(compose.request(Endpoint("tls", "::1", 7), method="REGISTER")).value("contact") == "<sip:[::1]:7;transport=tls>"


@pytest.mark.parametrize("line", ["no colon", ": x", " : x"])
def test_what_is_no_header(line: str) -> None:
    with pytest.raises(UsageError, match="not a header"):
        compose.request(PEER, headers=[line])


def test_lists_are_cut_at_commas_outside_quotes_and_brackets() -> None:
    assert compose.split_list(' "a,b" <sip:x,y>;z , c,, "d\\",e" ') == ['"a,b" <sip:x,y>;z', "c", '"d\\",e"']


INVITE = compose.request(
    PEER, method="INVITE", headers=["Record-Route: <sip:p1;lr>, <sip:p2;lr>", "Record-Route: <sip:p3;lr>", "To: <sip:b@c>"], serial=7
)
SENT = [Sent(INVITE, LOCAL, PEER), Sent(INVITE.replace(INVITE.partition("\r\n")[0], "SIP/2.0 200 OK"), LOCAL, PEER)]


def only(text: str) -> messagefile.Incoming:
    (entry,) = read(text, "f")
    return render(entry, SENT)


def test_a_reply_to_a_sent_message() -> None:
    incoming = only("@reply 1 486 Busy  Here \nX-A: 1\nX-B: 2\n\nabc\n")
    message = Message(incoming.text)
    assert (incoming.src, incoming.dst) == (PEER, LOCAL)
    assert (message.status, message.reason, message.body, message.content_length) == (486, "Busy  Here", "abc\n", 4)
    assert [header.kind for header in message.headers] == [
        "via", "from", "to", "call-id", "cseq", "record-route", "record-route", "x-a", "x-b", "content-length",
    ]  # fmt: skip
    assert message.to is not None
    assert message.to.tag == "t1"
    assert message.via1.branch is not None
    assert message.via1.branch.value == "z9hG4bKsroute7"


@pytest.mark.parametrize(
    ("text", "tag"), [("@reply 1 100 Trying", None), ("@reply 1 180 Ringing\r\nTo-Tag: x-1\r\n", "x-1"), ("@reply 1 200 OK\n", "t1")]
)
def test_the_tag_of_a_reply(text: str, tag: str | None) -> None:
    message = Message(only(text).text)
    assert message.to is not None
    assert message.to.tag == tag
    assert message.value("To-Tag") is None


def test_a_reply_may_come_from_elsewhere() -> None:
    assert only("@from tcp:1.2.3.4:5\n@reply 1 200 OK\n").src == Endpoint("tcp", "1.2.3.4", 5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@reply 3 200 OK", "f:1: message 3 has not been sent yet (2 so far)"),
        ("@reply 0 200 OK", "f:1: message 0 has not been sent"),
        ("@reply 2 200 OK", "f:1: sent message 2 is a reply"),
        ("@reply x 200 OK", "f:1: not a reply line"),
        ("@from nowhere:1:2\nX", "f:1: unknown protocol"),
        ("X y SIP/2.0\nA: @branch(9)\n\n", "f:1: message 9 has not been sent yet"),
        ("\nX y SIP/2.0\nA: @to_tag(1)\n\n", "f:1: sent message 1 has no to tag"),
    ],
)
def test_mistakes_in_a_message_file(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        only(text)
    assert said in str(caught.value)


def test_placeholders() -> None:
    incoming = only("ACK x SIP/2.0\nA: @branch(1) @from_tag(1)\nRoute: @record_route(1)\nRoute: @record_route(2)\n\n")
    assert "A: z9hG4bKsroute7 from7\n" in incoming.text
    assert "Route: <sip:p1;lr>, <sip:p2;lr>, <sip:p3;lr>\nRoute: <sip:p3;lr>, <sip:p2;lr>, <sip:p1;lr>\n" in incoming.text


@pytest.mark.parametrize(
    "text", ["", "garbage", "\r\n\r\nX y SIP/2.0\nA: 1\n\nbody\n\n\n", "X y SIP/2.0\nContent-Length: 1\n\nabc\n\nd\n", "\x00"]
)
def test_a_file_with_one_message_is_sent_as_it_stands(text: str) -> None:
    assert [entry.text for entry in read(text)] == [text]


A = "X a SIP/2.0\r\nVia: x\r\n"
B = "SIP/2.0 200 OK\nVia: y\n\n"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"{A}\r\n{A}\r\n", [f"{A}\r\n", f"{A}\r\n"]),
        (f"{A}\r\n\r\n\r\n{B}", [f"{A}\r\n", B]),
        (f"{A}Content-Length: 3\r\n\r\nabc{B}", [f"{A}Content-Length: 3\r\n\r\nabc", B]),
        (f"{A}l: 3\r\n\r\nabc\r\n\r\n{B}", [f"{A}l: 3\r\n\r\nabc", B]),
        (f"{A}l: 30\r\n\r\nabc\r\n\r\n{B}", [f"{A}l: 30\r\n\r\nabc\r\n", B]),
        (f"{A}l: 2\r\n\r\nabc\r\n\r\n{B}", [f"{A}l: 2\r\n\r\nabc\r\n", B]),
        (f"{A}\r\nabc\n\ndef\n\n\n{B}", [f"{A}\r\nabc\n\ndef\n", B]),
        (f"{A}l: {len(B)}\r\n\r\n{B}\r\n{A}l: 0\r\n\r\n\n\n", [f"{A}l: {len(B)}\r\n\r\n{B}", f"{A}l: 0\r\n\r\n"]),
        (f"@from 1.1.1.1\n{A}\r\n@from 2.2.2.2\n\n{B}", [f"{A}\r\n", B]),
    ],
)
def test_files_with_several_messages(text: str, parts: list[str]) -> None:
    assert [entry.text for entry in read(text)] == parts


def test_lines_and_sources_of_entries() -> None:
    entries = read(f"@from 1.1.1.1\n{A}\r\n\r\n@reply 1 180 R\nX: 1\n\n@from tcp:[::1]\n@reply 1 200 OK\n\nbody\n", "f")
    assert [(entry.line, entry.reply and entry.reply.code, str(entry.src)) for entry in entries] == [
        (2, None, "udp:1.1.1.1:5060"),
        (6, 180, "None"),
        (10, 200, "tcp:[::1]:5060"),
    ]
    assert render(entries[0], []).src == Endpoint("udp", "1.1.1.1", 5060)
    assert render(entries[2], SENT).text.endswith("Content-Length: 5\r\n\r\nbody\n")
