"""Digest responses, and message files that answer a challenge."""

import hashlib

import pytest

from sroute.errors import UsageError
from sroute.sip import digest
from sroute.sip.digest import Proof
from sroute.sip.endpoint import LOCAL, PEER
from sroute.sip.messagefile import Sent, read, render


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def challenged(challenge: str, header: str = "WWW-Authenticate") -> Sent:
    lines = [
        "SIP/2.0 401 Unauthorized",
        "Via: SIP/2.0/UDP a;branch=1",
        "From: <sip:a>;tag=1",
        "To: <sip:a>;tag=2",
        "Call-ID: c",
        "CSeq: 1 REGISTER",
    ]
    return Sent("\r\n".join([*lines, f"{header}: {challenge}", "Content-Length: 0", "", ""]), LOCAL, PEER)


def credentials(text: str, sent: list[Sent]) -> digest.Credentials:
    (entry,) = read(text, "f")
    message = render(entry, sent).text
    found = digest.credentials(message.split("Authorization: ")[1].split("\n")[0])
    assert found is not None
    return found


def test_the_example_of_the_rfc() -> None:
    secret = digest.ha1("Mufasa", "testrealm@host.com", "Circle Of Life")
    proof = Proof("dcd98b7102dd2f0e8b11d0f600bfb0c093", "GET", "/dir/index.html", "", "auth", "00000001", "0a4f113b")
    assert proof.response(secret) == "6629fae49393a05397450978507c4ef1"


def test_a_challenge_is_answered_for_the_message_at_hand() -> None:
    sent = [challenged('Digest realm="r", nonce="n"')]
    found = credentials("REGISTER sip:r SIP/2.0\nAuthorization: @authorization(1, alice, secret word)\n\n", sent)
    assert (found.username, found.realm, found.nonce, found.uri, found.qop) == ("alice", "r", "n", "sip:r", None)
    assert found.response == md5(f"{md5('alice:r:secret word')}:n:{md5('REGISTER:sip:r')}")


def test_a_qop_brings_a_nonce_count() -> None:
    sent = [challenged('Digest realm="r", nonce="n", qop="auth-int,auth", algorithm=MD5', "Proxy-Authenticate")]
    found = credentials("INVITE sip:b SIP/2.0\nProxy-Authorization: @authorization(1,alice,secret,17)\n\nbody", sent)
    assert (found.qop, found.nc, found.algorithm) == ("auth", "00000011", "MD5")
    assert found.response == md5(f"{md5('alice:r:secret')}:n:00000011:{found.cnonce}:auth:{md5('INVITE:sip:b')}")


def test_auth_int_takes_the_body_in() -> None:
    sent = [challenged('Digest realm="r", nonce="n", qop="auth-int"')]
    found = credentials("INVITE sip:b SIP/2.0\nAuthorization: @authorization(1,alice,secret)\n\nbody", sent)
    assert found.response == md5(f"{md5('alice:r:secret')}:n:00000001:{found.cnonce}:auth-int:{md5('INVITE:sip:b:' + md5('body'))}")


@pytest.mark.parametrize(
    ("argument", "sent", "why"),
    [
        ("2, a, b", [challenged('Digest realm="r", nonce="n"')], "message 2 has not been sent yet"),
        ("1, a, b", [challenged("Basic realm=x")], "has no challenge that can be answered"),
        ("1, a, b", [challenged('Digest realm="r"')], "has no challenge that can be answered"),
        ("1, a, b", [challenged('Digest realm="r", nonce="n", algorithm=ROT13')], "has no challenge that can be answered"),
        ("1, a, b", [challenged('Digest realm="r", nonce="n"', "X-Authenticate")], "has no challenge that can be answered"),
    ],
)
def test_what_can_not_be_answered(argument: str, sent: list[Sent], why: str) -> None:
    (entry,) = read(f"REGISTER sip:r SIP/2.0\nAuthorization: @authorization({argument})\n\n", "f")
    with pytest.raises(UsageError, match=why):
        render(entry, sent)


def test_other_text_stays() -> None:
    (entry,) = read("REGISTER sip:r SIP/2.0\nA: @authorization(1, a) @authorization(x, a, b)\n\n", "f")
    assert render(entry, []).text == entry.text
