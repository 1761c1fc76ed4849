"""Local replies, byte for byte."""

import pytest

from sroute.errors import MessageError
from sroute.sip import relay, reply, tags
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message, ReplyLump
from tests.unit.sip.recordings import CLIENT, SERVER, Case, label, load


@pytest.mark.parametrize("case", load("replies"), ids=label)
def test_as_recorded(case: Case) -> None:
    message = Message(case["message"], CLIENT, SERVER)
    tag = "" if message.to is not None and message.to.tag else tags.prefix(tags.STATELESS, SERVER) + tags.suffix(message)
    built = [reply.build(message, code, text, tag) for code, text in ((200, "OK"), (183, "Pr"), (404, "No"))]
    message.reply_lumps.append(ReplyLump("X-R: 1\r\n"))
    built.append(reply.build(message, 302, "Moved", tag))
    assert built == case["replies"]

    message.lumps.anchor(message.headers_end).add_after("X-A: 1\r\n")
    message.lumps.anchor(message.headers[0].start).add_before("X-B: 2\r\n")
    for header in message.all("User-Agent"):
        message.lumps.delete(header.start, header.end - header.start)
    assert relay.build_request(message, relay.Outgoing("udp", SERVER, SERVER), tags.stateless_branch(message)) == case["forwarded"]

    forced = Message(case["message"], CLIENT, SERVER)
    forced.force_rport = True
    assert reply.build(forced, 200, "OK", tag) == case["forced_reply"]


@pytest.mark.parametrize("case", load("stateful"), ids=lambda case: f"{case['code']} {case['message'][:16]}")
def test_stateful_ones_as_recorded(case: Case) -> None:
    message = Message(case["message"], CLIENT, SERVER)
    message.reply_lumps.append(ReplyLump("X-R: 1\r\n"))
    if message.ruri.startswith("sip:body@"):
        message.reply_lumps += [ReplyLump("Content-Type: a/b\r\n"), ReplyLump("hello", body=True)]
    tagged = case["code"] == 100 or (message.to is not None and message.to.tag)
    tag = "" if tagged else tags.prefix(tags.STATEFUL, SERVER) + tags.suffix(message)
    assert reply.build(message, case["code"], case["reason"], tag) == case["sent"]


@pytest.mark.parametrize("case", load("mutated"), ids=label)
def test_damaged_requests_as_recorded(case: Case) -> None:
    if case.get("dropped"):
        with pytest.raises(MessageError):
            Message(case["message"], CLIENT, SERVER)
        return
    message = Message(case["message"], CLIENT, SERVER)
    if "reply" in case:
        tag = "" if message.to is not None and message.to.tag else tags.prefix(tags.STATELESS, SERVER) + tags.suffix(message)
        assert reply.build(message, 200, "OK", tag) == case["reply"]
    if "forwarded" in case:
        assert relay.build_request(message, relay.Outgoing("udp", SERVER, SERVER), tags.stateless_branch(message)) == case["forwarded"]


REQUEST = (
    "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nRecord-Route: <sip:p;lr>\r\n"
    "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=old;x\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\n\r\n"
)


def test_body_server_and_warning() -> None:
    message = Message(REQUEST, CLIENT, SERVER)
    message.reply_lumps += [ReplyLump("Content-Type: a/b\r\n"), ReplyLump("abc", body=True)]
    built = reply.build(message, 200, "OK", "", "", "Warning: 392 x")
    assert built is not None
    assert built.endswith("CSeq: 1 INVITE\r\nContent-Type: a/b\r\nContent-Length: 3\r\nWarning: 392 x\r\n\r\nabc")
    assert ";received=127.0.0.1\r\nRecord-Route: <sip:p;lr>\r\n" in built


@pytest.mark.parametrize(("code", "copied"), [(100, False), (179, False), (180, True), (299, True), (300, False), (407, False)])
def test_record_route_goes_into_180_to_299(code: int, copied: bool) -> None:
    built = reply.build(Message(REQUEST), code, "X")
    assert built is not None
    assert ("Record-Route" in built) == copied


def test_a_given_tag_replaces_the_old_one() -> None:
    built = reply.build(Message(REQUEST), 200, "OK", "brand-new")
    assert built is not None
    assert "To: <sip:c@d>;tag=brand-new;x\r\n" in built


def test_no_reply_to_a_request_whose_headers_are_broken() -> None:
    assert reply.build(Message(REQUEST.replace("\r\n\r\n", "\r\nbroken line\r\n\r\n")), 200, "OK") is None


@pytest.mark.parametrize(
    ("host", "ip", "same"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("[::1]", "::1", True),
        ("::1", "::1", True),
        ("[2001:DB8::1]", "2001:db8::1", True),
        ("h", "::1", False),
    ],
)
def test_when_a_via_host_is_the_source(host: str, ip: str, same: bool) -> None:
    assert reply.same_host(host, ip) is same


def test_port_and_address_of_the_source_are_told() -> None:
    message = Message(REQUEST, Endpoint("udp", "2001:db8::9", 4711), SERVER)
    message.force_rport = True
    built = reply.build(message, 200, "OK")
    assert built is not None
    assert ";branch=z9hG4bK1;rport=4711;received=2001:db8::9\r\n" in built
