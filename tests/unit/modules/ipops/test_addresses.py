"""Kinds of addresses, and nets."""

import pytest

from sroute.modules.ipops.addresses import _in_net, kind, packed


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.2.3.4", 1), ("::1", 2), ("[::1]", 3), ("[1.2.3.4]", -1), ("01.2.3.4", -1), ("1.2.3", -1), ("", -1), ("[]", -1), ("::1]", -1)],
)
def test_kinds(text: str, number: int) -> None:
    assert kind(text) == number


@pytest.mark.parametrize(
    ("address", "net", "is_in"),
    [
        ("10.1.2.3", "10.0.0.0/8", True), ("10.1.2.3", "10.1.2.1/24", True), ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.4", False),
        ("10.1.2.3", "10.1.2.0/", True), ("10.1.2.3", "10.1.2.0/33", False), ("10.1.2.3", "10.1.2.3/-1", True), ("10.1.2.3", "::/0", False),
        ("2001:db8::1", "2001:db8::/32", True), ("2001:db8:8000::", "2001:db8::/33", False), ("2001:db8::1", "2001:db8::1", True),
    ],
)  # fmt: skip
def test_nets(address: str, net: str, is_in: bool) -> None:
    assert _in_net(packed(address), net)[0] is is_in


def test_a_mask_stays_on_an_ipv6_address() -> None:
    found, left = _in_net(packed("2001:db8::1"), "3000::/16")
    assert not found
    assert left == packed("2001::")
    assert _in_net(packed("10.1.2.3"), "11.0.0.0/8")[1] == packed("10.1.2.3")
