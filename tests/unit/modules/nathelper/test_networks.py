"""Addresses as inet_aton() reads them, and which are private."""

import pytest

from sroute.modules.nathelper.networks import is_address, is_private, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2.3.4", 0x01020304), ("10.1", 0x0A000001), ("10.1.2", 0x0A010002), ("167772161", 0x0A000001), ("0xa.0.0.1", 0x0A000001),
        ("012.0.0.1", 0x0A000001), ("10.0.0.1 x", 0x0A000001), ("10.0.0.256", None), ("256.1", None), ("1.2.3.4.5", None), ("", None),
        ("09.0.0.1", None), ("x", None), ("::1", None), ("[10.0.0.1]", None), ("0.0.65536", None), ("0.65536", 65536),
    ],
)  # fmt: skip
def test_numbers(text: str, value: int | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["10.0.0.1", "172.31.255.255", "192.168.0.0", "100.64.1.1", "192.0.0.255", "10.1"])
def test_private(text: str) -> None:
    assert is_private(text)


@pytest.mark.parametrize("text", ["11.0.0.1", "172.32.0.0", "192.169.0.0", "100.128.0.0", "192.0.1.0", "127.0.0.1", "169.254.1.1", "a"])
def test_public(text: str) -> None:
    assert not is_private(text)


@pytest.mark.parametrize(("text", "is_one"), [("1.2.3.4", 1), ("::1", 1), ("[::1]", 1), ("[1.2.3.4]", 0), ("1.2.3", 0), ("h", 0), ("", 0)])
def test_addresses(text: str, is_one: int) -> None:
    assert is_address(text) == bool(is_one)
