"""The codes: each class is numbered without a gap, and what its number does not tell is told here."""

from collections import Counter

import pytest

from sroute.linter.registry import all_rules, rule

CLASSES = {"PP": 20, "SY": 26, "RT": 40, "MD": 29, "PV": 24, "EX": 24, "HT": 25, "SB": 27, "SE": 20, "ST": 12, "UP": 4}
"""How many rules each class began with."""
RENUMBERED = {"SY027": "it was never given: SY028 came when SY022 was split"}
ADDED = {
    "SY028": "a declaration behind a block that is accepted; SY022 is the one that Kamailio refuses",
    "RT041": "a switch with nothing but default: stops the start",
    "HT026": "a lock that is taken while it is held",
    "MD030": "an argument that 5.6.3 does not look at",
    "MD031": "a call that crashes a process, or never comes back",
    "MD032": "with --here: an address that the machine does not have (MD026 is what no machine could bind)",
    "SE021": "a test of an address that lets through what is none",
    "EX025": "`<` between two texts compares numbers; EX008 is what Kamailio refuses",
    "PV025": "SY016 inside of a quoted argument, where nothing is refused",
    "PV026": "PV001 in the reason of a reply, which sl does not refuse",
    "SR001": "a comment that silences nothing",
}
"""Rules that were added, with the reason why they are rules of their own."""
WARNINGS = {
    "PP002": "-c prints a message and goes on",
    "PP019": "the line itself is a comment; the #!endif behind it is PP001",
    "SY004": "-c says how many comments are open, and the start works",
    "RT003": "the start says so and works",
    "RT008": "both blocks run",
    "RT009": "each request is an error in the log",
    "RT015": "the nesting is cut off",
    "RT027": "nothing is said",
    "RT030": "the start works, the timer runs nothing",
    "RT032": "the script stops when it comes there",
    "RT034": "the reply is dropped when it comes",
    "MD021": "the file may be there on the machine; with --here it is an error",
    "MD022": "lock() logs an error",
    "PV005": "the assignment fails when it runs",
    "PV008": "nothing is said",
    "PV010": "nothing is said",
    "PV020": "every variable of the URI is null afterwards",
    "EX001": "nothing is said",
    "EX009": "the start says so and works",
    "HT001": "a write logs an error",
    "HT009": "each write logs an error",
    "HT013": "nothing is said",
    "HT014": "other processes hang",
    "HT015": "nothing is said",
    "HT017": "the fifth start fails",
    "HT018": "the start of the iterator fails",
    "HT019": "the call fails",
    "HT021": "nothing is said",
    "SB001": "both are sent",
    "SB002": "both are sent",
    "SB004": "the call fails",
    "SB007": "the call fails",
    "SB009": "nothing is said",
    "SB017": "nothing is said",
    "SB021": "both texts are sent",
    "SE001": "nothing is said",
    "SE002": "nothing is said",
    "SE003": "nothing is said",
    "SE004": "nothing is said",
    "SE005": "nothing is said",
}
"""Grave mistakes that are warnings all the same, because Kamailio starts: what it does instead of refusing them."""
ERRORS = {"MD015": "the start fails", "MD026": "-c or the bind fails"}
"""Rules that might pass for warnings and stop the start."""


def test_no_gap() -> None:
    codes = {each.code for each in all_rules()}
    assert not {f"{prefix}{number:03}" for prefix, last in CLASSES.items() for number in range(1, last + 1)} - codes
    assert codes - {f"{prefix}{number:03}" for prefix, last in CLASSES.items() for number in range(1, last + 1)} == set(ADDED)
    assert not set(RENUMBERED) & codes


@pytest.mark.parametrize("code", WARNINGS)
def test_what_starts_is_a_warning(code: str) -> None:
    about = rule(code)
    assert about is not None
    assert about.severity == "warning"
    assert about.stage in ("never", "run", "start warns", "check warns") or about.code == "MD021"


@pytest.mark.parametrize("code", ERRORS)
def test_what_does_not_start_is_an_error(code: str) -> None:
    about = rule(code)
    assert about is not None
    assert about.severity == "error"


def test_only_what_stops_the_start_is_an_error() -> None:
    wrong = [each.code for each in all_rules() if (each.severity == "error") != (each.stage in ("check", "start"))]
    assert wrong == ["MD021", "MD032"]


def test_fixes() -> None:
    fixable = Counter(any(example.fixed is not None for example in each.bad) for each in all_rules())
    assert fixable[True] >= 60
