"""JSON texts as json-c reads and writes them: with what it forgives."""

import json as standard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroute.modules.json.module import at_path
from sroute.modules.json.text import parse, plain, written

VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(1 << 63), (1 << 64) - 1), st.text(st.characters(min_codepoint=32, max_codepoint=126))
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_written_is_read_by_others(value: object) -> None:
    found = parse(standard.dumps(value))
    assert found is not None
    assert standard.loads(written(found)) == value


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse(text)
    if found is not None:
        assert written(parse(written(found)) or "") == written(found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{'a': 1,} rest", '{ "a": 1 }'),
        ("/* note */ [1, /* two */ 2,]", "[ 1, 2 ]"),
        ("99999999999999999999", "18446744073709551615"),
        ("-99999999999999999999", "-9223372036854775808"),
        ("1.50", "1.50"),
        ('"a/b\\u00e9"', '"a\\/b\u00c3\u00a9"'),
        ("TRUE", "true"),
        ("1e", "1"),
        ("1.", "1."),
        ("-infinity", "-Infinity"),
        ('"\\ud83d\\ude00"', '"\u00f0\u009f\u0098\u0080"'),
        ('"\\ud800"', '"\u00ef\u00bf\u00bd"'),
        ("{}", "{ }"),
    ],
)
def test_forms(text: str, shown: str) -> None:
    found = parse(text)
    assert found is not None
    assert written(found) == shown


@pytest.mark.parametrize("text", ["", "{", "[1", '"a', "{a:1}", "nothing", '{"a" 1}', "[" * 40])
def test_what_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", "1"),
        ("b.c", "x"),
        ("d[1]", "6"),
        ("d[9]", None),
        ("d[-1]", None),
        ("d", "[ 5, 6 ]"),
        ("a.b", None),
        ("none", None),
        ("d[x]", "5"),
    ],
)
def test_paths(path: str, found: str | None) -> None:
    root = parse('{"a": 1, "b": {"c": "x"}, "d": [5, 6]}')
    assert root is not None
    value = at_path(root, path)
    assert (None if value is None else plain(value)) == found
