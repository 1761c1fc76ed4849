"""Via headers: parts, and what replies and forwarded requests make of the top one."""

import pytest

from sroute.errors import MessageError
from sroute.sip import relay, reply, tags
from sroute.sip import via as vias
from sroute.sip.message import Message
from tests.unit.sip.recordings import CLIENT, SERVER, Case, label, load

OUT = relay.Outgoing("udp", SERVER, SERVER)


def request(via: str) -> str:
    rest = "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n\r\n"
    return f"OPTIONS sip:bob@h SIP/2.0\r\nVia: {via}\r\nVia: SIP/2.0/UDP 9.9.9.9;branch=l\r\n{rest}"


def via_lines(text: str) -> str:
    return text.partition("\r\n")[2].partition("From:")[0]


def value(param: vias.ViaParam | None) -> str | None:
    return (param.value or None) if param is not None else None


# A comma inside quotes ends the Via for Kamailio, and the rest of the line is a bad header; `|` disturbs the recording itself.
ODD = ('x="a,b"', "h|x")


@pytest.mark.parametrize("case", [case for case in load("vias") if not any(odd in case["via"] for odd in ODD)], ids=label)
def test_as_recorded(case: Case) -> None:
    text = request(case["via"])
    if case.get("dropped"):
        with pytest.raises(MessageError):
            Message(text, CLIENT, SERVER)
        return
    message = Message(text, CLIENT, SERVER)
    top = message.via1
    if seen := case.get("seen"):
        assert (top.host, top.port_text or None, top.transport) == (seen["host"], seen["port"], seen["transport"])
        assert [value(part) for part in (top.branch, top.rport, top.received, top.i, top.alias)] == [
            seen[name] for name in ("branch", "rport", "received", "i", "alias")
        ]
        assert message.via2 is not None
        assert message.via2.host == seen["second"]
    if "reply" in case:
        built = reply.build(message, 200, "OK", "tag")
        assert built is not None
        assert via_lines(built) == case["reply"]
    if "forwarded" in case:
        assert via_lines(relay.build_request(message, OUT, tags.stateless_branch(message))) == case["forwarded"]


def test_values_of_a_list_join_without_gaps() -> None:
    text = "SIP/2.0/UDP a;branch=1 ,\r\n SIP/2.0/TCP b:5 (note), , SIP/2.0/WSS [::1]:7;rport"
    found = vias.parse(text, 0, len(text))
    assert found is not None
    assert [(via.proto, via.host, via.port, via.last) for via in found] == [
        ("udp", "a", 0, False),
        ("tcp", "b", 5, False),
        ("wss", "[::1]", 7, True),
    ]
    assert [via.start for via in found][1:] == [via.end for via in found][:-1]
    assert found[2].params_text(text) == "rport"
    assert found[2].param("rport") == ""
    assert found[2].param("x") is None


@pytest.mark.parametrize(
    "text",
    [
        "SIP/2.0/UDP h:5060;branch=z9hG4bK1",
        "SIP/2.0/UDP h;rport;branch=z9hG4bK1",
        "SIP/2.0/TCP h-1.example.com:1;branch=z9hG4bK-1.2;rport",
        "SIP/2.0/UDP h:99999;branch=a",
    ],
)
def test_the_short_way_and_the_long_way_agree(text: str) -> None:
    short = vias.parse(text, 0, len(text))
    long = vias.parse(text + " ", 0, len(text) + 1)  # the blank at the end keeps it from the short way
    assert short is not None
    assert long is not None
    for name in ("transport", "host", "port_text", "port", "start", "host_end", "params_start", "branch"):
        assert getattr(short[0], name) == getattr(long[0], name), name
    assert [param.name for param in short[0].params] == [param.name for param in long[0].params]
    assert (short[0].rport is None) == (long[0].rport is None)
