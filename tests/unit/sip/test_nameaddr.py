"""From and To bodies."""

import pytest

from sroute.errors import MessageError
from sroute.sip import nameaddr, reply, tags
from sroute.sip import uri as uris
from sroute.sip.message import Message
from tests.unit.sip.recordings import CLIENT, SERVER, Case, label, load


def request(header: str, body: str) -> str:
    to, sender = ("<sip:bob@example.com>", "<sip:alice@example.com>;tag=f1")
    to, sender = (body, sender) if header == "to" else (to, body)
    return (
        f"OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bK1\r\nFrom: {sender}\r\nTo: {to}\r\n"
        "Call-ID: c1@x\r\nCSeq: 1 OPTIONS\r\nY: 1\r\nContent-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize("case", load("names"), ids=label)
def test_as_recorded(case: Case) -> None:
    text = request(case["header"], case["body"])
    if case.get("dropped"):
        with pytest.raises(MessageError):
            Message(text, CLIENT, SERVER)
        return
    message = Message(text, CLIENT, SERVER)
    found = message.to if case["header"] == "to" else message.from_
    if found is None:
        assert case["uri"] is None
        return
    parsed = uris.parse(found.uri)
    assert (found.uri, found.display or None, found.tag or None) == (case["uri"], case["display"], case["tag"])
    assert ((parsed.user if parsed else "") or None, (parsed.host if parsed else "") or None) == (case["user"], case["host"])
    if "reply_to" in case:
        tag = "" if found.tag else tags.prefix(tags.STATELESS, SERVER) + tags.suffix(message)
        built = reply.build(message, 200, "OK", tag)
        assert built is not None
        assert f"\r\nTo: {case['reply_to']}\r\n" in built


def test_offsets_and_parameters() -> None:
    text = 'To: "B, \\"x\\"" <sip:b@h;p=1> ;x=1 ;tag="t 1";y;z=\r\n'
    found = nameaddr.parse(text, 4, len(text) - 2)
    assert found is not None
    assert text[found.uri_start : found.uri_end] == found.uri == "sip:b@h;p=1"
    assert text[found.display_start : found.display_start + len(found.display)] == found.display
    assert found.params == (("x", "1"), ("tag", "t 1"), ("y", None), ("z", ""))
    assert text[found.tag_start : found.tag_start + 3] == found.tag == "t 1"
    assert (found.param("TAG"), found.param("y"), found.param("none")) == ("t 1", "", None)
    assert found.params_text == 'x=1 ;tag="t 1";y;z='
    assert found.bracketed


@pytest.mark.parametrize("text", ["<sip:a@b>", "<sip:a@b;x=y>;tag=1", "<tel:+12>;tag=a-b.c"])
def test_the_short_way_and_the_long_way_agree(text: str) -> None:
    short, long = nameaddr.parse(text), nameaddr.parse(text + " ")
    assert short is not None
    assert long is not None
    assert short._replace(end=0, params_text="") == long._replace(end=0, params_text="")
