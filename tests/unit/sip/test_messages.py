"""Messages as the core reads them: what it drops, what a script sees of the odd ones."""

import pytest

from sroute.errors import MessageError
from sroute.sip import headers
from sroute.sip.message import Message
from tests.unit.sip.recordings import CLIENT, SERVER, Case, label, load


@pytest.mark.parametrize("case", load("messages"), ids=label)
def test_as_recorded(case: Case) -> None:
    if case.get("dropped"):
        with pytest.raises(MessageError):
            Message(case["message"], CLIENT, SERVER)
        return
    message = Message(case["message"], CLIENT, SERVER)
    assert [[header.name, header.body] for header in message.headers] == case["headers"]
    assert message.complete == case["replied"]
    assert len(message.text) == case["length"]
    assert (message.body, len(message.body or "")) == (case["body"], case["body_size"])
    assert message.value("content-length") == case["content_length"]
    assert (message.value("X") if message.complete else None) == case["x"]
    sender, to, cseq = message.from_, message.to, message.cseq
    assert (sender.uri if sender else None, (sender.tag or None) if sender else None) == (case["from_uri"], case["from_tag"])
    assert to is not None
    assert (to.uri, to.tag or None) == (case["to_uri"], case["to_tag"])
    assert cseq is not None
    assert (message.call_id, cseq.number) == (case["call_id"], case["cseq"])


@pytest.mark.parametrize("case", load("lines"), ids=label)
def test_lines_as_recorded(case: Case) -> None:
    if case.get("dropped"):
        with pytest.raises(MessageError):
            Message(case["message"])
        return
    message = Message(case["message"])
    assert (message.value("Y") if message.complete else None) == case["y"]
    if "status" in case:
        assert not message.is_request
        assert (message.status_text, message.reason, message.method) == (case["status"], case["reason"], case["method"])
        assert message.status == int(case["status"])
    else:
        assert message.is_request
        assert message.complete == case["whole"]


REQUEST = (
    "INVITE sip:bob@example.com;user=phone SIP/2.0\r\n"
    "v: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bKa, SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKb\r\n"
    "Via: SIP/2.0/TLS 10.0.0.2;branch=z9hG4bKc\r\n"
    'f: "A\\"B" <sip:a@b>;tag=1\r\nT: <sip:c@d>;tag=2\r\ni: id@host\r\nCSeq: 7 INVITE\r\n'
    "m: <sip:me@127.0.0.1>\r\nX-One: 1\r\nx-one: 2\r\nSubject: a\r\n b\r\nMax-Forwards: 70\r\nl: 4\r\n\r\nbody"
)


def test_parts_of_a_request() -> None:
    message = Message(REQUEST)
    assert (message.method, message.ruri, message.version) == ("INVITE", "sip:bob@example.com;user=phone", "SIP/2.0")
    assert [via.transport for via in message.vias] == ["UDP", "TCP", "TLS"]
    assert message.via1.host == "127.0.0.1"
    assert message.via2 is not None
    assert message.via2.host == "10.0.0.1"
    assert message.call_id == "id@host"
    assert message.content_length == 4
    assert message.max_forwards == "70"
    assert message.from_ is not None
    assert message.from_.display == '"A\\"B"'
    assert message.body == "body"


def test_headers_are_found_by_any_form_of_their_name() -> None:
    message = Message(REQUEST)
    for name in ("Call-ID", "call-id", "CALL-ID", "i", "I"):
        assert message.value(name) == "id@host"
    assert [header.body for header in message.all("X-ONE")] == ["1", "2"]
    assert message.value("Contact") == message.value("m") == "<sip:me@127.0.0.1>"
    assert message.value("subject") == "a\r\n b"
    assert message.header("nothing") is None
    assert message.value("nothing") is None
    assert message.all("nothing") == []


def test_offsets_point_into_the_text() -> None:
    message = Message(REQUEST)
    for header in message.headers:
        line = message.text[header.start : header.end]
        assert line.startswith(header.name)
        assert line.endswith("\r\n")
        assert message.text[header.body_start : header.body_end] == header.body
    assert message.text[message.uri_start :].startswith(message.ruri)
    assert message.text[message.eoh : message.body_start] == "\r\n"
    assert message.headers_end == message.eoh


def test_the_request_uri_that_counts() -> None:
    message = Message(REQUEST)
    assert message.parsed_uri is not None
    assert message.parsed_uri.scheme == "tel"
    message.uri = "sip:x@y:5070"
    assert message.uri == "sip:x@y:5070"
    assert message.ruri.startswith("sip:bob@")
    assert message.parsed_uri is not None
    assert message.parsed_uri.port == "5070"
    message.uri = "garbage"
    assert message.parsed_uri is None
    message.new_uri = None
    assert message.uri == message.ruri
    assert message.parsed_uri is not None


def test_a_patch_is_seen_at_once() -> None:
    message = Message(REQUEST)
    header = message.header("max-forwards")
    assert header is not None
    assert message.headers[-2].body == "70"
    message.patch(header.body_start, "69")
    assert message.max_forwards == "69"
    assert message.headers[-2].body == "69"
    assert message.body == "body"


def test_a_shadow_has_changes_of_its_own() -> None:
    message = Message(REQUEST)
    message.flags, message.dst_uri = 5, "sip:next"
    message.lumps.anchor(message.eoh).add_after("X-A: 1\r\n")
    other = message.shadow()
    other.flags, other.dst_uri, other.new_uri = 6, None, "sip:other"
    other.lumps.anchors[0].add_after("X-B: 1\r\n")
    assert (message.flags, message.dst_uri, message.new_uri) == (5, "sip:next", None)
    assert list(message.lumps.added()) == ["X-A: 1\r\n"]
    assert len(list(other.lumps.added())) == 2
    assert other.text is message.text
    assert other.vias == message.vias


def test_status_and_reason_have_a_place() -> None:
    message = Message("\r\nSIP/2.0 180  Ringing now\r\n" + REQUEST.partition("\r\n")[2].replace("\r\nMax-", "\r\nSIP/2.0 9\r\nMax-", 0))
    status, reason, end = message.status_span()
    assert (message.text[status : status + 3], message.text[reason:end]) == ("180", "Ringing now")


def test_the_number_of_a_new_uri_does_not_outlive_an_update() -> None:
    message = Message(REQUEST)
    message.flags, message.dst_uri = 3, "sip:next"
    message.new_uri, message.ruid = "sip:n", "r"
    message.lumps.anchor(message.eoh).add_after("X-A: 1\r\n")
    message.update(message.text.replace("sip:bob@example.com", "sip:new@host"))
    kept = {"flags": 3, "dst_uri": "sip:next", "new_uri": None, "ruid": None}
    assert {name: getattr(message, name) for name in kept} == kept
    assert message.ruri == "sip:new@host;user=phone"
    assert not message.lumps


def test_a_folded_body_on_one_line() -> None:
    assert headers.unfold("a \r\n\t b\r\n c") == "a b c"
    assert headers.unfold("plain") == "plain"


@pytest.mark.parametrize(
    ("name", "kind"), [("V", "via"), ("call-ID", "call-id"), ("x-Foo", "x-foo"), ("n", "n"), ("Retry-After", "retry-after")]
)
def test_kinds_of_header_names(name: str, kind: str) -> None:
    assert headers.kind(name) == kind
