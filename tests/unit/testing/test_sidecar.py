from sroute.sip.endpoint import LOCAL, PEER
from sroute.sip.messagefile import Sent
from sroute.testing.sidecar import render

REQUEST = "INVITE sip:a@b SIP/2.0\nVia: SIP/2.0/UDP c;branch=z9hG4bKours\nFrom: <sip:x@y>;tag=ours\nTo: <sip:a@b>\nCall-ID: ours\n\n"
REPLY = (
    "SIP/2.0 401 No\r\nVia: SIP/2.0/UDP k;branch=z9hG4bKtheirs\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKours;rport=1\r\n"
    "From: <sip:x@y>;tag=ours\r\n"
    "To: <sip:a@b>;tag=theirs\r\nCall-ID: ours\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\nDate: now\r\n"
    'WWW-Authenticate: Digest realm="r", nonce="abc", qop="auth"\r\n\r\n'
)


def test_made_up_values_become_placeholders() -> None:
    assert render([Sent(REPLY, LOCAL, PEER)], [REQUEST]) == (
        ">>> 1 udp:127.0.0.1:5060 -> udp:127.0.0.1:5061\n"
        "SIP/2.0 401 No\nVia: SIP/2.0/UDP k;branch=@branch1@\nVia: SIP/2.0/UDP c;branch=z9hG4bKours;rport=1\nFrom: <sip:x@y>;tag=ours\n"
        "To: <sip:a@b>;tag=@tag1@\nCall-ID: ours\nServer: @server1@\nDate: @date1@\n"
        'WWW-Authenticate: Digest realm="r", nonce="@nonce1@", qop="auth"\n\n'
    )


def test_equal_values_have_equal_names() -> None:
    other = REPLY.replace("tag=theirs", "tag=other")
    tags = [
        line.split("=")[-1]
        for line in render([Sent(m, LOCAL, PEER) for m in (REPLY, other, REPLY)], [REQUEST]).split("\n")
        if line[:2] == "To"
    ]
    assert tags == ["@tag1@", "@tag2@", "@tag1@"]


def test_a_server_header_of_the_script_is_exact() -> None:
    assert "Server: mine\n" in render([Sent("A\r\nServer: mine\r\n\r\n", LOCAL, PEER)], [])


def test_bodies_are_exact() -> None:
    text = render([Sent("A\r\n\r\n>>> 2\r\nTo: x;tag=y\nend \xe9\\", LOCAL, PEER)], [])
    assert text == ">>> 1 udp:127.0.0.1:5060 -> udp:127.0.0.1:5061\nA\n\n\\x3e>> 2\nTo: x;tag=y\\nend \\xe9\\\\\\\n"


def test_nothing_sent() -> None:
    assert render([], [REQUEST]) == ""
