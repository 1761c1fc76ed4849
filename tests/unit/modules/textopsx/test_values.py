"""Values of headers that are lists, and their parameters."""

import pytest

from sroute.modules.textopsx.fnmatch import _compiled
from sroute.modules.textopsx.params import find_pair, find_param, params_start
from sroute.modules.textopsx.values import values
from sroute.sip.headers import Header


def split(body: str) -> list[tuple[str, str]]:
    """The values of a header, and what goes with them."""
    text = f"X: {body}\r\n"
    header = Header("X", "x", body, 0, 3, len(text))
    return [(text[found.start : found.end], text[found.outer_start : found.outer_end]) for found in values(text, header)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a", [("a", "a")]),
        ("a, b,c", [("a", "a,"), ("b", " b,"), ("c", "c")]),
        ('"a, b" , c', [('"a, b"', '"a, b" ,'), ("c", " c")]),
        ('"a\\", b", c', [('"a\\", b"', '"a\\", b",'), ("c", " c")]),
        ("a,", [("a", "a,")]),
        (",a", [("", ","), ("a", "a")]),
        ("", [("", "")]),
    ],
)
def test_values(body: str, found: list[tuple[str, str]]) -> None:
    assert split(body) == found


@pytest.mark.parametrize(
    ("value", "params"),
    [("<sip:a;b@c>;x=1", ";x=1"), ('"n;m" <sip:a>;x', ";x"), ("sip:a;x=1", ";x=1"), ("three;a", ";a"), ("none", ""), ('"open;a', "")],
)
def test_params_begin_behind_the_address(value: str, params: str) -> None:
    assert value[params_start(value, 0, len(value)) :] == params


@pytest.mark.parametrize(
    ("text", "name", "changed", "removed"),
    [
        (";a=1;b=2", "b", "=2", ";b=2"), (";A = 1 ;b", "a", " = 1", ";A = 1"), (';a="x;y";b', "a", '="x;y"', ';a="x;y"'),
        (";a;b", "a", "", ";a"), (" ; b=3", "b", "=3", " ; b=3"),
    ],
)  # fmt: skip
def test_params(text: str, name: str, changed: str, removed: str) -> None:
    param = find_param(text, 0, len(text), name)
    assert param.found
    assert text[slice(*param.changed)] == changed
    assert text[slice(*param.removed)] == removed


def test_missing_param() -> None:
    param = find_param(";a=1;b", 0, 6, "c")
    assert not param.found
    assert param.removed == (6, 6)
    assert param.delimiter == ";"


@pytest.mark.parametrize(
    ("text", "name", "removed", "delimiter"),
    [
        ('Digest realm="r", nonce=n', "realm", 'realm="r",', ","), ('Digest realm="r", nonce=n', "nonce", ", nonce=n", ","),
        ("a=1,b=2", "a", "a=1,", ","), ("Basic x", "y", "", " "), ("", "y", "", ""),
    ],
)  # fmt: skip
def test_pairs(text: str, name: str, removed: str, delimiter: str) -> None:
    param = find_pair(text, 0, len(text), name)
    assert text[slice(*param.removed)] == removed
    assert param.delimiter == delimiter


def test_pairs_of_odd_text_end() -> None:
    assert not find_pair('""<>;,, = "', 0, 11, "a").found


@pytest.mark.parametrize(
    ("text", "pattern", "matches"),
    [
        ("abc", "a*", True), ("abc", "*", True), ("", "*", True), ("abc", "a?c", True), ("abc", "[!x]bc", True), ("abc", "[^a]bc", False),
        ("a*b", r"a\*b", True), ("axb", r"a\*b", False), ("a[", "a[", True), ("]", "[]]", True), ("a-b", "a[-]b", True),
        ("ab", "a\\", False),
        ("5", "[[:digit:]]", True), ("x", "[[:digit:]]", False), ("b", "[z-a]", False), ("a\nb", "a?b", True), ("a.b", "a.b", True),
    ],
)  # fmt: skip
def test_shell_patterns(text: str, pattern: str, matches: bool) -> None:
    assert bool(_compiled(pattern, ignore_case=False).match(text)) is matches
