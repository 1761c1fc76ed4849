"""Every construct whose verdict was recorded from the real parser is accepted or refused here too."""

import pytest

from sroute.syntax.parser import parse
from tests.live.constructs import ENVIRONMENT, KINDS, Construct, constructs
from tests.unit.syntax.reading import findings

KNOWN = {
    "$var(x) = src_ip == foo + 5;",
    "$var(x) = src_ip == foo * 5;",
    "$var(x) = src_ip == 10.0.0.1 + 5;",
    "$var(x) = src_ip == 10.0.0.1 / 5 / 5;",
}
"""Arithmetic behind an address condition: Kamailio takes it, and we do not."""


@pytest.mark.parametrize("construct", [found for kind in KINDS for found in constructs(kind)], ids=lambda found: found.line[:60])
def test_verdict(construct: Construct) -> None:
    parsed = parse("test.cfg", construct.text.encode("utf-8").decode("latin-1"), env=ENVIRONMENT)
    expected = construct.accepted and construct.line not in KNOWN
    assert parsed.ok == expected, findings(parsed)
