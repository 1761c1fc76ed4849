"""Requests and replies on their way on."""

from dataclasses import replace

import pytest

from sroute.errors import MessageError
from sroute.sip import relay, reply, tags
from sroute.sip.endpoint import Endpoint
from sroute.sip.lump import Cond, Subst, Substitution
from sroute.sip.message import Message
from tests.unit.sip.recordings import CLIENT, SERVER, Case, load

ADVERTISED = {5060: relay.Advertised("8.8.8.8"), 15062: relay.Advertised("9.9.9.9", 7000), 15063: relay.Advertised("7.7.7.7")}


def received(case: Case) -> Message:
    kind, _, port = case["in"].partition(":")
    ip = "::1" if kind == "u6" else "127.0.0.1"
    back = [sent for sent in case["sent"] if sent[0] == "t4"]
    src = Endpoint("tcp", ip, back[0][1][1]) if kind == "t4" else Endpoint("udp", ip, 15070)
    message = Message(case["message"], src, Endpoint("tcp" if kind == "t4" else "udp", ip, int(port or 15060)))
    message.conid = case["conid"]
    return message


def prepare(message: Message) -> None:
    """What the recorded script does to a request by its user part."""
    user = message.ruri[4:].partition("@")[0]
    message.force_rport = user == "rport"
    message.global_address = "6.6.6.6" if user == "adv4" else ""
    message.global_port = "66" if user == "adv5" else ""
    if user == "body":
        message.lumps.anchor(message.eoh).add_after("Content-Type: a/b\r\n")
        message.body_lumps.delete(message.body_start, 3)
        message.body_lumps.anchor(message.body_start).add_after("new")


def record_route(message: Message) -> None:
    """Two Record-Route headers: the first only where the way out is not the way in, and `r2=on` likewise."""
    outer = message.lumps.anchor(message.headers[0].start)
    last = outer.add_after(Cond("", "DIFF_REALMS"))
    for piece in ("Record-Route: <sip:", Subst("", "SND_ALL"), ";r2=on;lr;ftag=1>\r\n"):
        last = outer.add_after(piece, last)
    inner = message.lumps.anchor(message.headers[0].start)
    last = inner.add_after("Record-Route: <sip:")
    last = inner.add_after(Subst("", "RCV_ALL"), last)
    tail = message.lumps.anchor(message.headers[0].start)
    tail.add_after(";r2=on", tail.add_after(Cond("", "DIFF_REALMS")))
    message.lumps.anchor(message.headers[0].start).add_after(";lr;ftag=1>\r\n")


def way(message: Message, kind: str, ip: str, port: int) -> relay.Outgoing:
    socket = Endpoint("tcp", "127.0.0.1", 15060) if kind == "tcp" else Endpoint("udp", ip, port)
    advertised = ADVERTISED.get(socket.port) if socket.proto == "udp" else None
    return relay.Outgoing(socket.proto, socket, message.dst, message.src.proto, advertised, ADVERTISED.get(message.dst.port))


@pytest.mark.parametrize("case", load("sockets"), ids=lambda case: f"{case['in']} {case['message'][8:30]}")
def test_sockets_as_recorded(case: Case) -> None:
    if not case["sent"]:
        with pytest.raises(MessageError):
            received(case)
        return
    message = received(case)
    for kind, (ip, port), text in sorted(case["sent"], key=lambda sent: not sent[2].startswith("SIP/2.0")):
        if text.startswith("SIP/2.0"):
            assert reply.build(message, 200, "OK", tags.prefix(tags.STATELESS, SERVER) + tags.suffix(message)) == text
            continue
        prepare(message)
        record_route(message)
        assert relay.build_request(message, way(message, kind, ip, port), tags.stateless_branch(message)) == text


@pytest.mark.parametrize("case", load("relayed_replies"), ids=lambda case: f"{case['changes']} {case['name']}")
def test_replies_as_recorded(case: Case) -> None:
    if not case["taken"]:
        with pytest.raises(MessageError):
            Message(case["message"], CLIENT, SERVER)
        return
    message = Message(case["message"], CLIENT, SERVER)
    if case["forwarded"] is None:
        assert message.via2 is None
        return
    if message.complete:  # append_hf() and its like do nothing to a message with a bad header
        change(message, case["changes"])
    assert relay.build_reply(message) == case["forwarded"]


