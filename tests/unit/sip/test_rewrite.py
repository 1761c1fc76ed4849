"""The core's rewriting of the Request-URI."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from sroute.sip import rewrite, uri
from tests.unit.sip.recordings import Case, label, load

ROWS: list[tuple[str, str, str]] = [tuple(case) for case in load("rewrites")]  # type: ignore[misc]
CALLS: dict[str, Callable[[str, Any], rewrite.Rewrite]] = {
    "sethost": rewrite.set_host,
    "sethostport": rewrite.set_host_port,
    "sethostporttrans": rewrite.set_host_port_trans,
    "setuser": rewrite.set_user,
    "setuserpass": rewrite.set_user_pass,
    "setport": rewrite.set_port,
    "prefix": rewrite.prefix,
    "strip": rewrite.strip,
    "strip_tail": rewrite.strip_tail,
}


@pytest.mark.parametrize("call", sorted({call for _, call, _ in ROWS}))
def test_as_recorded(call: str) -> None:
    found = re.fullmatch(r"(\w+)\((.*)\)", call)
    assert found is not None
    for before, done, after in ROWS:
        if done != call:
            continue
        made = rewrite.user_phone(before) if found[1] == "userphone" else CALLS[found[1]](before, json.loads(found[2]))
        assert (before if made.uri is None else made.uri) == after, before


def test_what_kamailio_says() -> None:
    assert rewrite.strip("sip:bob@h", 5).note == "too long strip asked; deleting username: 5 of <bob>"
    assert rewrite.strip_tail("sip:bob@h", 5).note == "too long strip_tail asked;  deleting username: 5 of <bob>"
    assert rewrite.strip("sip:bob@h", 3) == rewrite.Rewrite("sip:h")
    assert rewrite.set_user("garbage", "x") == rewrite.Rewrite(None, "ERROR", "bad uri <garbage>, dropping packet")
    assert rewrite.set_port("tel:12", "5").note == "port number of a tel: URI cannot be set"
    assert rewrite.set_host("urn:service:sos", "h").level == "ERROR"


SOME = [
    ("sethost", "h2"), ("sethostporttrans", "h2:9;transport=tls"), ("setuser", "u2"), ("setuserpass", "u:p"), ("setport", "77"),
    ("prefix", "9"), ("strip", 2),
]  # fmt: skip


@pytest.mark.parametrize("case", load("mutated_uris"), ids=label)
def test_random_uris_as_recorded(case: Case) -> None:
    before = case["uri"]
    assert (uri.parse(before) is not None) == case["good"]
    made = [CALLS[name](before, value).uri for name, value in SOME] + [rewrite.user_phone(before).uri]
    assert [before if text is None else text for text in made] == case["after"]
