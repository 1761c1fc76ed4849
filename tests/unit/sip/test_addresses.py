"""Endpoints, where replies go, tags and branches."""

import pytest

from sroute.errors import UsageError
from sroute.sip import tags
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message
from sroute.sip.target import reply_target, via_target
from tests.unit.sip.recordings import SERVER, load


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("udp:127.0.0.1:5060", Endpoint("udp", "127.0.0.1", 5060)),
        ("TLS:10.0.0.1", Endpoint("tls", "10.0.0.1", 5060)),
        ("10.0.0.1:7", Endpoint("udp", "10.0.0.1", 7)),
        ("[::1]:5070", Endpoint("udp", "::1", 5070)),
        ("wss:[2001:db8::1]", Endpoint("wss", "2001:db8::1", 5060)),
        ("host.example.com", Endpoint("udp", "host.example.com", 5060)),
    ],
)
def test_addresses_in_text(text: str, expected: Endpoint) -> None:
    assert Endpoint.parse(text) == expected
    assert Endpoint.parse(str(expected)) == expected


@pytest.mark.parametrize("text", ["", "udp:", "x:1.2.3.4:5", "1.2.3.4:99999", "1.2.3.4:5:6", "[::1", "::1", "a b", "udp:1.2.3.4:5060x"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError):
        Endpoint.parse(text)


def test_defaults_and_forms() -> None:
    assert Endpoint.parse("1.2.3.4", "tcp", 7) == Endpoint("tcp", "1.2.3.4", 7)
    six = Endpoint("tcp", "::1", 5060)
    assert (str(six), six.uri, six.full_uri) == ("tcp:[::1]:5060", "sip:[::1]:5060;transport=tcp", "sip:[::1]:5060;transport=tcp")
    four = Endpoint("udp", "10.0.0.1", 5070)
    assert (four.uri, four.full_uri, four.proto_id, four.is_ipv6) == ("sip:10.0.0.1:5070", "sip:10.0.0.1:5070;transport=udp", 1, False)


def request(via: str) -> Message:
    rest = "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: c1\r\nCSeq: 1 X\r\n\r\n"
    return Message(f"X sip:b@h SIP/2.0\r\nVia: SIP/2.0/{via}\r\n{rest}", Endpoint("udp", "10.9.9.9", 4711), SERVER)


def test_where_replies_go() -> None:
    assert reply_target(request("UDP 1.2.3.4:5070;branch=1")) == Endpoint("udp", "10.9.9.9", 5070)
    assert reply_target(request("UDP 1.2.3.4;branch=1")) == Endpoint("udp", "10.9.9.9", 5060)
    assert reply_target(request("UDP 1.2.3.4:5070;branch=1;rport")) == Endpoint("udp", "10.9.9.9", 4711)
    via = request("TCP h:7;received=1.1.1.1;rport=8;branch=1").via1
    assert via_target(via, "tcp") == ("1.1.1.1", Endpoint("tcp", "1.1.1.1", 8))
    assert via_target(request("UDP [::1];branch=1").via1, "udp") == ("::1", Endpoint("udp", "::1", 5060))


def test_the_tag_of_a_server_is_known_by_its_first_socket() -> None:
    recorded = {
        case["reply_to"].rpartition("tag=")[2].partition(".")[0] for case in load("names") if "a4536301" in case.get("reply_to", "")
    }
    assert recorded == {tags.prefix(tags.STATELESS, SERVER)[:-1]}
    assert tags.prefix(tags.STATEFUL, SERVER).endswith("-")
    assert tags.prefix(tags.STATELESS, None) != tags.prefix(tags.STATELESS, SERVER)


def test_numbers_in_branches_are_written_backwards() -> None:
    assert tags.reverse_hex(0x1234) == "4321"
    assert tags.branch(0xE9F, "u", 10) == "z9hG4bKf9e.u.a"
    assert tags.branch(1, "u", 0, "x") == "z9hG4bK1.u.x.0"
    assert tags.reverse_hex(tags.transaction_hash("c1", "1")) == "e9f6"