def change(message: Message, what: str) -> None:
    if what in ("hf", "apply"):
        for header in message.all("X-A"):
            message.lumps.delete(header.start, header.end - header.start)
        message.lumps.anchor(message.headers_end).add_after("X-1: 1\r\n")
    if what == "hf":
        message.lumps.anchor(message.headers[0].start).add_before("X-2: 2\r\n")
    if what == "apply":
        message.update(relay.apply_changes(message))
        message.lumps.anchor(message.headers_end).add_after("X-3: 1\r\n")
    if what == "body" and message.body and "abc" in message.body:
        message.body_lumps.delete(message.text.index("abc", message.body_start), 3).add_after("defg")


REQUEST = (
    "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"
    "Call-ID: c1\r\nCSeq: 1 INVITE\r\n{}\r\nbody"
)
OUT = relay.Outgoing("udp", SERVER, SERVER)


def test_forwarding_changes_nothing_in_the_message() -> None:
    message = Message(REQUEST.format("Content-Length: 4\r\n"), CLIENT, SERVER)
    message.body_lumps.delete(message.body_start, 1).add_after("B!")
    first = relay.build_request(message, OUT, "z9hG4bKx.0")
    assert relay.build_request(message, OUT, "z9hG4bKx.0") == first
    assert first.endswith("Content-Length: 5\r\n\r\nB!ody")
    assert not message.lumps


def test_a_path_becomes_a_route_header() -> None:
    message = Message(REQUEST.format(""), CLIENT, SERVER)
    message.path = "<sip:p1;lr>,<sip:p2;lr>"
    sent = relay.build_request(message, OUT, "b")
    assert "branch=b\r\nRoute: <sip:p1;lr>,<sip:p2;lr>\r\nVia: " in sent
    message = Message(REQUEST.format("Route: <sip:r;lr>\r\n"), CLIENT, SERVER)
    message.path = "<sip:p1;lr>"
    assert "CSeq: 1 INVITE\r\nRoute: <sip:p1;lr>\r\nRoute: <sip:r;lr>\r\n" in relay.build_request(message, OUT, "b")


@pytest.mark.parametrize(
    ("proto", "headers", "expected"),
    [
        ("udp", "", "\r\nbody"),
        ("tcp", "", "Content-Length: 4\r\n\r\nbody"),
        ("tls", "Content-Length: 9\r\n", "Content-Length: 4\r\n\r\nbody"),
        ("udp", "Content-Length: 9\r\n", "Content-Length: 9\r\n\r\nbody"),
        ("ws", "", "\r\nbody"),
    ],
)
def test_content_length_by_protocol(proto: str, headers: str, expected: str) -> None:
    message = Message(REQUEST.format(headers), CLIENT, SERVER)
    out = relay.Outgoing(proto, Endpoint(proto, "127.0.0.1", 5060), SERVER)
    sent = relay.build_request(message, out, "b")
    assert sent.endswith(f"CSeq: 1 INVITE\r\n{expected}")
    assert f"Via: SIP/2.0/{proto.upper()} 127.0.0.1;branch=b\r\n" in sent


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("SND_IP", "[::1]"), ("SND_PORT", "5070"), ("SND_PROTO", "tcp"), ("SND_ALL", "[::1]:5070;transport=tcp"),
        ("RCV_IP", "10.0.0.1"), ("RCV_PORT", "5060"), ("RCV_PROTO", "udp"), ("RCV_ALL", "10.0.0.1"), ("RCV_ALL_EX", "10.0.0.1;sn=in"),
        ("SND_ALL_EX", "[::1]:5070;transport=tcp"),
    ],
)  # fmt: skip
def test_substitutions(what: Substitution, expected: str) -> None:
    out = relay.Outgoing("tcp", Endpoint("tcp", "::1", 5070), Endpoint("udp", "10.0.0.1", 5060), received_name="in")
    assert out.subst(what) == expected


def test_conditions_compare_the_way_in_with_the_way_out() -> None:
    here = Endpoint("udp", "10.0.0.1", 5060)
    same = relay.Outgoing("udp", here, here)
    assert not any(same.holds(name) for name in ("DIFF_REALMS", "DIFF_AF", "DIFF_PROTO", "DIFF_PORT", "DIFF_IP", "RAND", "FALSE"))
    assert same.holds("TRUE")
    assert replace(same, coin=True).holds("RAND")
    other = relay.Outgoing("tcp", Endpoint("tcp", "::1", 5061), here)
    assert all(other.holds(name) for name in ("DIFF_REALMS", "DIFF_AF", "DIFF_PROTO", "DIFF_PORT", "DIFF_IP"))
    assert relay.Outgoing("ws", Endpoint("tcp", "10.0.0.1", 5060), here).subst("SND_ALL") == "10.0.0.1;transport=ws"
