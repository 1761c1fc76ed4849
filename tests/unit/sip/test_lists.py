"""Contact, Route and Authorization headers, and parameter lists."""

import pytest

from sroute.sip import contact, digest, params, route
from sroute.sip.message import Message
from tests.unit.sip.recordings import Case, label, load


def message(line: str) -> Message:
    return Message(
        "OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bK1\r\n"
        "From: <sip:alice@example.com>;tag=f1\r\n"
        f"To: <sip:bob@example.com>\r\nCall-ID: c1@x\r\nCSeq: 1 OPTIONS\r\n{line}\r\nContent-Length: 0\r\n\r\n"
    )


def kinds(name: str) -> list[Case]:
    return [case for case in load("lists") if name in case]


@pytest.mark.parametrize("case", kinds("contact"), ids=label)
def test_contacts_as_recorded(case: Case) -> None:
    taken = message(f"Contact: {case['contact']}")
    row = taken.row("contact")
    assert row is not None
    body = contact.parse(taken.text, row[2], row[3])
    values = [taken.text[value.start : value.end] for value in reversed(body.values)] if body is not None else []
    assert len(values) == case["count"]
    assert [*values, None, None][:2] == [case["first"], case["second"]]


def test_parts_of_a_contact() -> None:
    text = '"A, B" <sip:a@h;x=1,2>;q=0.5;expires="60";+sip.instance="<urn:uuid:1>" , sip:c@h;methods="INVITE,BYE"'
    body = contact.parse(text)
    assert body is not None
    assert not body.star
    first, second = body.values
    assert (first.name, first.uri, first.param("Q"), first.param("expires")) == ('"A, B"', "sip:a@h;x=1,2", "0.5", "60")
    assert first.param("+sip.instance") == "<urn:uuid:1>"
    assert first.param("received") is None
    assert (second.name, second.uri, second.param("methods")) == ("", "sip:c@h", "INVITE,BYE")
    for value in body.values:
        assert text[value.uri_start : value.uri_end] == value.uri
    assert contact.parse(" *") == contact.ContactBody(True, [])


def test_contacts_of_several_headers() -> None:
    found = contact.of(message("Contact: <sip:a>, <sip:b>\r\nSubject: x\r\nm: *"))
    assert found is not None
    assert [(body.star, len(body.values)) for body in found] == [(False, 2), (True, 0)]
    assert contact.of(message("X: 1")) == []
    assert contact.of(message("Contact: <sip:a>\r\nContact: <sip")) is None


@pytest.mark.parametrize("case", kinds("route"), ids=label)
def test_routes_as_recorded(case: Case) -> None:
    taken = message(f"Route: {case['route']}")
    found = route.of(taken) or []
    row = taken.row("route")
    assert row is not None
    values = [taken.text[value.start : value.end] for value in found]
    assert len(values) == case["count"]
    assert [*values, None, None][:2] == [case["first"], case["second"]]
    assert (found[0].uri if found else "") == case["uri"]


def test_routes_of_several_headers() -> None:
    taken = message('Route: "X" <sip:a;lr>;p=1 ,<sip:b>\r\nSubject: x\r\nRoute: <sip:c;lr=on>')
    found = route.of(taken)
    assert found is not None
    assert [(value.uri, value.lr) for value in found] == [("sip:a;lr", True), ("sip:b", False), ("sip:c;lr=on", True)]
    assert found[0].name == '"X" '
    assert [param.value for param in found[0].params] == ["1"]
    assert route.of(taken, "record-route") == []
    assert route.of(message("Route: sip:a")) is None


@pytest.mark.parametrize("case", kinds("authorization"), ids=label)
def test_credentials_as_recorded(case: Case) -> None:
    found = digest.credentials(message(f"Authorization: {case['authorization']}").value("authorization") or "")
    if case["parts"] is None:
        assert found is None
        return
    assert found is not None
    seen = {"user": found.user, "domain": found.domain} | {
        name: getattr(found, name) or "" for name in case["parts"] if name in found._fields
    }
    assert seen == {name: value or "" for name, value in case["parts"].items()}


