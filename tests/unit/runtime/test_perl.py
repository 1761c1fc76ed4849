"""Perl-compatible patterns: the same answers and the same complaints as libpcre 8.39 (recorded), and no search that does not end."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from sroute.source.perl.nodes import Flags, UnsupportedPatternError
from sroute.source.perl.regex import searcher
from sroute.source.posix.errors import BadPattern, MatchLimitError

FLAGS = (Flags(), Flags(caseless=True), Flags(multiline=True), Flags(dotall=True), Flags(extended=True))
RECORDED = json.loads((Path(__file__).parents[2] / "data" / "perl_patterns.json").read_text("ascii"))


def answer(pattern: str, flags: Flags, texts: list[str]) -> Any:
    """1 or 0 for each text; the complaint and its place for a bad pattern."""
    try:
        search = searcher(pattern, flags)
    except BadPattern as error:
        return [error.reason, error.at]
    return "".join("1" if search(text) else "0" for text in texts)


@pytest.mark.parametrize("flags", range(len(FLAGS)))
def test_recorded(flags: int) -> None:
    rows = [row for row in RECORDED["patterns"] if row[1] == flags]
    assert len(rows) > 50
    wrong = [(row[0], row[2], found) for row in rows if (found := answer(row[0], FLAGS[flags], RECORDED["texts"])) != row[2]]
    assert wrong == []


def test_regular_patterns_take_no_time() -> None:
    begin = time.monotonic()
    for pattern in ("^(a+)+$", "^(a|aa|a?)*$", "(x+x+)+y", "^(?:.*?,){30}P"):
        searcher(pattern, Flags())("a" * 3000 + "x" * 3000 + "b")
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("pattern", [r"^(a+)+\1c$", r"^(?=(a+)+$)", r"^(?:(?!b)(a|aa|aaa))*$c"])
def test_others_give_up_in_time(pattern: str) -> None:
    search = searcher(pattern, Flags())
    begin = time.monotonic()
    with pytest.raises(MatchLimitError):
        search("a" * 4000 + "b")
    assert time.monotonic() - begin < 10


def test_recursion_without_end_stops() -> None:
    with pytest.raises(MatchLimitError):
        searcher(r"^(a(?1)?b)", Flags())("a" * 1000)


@pytest.mark.parametrize("pattern", ["(" * 100 + ")" * 100, "(?:a{1,1000}){1,1000}(?=x)"])
def test_patterns_that_are_too_big(pattern: str) -> None:
    with pytest.raises(MatchLimitError):
        searcher(pattern, Flags())


@pytest.mark.parametrize("pattern", [r"\X", "(*UTF8)a", "(?C1)a", r"\p{Greek}", "(*COMMIT)a"])
def test_what_is_not_simulated_says_so(pattern: str) -> None:
    with pytest.raises(UnsupportedPatternError):
        searcher(pattern, Flags())
