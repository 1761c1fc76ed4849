"""URIs in parts."""

import pytest

from sroute.sip import uri
from tests.unit.sip.recordings import Case, label, load


@pytest.mark.parametrize("case", load("uris"), ids=label)
def test_as_recorded(case: Case) -> None:
    parsed = uri.parse(case["uri"])
    if case.get("bad"):
        assert parsed is None
        return
    assert parsed is not None
    parts = case["parts"]
    assert parsed.user == parts["user"]
    assert parsed.host == parts["host"]
    assert parsed.password == parts["passwd"]
    assert (parsed.port, parsed.headers, parsed.written_scheme) == (parts["port"], parts["headers"], parts["scheme"])
    if parsed.scheme != "tel" or parsed.phone:
        assert parsed.sip_params == parts["params"]
    names = {"transport": "transport", "ttl": "ttl", "user": "uparam", "maddr": "maddr", "method": "method", "lr": "lr", "r2": "r2"}
    assert {key: parsed.param(name) or "" for name, key in names.items()} == {key: parts[key] for key in names.values()}
    if request := case.get("request_uri"):
        assert (parsed.scheme, parsed.user or None, parsed.host or None) == (request["scheme"], request["user"], request["host"])
        assert (parsed.port if parsed.port or parsed.empty_port else "5060", parsed.transport or "UDP") == (
            request["port"],
            request["transport"],
        )


def test_protocol_of_the_transport_parameter() -> None:
    for text, proto in {"UDP": "udp", "Tls": "tls", "ws": "ws", "wss": None, "x": None}.items():
        parsed = uri.parse(f"sip:h;transport={text}")
        assert parsed is not None
        assert parsed.proto == proto
    both = uri.parse("sip:h;transport=tcp;transport=x")
    assert both is not None
    assert (both.proto, both.transport) == ("tcp", "x")


def test_a_phone_uri_keeps_both_kinds_of_parameters() -> None:
    parsed = uri.parse("sip:+12;ext=3:pw@h:5070;transport=tcp;user=phone?a=b")
    assert parsed is not None
    assert parsed.phone
    assert (parsed.scheme, parsed.user, parsed.params, parsed.password) == ("tel", "+12", "ext=3", "pw")
    assert (parsed.sip_params, parsed.headers, parsed.port_number) == ("transport=tcp;user=phone", "a=b", 5070)


@pytest.mark.parametrize("text", ["sip:a@b", "SIPS:a@b:5061", "sip:b", "sip:user.name+1@host-1.example.com:5060"])
def test_the_short_way_and_the_long_way_agree(text: str) -> None:
    short, long = uri.parse(text), uri.parse(text + ";x")
    assert short is not None
    assert long is not None
    for name in ("scheme", "user", "password", "host", "port", "headers", "phone", "empty_port"):
        assert getattr(short, name) == getattr(long, name), name
