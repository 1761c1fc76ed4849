"""Flags and oddities of Kamailio's regular expressions, recorded from 5.6.3; engines and their limits."""

import sys
import threading
import time
from collections.abc import Callable

import pytest

from sroute.errors import StepLimitError
from sroute.runtime import regex
from sroute.source.posix.errors import BadPattern, MatchLimitError
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import finder, matcher

# Pattern, text, and what `if ($var(text) =~ pattern)` did.
EQUALS = [
    ("^b", "a\nb\nc", False),
    ("a.b", "a\nb\nc", True),
    ("a\n^b", "a\nb\nc", True),
    ("a$", "a\nb\nc", False),
    ("aBC", "Abc", True),
    ("\\d", "d5", False),
    ("\\D", "d5", True),
    ("(a)\\1", "aa", True),
    ("^(a)\\1$", "aA", True),
    ("\xe9", "x\xc9", False),
]
# The same of `switch ($var(text)) { case /"pattern": ... }`.
CASES = [("^b", "a\nb\nc", False), ("a.b", "a\nb\nc", True), ("abc", "Abc", False), ("^5\\d", "5d", True)]
# The same of `search()`, on a message with plain newlines.
MESSAGE = "OPTIONS sip:a@b SIP/2.0\nVia: x\nCall-ID: c1@x\nCSeq: 1 OPTIONS\n\n"
SEARCHES = [("^call-id: C1", True), ("SIP/2.0.Via", False), ("x@[^z]*CSeq", False), ("c1@x\nCSeq", True)]


@pytest.mark.parametrize(("pattern", "text", "expected"), EQUALS)
def test_equals(pattern: str, text: str, expected: bool) -> None:
    assert bool(regex.matcher(pattern, regex.EQUALS).search(text)) is expected


@pytest.mark.parametrize(("pattern", "text", "expected"), CASES)
def test_case(pattern: str, text: str, expected: bool) -> None:
    assert bool(regex.matcher(pattern, regex.CASE).search(text)) is expected


@pytest.mark.parametrize(("pattern", "expected"), SEARCHES)
def test_parameter(pattern: str, expected: bool) -> None:
    assert bool(regex.matcher(pattern, regex.PARAMETER).search(MESSAGE)) is expected


@pytest.mark.parametrize("pattern", ["a|*b", "[_-z]"])
def test_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        regex.matcher(pattern, regex.EQUALS)


def test_reason_and_place_of_a_mistake() -> None:
    with pytest.raises(BadPattern, match="no such character class: foo") as caught:
        matcher("ab[x[:foo:]]")
    assert caught.value.at == 4
    with pytest.raises(BadPattern, match=r"\( without \)") as caught:
        matcher("ab(c")
    assert caught.value.at == 2


def test_text_ends_at_a_nul() -> None:
    assert regex.c_string("ab\0c") == "ab"
    assert regex.c_string("abc") == "abc"


ENGINES = [
    ("^sip:.*@", "re", "re"),
    ("^sip:(.*)@(.*)$", "re", "re"),
    ("friendly|sipvicious", "re", "re"),
    ("(a|ab)(c|bcd)(d*)", "re", "own"),
    ("(a+)+$", "re", "own"),
    ("(a|aa)*b", "re", "own"),
    ("c(a|aa)*b", "re2", "own"),
    ("([a-z]+)*[0-9]", "re", "own"),
    ("x([a-z]+)*[0-9]", "re", "own"),
    ("x([a-z]+[a-z0-9]+)*-", "re2", "own"),
    ("(a)\\1", "re", "own"),
    ("(a*)*\\1b", "own", "own"),
]


@pytest.mark.parametrize(("pattern", "match", "find"), ENGINES)
def test_cheapest_safe_engine(pattern: str, match: str, find: str) -> None:
    assert (matcher(pattern).engine, finder(pattern).engine) == (match, find)


