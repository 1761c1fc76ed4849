"""Parameters of transformations: where a variable ends, what a number is, and the words for what is wrong."""

from contextlib import suppress
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroute.dialect import DEFAULT
from sroute.exports.fixups import FixupError, Names
from sroute.modules.pv.parameters import CHARACTER, Cursor, none, number, parser, text, variable_end


class NoNames:
    """Names where no variable may be met."""

    dialect = DEFAULT

    def __getattr__(self, name: str) -> object:
        """Nothing else is asked for."""
        raise AssertionError(name)


NAMES = cast(Names, NoNames())
ANY = number("no number")
NOT_NEGATIVE = number("no number", negative="negative")
WORD = text("no text")


@pytest.mark.parametrize(
    ("source", "end"),
    [
        ("$rU,x", 3),
        ("$var(a),x", 7),
        ("$(var(a){s.len}),x", 16),
        ("$(avp(x)[1])", 12),
        ("$xavp(a[0]=>b),x", 14),
        ("$hdr($var(h)),x", 13),
        ("$", 1),
    ],
)
def test_where_a_variable_ends(source: str, end: int) -> None:
    assert variable_end(source, 0) == end


def test_a_variable_that_does_not_end() -> None:
    with pytest.raises(FixupError):
        variable_end("$var(a", 0)


@pytest.mark.parametrize(
    ("raw", "parsed"),
    [("1,2", (1, 2)), (" 1 , 2 ", (1, 2)), ("-1,0", (-1, 0)), ("+3,4", (3, 4)), ("010,1", (10, 1)), ("4294967297,0", (1, 0))],
)
def test_numbers(raw: str, parsed: tuple[int, int]) -> None:
    assert parser(ANY, ANY)(raw, NAMES) == parsed


@pytest.mark.parametrize("raw", [None, "", "1", "1,", "1,a", "a,1", "1,2,3", "1 2,3", "--1,2"])
def test_what_is_no_pair_of_numbers(raw: str | None) -> None:
    with pytest.raises(FixupError):
        parser(ANY, ANY)(raw, NAMES)


def test_negative_numbers_can_be_refused() -> None:
    with pytest.raises(FixupError, match="negative"):
        parser(ANY, NOT_NEGATIVE)("1,-1", NAMES)


def test_texts_begin_behind_the_blanks() -> None:
    assert parser(WORD, WORD)(" a b, c ", NAMES) == ("a b", "c ")


@pytest.mark.parametrize(("raw", "char"), [(",", ","), (";", ";"), ("\\t", "\t"), ("\\n", "\n"), ("\\\\", "\\"), (" ", " ")])
def test_characters(raw: str, char: str) -> None:
    assert parser(CHARACTER)(raw, NAMES) == (char,)


@pytest.mark.parametrize("raw", ["", "ab", "\\x", "\\"])
def test_what_is_no_character(raw: str) -> None:
    with pytest.raises(FixupError):
        parser(CHARACTER)(raw, NAMES)


def test_optional_parameters() -> None:
    take = parser(ANY, optional=1)
    assert take(None, NAMES) == ()
    assert take("5", NAMES) == (5,)


def test_none() -> None:
    assert none(None, NAMES) == ()
    with pytest.raises(FixupError):
        none("1", NAMES)


def test_the_rest() -> None:
    cursor = Cursor("a,b,c", NAMES)
    assert cursor.take(WORD) == "a"
    assert cursor.rest == "b,c"
    assert cursor.done


@given(st.text(max_size=30))
def test_any_text_is_parsed_or_refused(raw: str) -> None:
    for take in (parser(ANY, ANY), parser(WORD, optional=1), parser(ANY, CHARACTER), parser(WORD, WORD)):
        if "$" not in raw:
            with suppress(FixupError):
                take(raw, NAMES)
