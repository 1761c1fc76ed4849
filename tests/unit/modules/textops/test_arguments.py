"""Arguments of textops: header names, methods, lists."""

import pytest

from sroute.exports.fixups import FixupError
from sroute.modules.textops.arguments import METHODS, header_kind
from sroute.modules.textops.texts import _items


@pytest.mark.parametrize(("text", "kind"), [("From", "from"), ("f", "from"), ("X-One", "x-one"), ("X One", None), ("", None), ("@", None)])
def test_header_names(text: str, kind: str | None) -> None:
    assert header_kind(text) == kind


@pytest.mark.parametrize("text", ["", "INVITE|FOO", "|FOO", "IN VITE", "@FOO"])
def test_bad_methods(text: str) -> None:
    with pytest.raises(FixupError):
        METHODS.parse(text, None)  # type: ignore[arg-type]


def test_methods() -> None:
    assert METHODS.parse("INVITE|ack", None) == frozenset({"INVITE", "ACK"})  # type: ignore[arg-type]
    assert METHODS.parse("foo", None) == "FOO"  # type: ignore[arg-type]


@pytest.mark.parametrize(("listed", "items"), [(" a , b", ["a", "b"]), ("a,", ["a"]), (",a", ["", "a"]), ("a", ["a"]), (",,", ["", ""])])
def test_lists(listed: str, items: list[str]) -> None:
    assert _items(listed, ",") == items