def test_long_texts_leave_a_quadratic_pattern_to_another_engine() -> None:
    quadratic = matcher("[0-9]+x[0-9]+y")
    assert quadratic.engine == "re"
    assert quadratic.limit is not None
    assert quadratic.search("5x7y")
    assert not quadratic.search("5" * 60000 + "x" + "7" * 60000)
    assert quadratic.search("5" * 60000 + "x" + "7" * 60000 + "y")


@pytest.mark.parametrize("pattern", ["\\<a.*b\\>.*c.*d", "a{2,2000}b.*c.*d", "(x?){50}y"])
def test_what_re2_refuses(pattern: str) -> None:
    assert not matcher(pattern).search("a" * 4000)


CATASTROPHIC = [
    "(a+)+$", "(a|aa)*b", "(.*)*x", "(a|a)*$", "(x+x+)+y", ".*.*.*.*=.*x", "(a?){30}a{30}$", "([a-z]+)*[0-9]", "(.*a){20}b",
    "a{1,300}b", "(a*)*\\1b", "((a*)*)\\2*b", "(a+)\\1+$", "(a|b|ab)*\\1c", "a([^b]*b)?", "(a|a.*b)", "((((a*)*)*)*)*b",
]  # fmt: skip


@pytest.mark.parametrize("pattern", CATASTROPHIC)
@pytest.mark.parametrize("length", [40, 30000])
def test_bounded(pattern: str, length: int) -> None:
    text = "a" * length + "!"
    searches: list[Callable[[], object]] = [
        lambda: matcher(pattern).search(text),
        lambda: finder(pattern).find(text, 0, False),
        lambda: sum(1 for _ in finder(pattern).find_all(text)),
    ]
    for search in searches:
        begun = time.process_time()
        try:
            search()
        except StepLimitError:
            assert "\\" in pattern or length >= 3000, "only back-references and long texts may go over a limit"
        assert time.process_time() - begun < 10


def test_many_searches_of_one_text_stay_linear() -> None:
    assert sum(1 for _ in finder("(a|ab)(c|bcd)?").find_all("a" * 30000)) == 30000
    assert sum(1 for _ in finder("\\<a").find_all("a" * 30000)) == 30000


@pytest.mark.parametrize("pattern", ["(" * 5000 + "a" + ")" * 5000, "a" + "*" * 5000, "(" * 5000, "[" * 5000, "a|" * 5000, "a" * 50000])
def test_huge_patterns(pattern: str) -> None:
    def compile_and_search() -> None:
        try:
            outcome.append(bool(matcher(pattern).search("aaa")) in (True, False) and finder(pattern).groups >= 0)
        except (BadPattern, MatchLimitError):
            outcome.append(True)

    outcome: list[bool] = []
    thread = threading.Thread(target=compile_and_search)  # a stack of its own, as a deep caller would leave little of it
    limit = sys.getrecursionlimit()
    thread.start()
    thread.join(60)
    assert sys.getrecursionlimit() == limit
    assert outcome == [True]


def test_too_big_is_a_limit_of_ours_not_a_mistake() -> None:
    big = finder("((a{1,1000}){1,1000}|b){1,1000}c(x|xy)(y|z)?")
    with pytest.raises(MatchLimitError):
        big.find("aaaac", 0, False)


def test_search_from_a_place_does_not_look_back() -> None:
    assert finder("\\<b").find("ab", 1, True) == ((1, 2),)
    assert finder("^b").find("ab", 1, True) is None
    assert finder("^b").find("ab", 1, False) == ((1, 2),)
    assert finder("^b", Flags(newline=True)).find("a\nb", 1, True) == ((2, 3),)
    assert [spans[0] for spans in finder("\\`a").find_all("aab")] == [(0, 1), (1, 2)]
    assert [spans[0] for spans in finder("^a").find_all("aab")] == [(0, 1)]
    assert [spans[0] for spans in finder("(^|b)(a|ab)").find_all("aabab")] == [(0, 1), (2, 5)]