def test_the_example_of_rfc_2617() -> None:
    secret = digest.ha1("Mufasa", "testrealm@host.com", "Circle Of Life")
    assert secret == "939e7578ed9e3c518a452acee763bce9"
    nonce, uri = "dcd98b7102dd2f0e8b11d0f600bfb0c093", "/dir/index.html"
    proof = digest.Proof(nonce, "GET", uri, "MD5", "auth", "00000001", "0a4f113b")
    assert proof.response(secret) == "6629fae49393a05397450978507c4ef1"
    assert digest.Proof(nonce, "GET", uri).response(secret) == "670fd8c2df070c60b045671b8b24ff02"


def test_the_examples_of_rfc_7616() -> None:
    nonce, cnonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    for algorithm, expected in {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }.items():
        secret = digest.ha1("Mufasa", "http-auth@example.org", "Circle of Life", algorithm)
        assert digest.Proof(nonce, "GET", "/dir/index.html", algorithm, "auth", "00000001", cnonce).response(secret) == expected


def test_session_algorithms_and_bodies_count() -> None:
    proofs = [
        digest.Proof("n", "INVITE", "sip:x", name, qop, "1", "c", "body") for name in ("MD5", "MD5-sess") for qop in ("auth", "auth-int")
    ]
    assert len({proof.response("s") for proof in proofs}) == 4
    assert digest.known("")
    assert digest.known("sha-512-256-SESS")
    assert not digest.known("AKAv1-MD5")
    assert digest.hashed("", "SHA-512-256") == "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"


def test_a_challenge_and_its_answer() -> None:
    asked = digest.challenge('Digest realm="r", nonce="n,1", qop="auth,auth-int", algorithm=SHA-256, opaque="o", stale=TRUE')
    assert asked == digest.Challenge("r", "n,1", "SHA-256", "auth,auth-int", "o", True)
    assert asked.qop_offered("auth-int")
    assert not asked.qop_offered("int")
    said = digest.credentials(digest.answer(asked, "u", "p", digest.Proof("", "INVITE", "sip:x", qop="auth", nc="00000001", cnonce="c")))
    assert said is not None
    assert (said.username, said.nonce, said.algorithm, said.opaque) == ("u", "n,1", "SHA-256", "o")
    proof = digest.Proof("n,1", "INVITE", "sip:x", "SHA-256", "auth", "00000001", "c")
    assert said.response == proof.response(digest.ha1("u", "r", "p", "SHA-256"))
    assert digest.challenge('Basic realm="r"') is None
    assert digest.challenge('Digest realm="r"') is None


@pytest.mark.parametrize(
    ("text", "separator", "expected"),
    [
        ("a=1;b;c=\"q;,\";d='x'", ";", [("a", "1"), ("b", None), ("c", "q;,"), ("d", "x")]),
        ("a = 1 ; b", ";", [("a", "1"), ("b", None)]),
        ("a=1,b=2", ",", [("a", "1"), ("b", "2")]),
        ("a=b=c;d=", ";", [("a", "b=c"), ("d", "")]),
        ("", ";", []),
        ("a;;b", ";", [("a", None), ("", None), ("b", None)]),
        ("a=1;", ";", None),
        ('a="1', ";", None),
        ("a=;b", ";", None),
        ("a b", ";", None),
    ],
)
def test_parameter_lists(text: str, separator: str, expected: list[tuple[str, str | None]] | None) -> None:
    taken = params.parse(text, separator=separator)
    assert (taken and [(param.name, param.value) for param in taken[0]]) == expected
    if taken:
        for param in taken[0]:
            assert text[param.start :].startswith(param.name)
            assert param.value is None or text[param.value_start :].startswith(param.value)


def test_a_list_ends_at_a_comma() -> None:
    taken = params.parse("x;a=1;b , rest", 2)
    assert taken is not None
    assert taken[1] == 8
    assert params.value(taken[0], "B") == ""
    assert params.value(taken[0], "x") is None
