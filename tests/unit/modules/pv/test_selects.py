"""Selects: how they are written, and which there are."""

import pytest

from sroute.dialect import DEFAULT
from sroute.modules.catalog import Catalog
from sroute.modules.pv.selects import parse_select, resolve_select
from sroute.resolve.names import NameTable

NAMES = NameTable(DEFAULT, Catalog())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ruri", (("ruri", None),)),
        ("@ruri.user", (("ruri", None), ("user", None))),
        ("via[1].host", (("via", 1), ("host", None))),
        ("via[-1].host", (("via", -1), ("host", None))),
        ('msg.header["X-A"]', (("msg", None), ("header", "X-A"))),
        ("cfg_get.core.debug", (("cfg_get", None), ("core", None), ("debug", None))),
    ],
)
def test_written_forms(text: str, parts: tuple[tuple[str, int | str | None], ...]) -> None:
    assert parse_select(text) == parts


@pytest.mark.parametrize("text", ["", "@", ".ruri", "ruri.", "ruri..user", "via[x]", "via[1", "ruri user"])
def test_what_is_none(text: str) -> None:
    assert parse_select(text) is None


@pytest.mark.parametrize(
    "text", ["ruri", "ruri.user", "from.uri.user", "via[1].host", "msg.header.Subject", "src.ip", "cfg_get.core.debug"]
)
def test_known_selects(text: str) -> None:
    assert resolve_select(parse_select(text) or (), NAMES) is not None


@pytest.mark.parametrize("text", ["nothing", "ruri.nothing", "from.uri.user.more", "xmlrpc.uri"])
def test_unknown_selects(text: str) -> None:
    assert resolve_select(parse_select(text) or (), NAMES) is None
