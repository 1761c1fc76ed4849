"""Challenges as uac reads them: what a flow can't record, as 5.6.3 hangs there, and the cnonce that it makes of the nonce."""

import pytest

from sroute.modules.uac.challenge import Asked, BadChallengeError, Credential, EndlessChallengeError, answer, parse
from sroute.sip.digest import Proof, ha1


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ('Digest realm="other",nonce="abc"', Asked("other", "abc")),
        ('digest   realm="other" , nonce = "abc" ,opaque=""', Asked("other", "abc")),
        ('Digest realm="other", nonce="abc" x="y"', Asked("other", "abc")),
        ('Digest realm="other", nonce="abc",', Asked("other", "abc")),
        ('Digest realm="other", nonce="abc", foo="bar", realm="last"', Asked("last", "abc")),
        ('Digest realm="other", nonce="abc", domain=bar, stale=FALSE', Asked("other", "abc")),
        ('Digest realm="other", nonce="abc", qop="auth-int, auth", opaque="x"', Asked("other", "abc", "x", "auth-int")),
        ('Digest realm="other", nonce="abc", qop=""', Asked("other", "abc")),
    ],
)
def test_taken(body: str, asked: Asked) -> None:
    assert parse(body) == asked


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("Digest", "parse error in <Digest> around 0"),
        ('Basic realm="x"', 'parse error in <Basic realm="x"> around 0'),
        ("Digest nonce=abc, realm=other", "parse error in <Digest nonce=abc, realm=other> around 13"),
        ('Digest realm="other", nonce="abc", opaque=op', 'parse error in <Digest realm="other", nonce="abc", opaque=op> around 42'),
        ('Digest realm="other", nonce="abc", stale', 'parse error in <Digest realm="other", nonce="abc", stale> around 40'),
        ('Digest realm="other", nonce=""', "realm or nonce missing"),
        ('Digest realm="other", nonce="abc", algorithm=MD5-sess', 'unsupported algorithm "MD5-sess"'),
        ('Digest realm="other", nonce="abc", stale=maybe', 'unsupported stale value "maybe"'),
    ],
)
def test_refused(body: str, why: str) -> None:
    with pytest.raises(BadChallengeError) as error:
        parse(body)
    assert str(error.value) == why


@pytest.mark.parametrize("qop", ["AUTH", "token,auth"])
def test_endless(qop: str) -> None:
    with pytest.raises(EndlessChallengeError):
        parse(f'Digest realm="other", nonce="abc", qop="{qop}"')


def test_answer_proves_the_password() -> None:
    line = answer(407, Asked("r", "abc", "op", "auth"), Credential("alice", "r", "secret"), "INVITE", "sip:bob@x")
    response = Proof("abc", "INVITE", "sip:bob@x", qop="auth", nc="00000001", cnonce="7167810").response(ha1("alice", "r", "secret"))
    assert line == (
        'Proxy-Authorization: Digest username="alice", realm="r", nonce="abc", uri="sip:bob@x", opaque="op", qop=auth, nc=00000001, '
        f'cnonce="7167810", response="{response}", algorithm=MD5\r\n'
    )


def test_ha1_stands_for_the_password() -> None:
    secret = ha1("alice", "r", "secret")
    plain = answer(401, Asked("r", "abc"), Credential("alice", "r", "secret"), "BYE", "sip:bob@x")
    assert answer(401, Asked("r", "abc"), Credential("alice", "r", secret, ha1=True), "BYE", "sip:bob@x") == plain
