"""Lists of codecs."""

import pytest

from sroute.modules.sdpops.codecs import tokens
from sroute.modules.sdpops.functions import _lines


@pytest.mark.parametrize(
    ("listed", "found"),
    [("0,8", ["0", "8"]), (" 0, 8", ["0", "8"]), ("", []), ("0,,8", ["0"]), ("0\r\n,8", ["0"]), ("a b,c", ["a b", "c"]), (",", [])],
)
def test_tokens(listed: str, found: list[str]) -> None:
    assert tokens(listed) == found


def test_lines_of_a_kind() -> None:
    text = "v=0\r\na=x\na:y\r\nxa=z\r\na=last"
    assert _lines(text, 0, len(text), "a") == ["a=x\n", "a=last"]
