"""Substitutions; expectations recorded from `{re.subst}` and `#!subst` of Kamailio 5.6.3."""

import pytest

from sroute.source.posix.errors import BadPattern
from sroute.source.posix.substitution import BadSubstitution, EmptyMatchError, Substitution, parse

VARIABLES = {"$var(ab)": "Abc", "$rU": "alice", "$avp(none)": "", "$$": "$", "$(var(ab){s.len})": "3"}


def read_variable(text: str, at: int) -> tuple[str, int]:
    """The longest known name at a place."""
    for name in sorted(VARIABLES, key=len, reverse=True):
        if text.startswith(name, at):
            return name, at + len(name)
    raise BadSubstitution(f"no variable at {at}")


def substitution(expression: str) -> Substitution[str]:
    return parse(expression, read_variable)


def apply(expression: str, text: str) -> str | None:
    return substitution(expression).apply(text, VARIABLES.__getitem__)


RECORDED = [
    ("/a/x/", "abcABC", "xbcABC"),
    ("/a/x/gi", "abcABC", "xbcxBC"),
    ("/z/x/", "abcABC", None),
    (r"/(b)(c)/[\2\1]/", "abcABC", "a[cb]ABC"),
    (r"/^(.*)$/X\1/", "abcABC", "XabcABC"),
    ("/c.*$//", "abcABC", "ab"),
    (r"/b/\0\0/", "abcABC", "abbcABC"),
    ("!b!/!", "abcABC", "a/cABC"),
    ("/[[:upper:]]/-/g", "abcABC", "abc---"),
    ("/(a|b)+/_/", "abcABC", "_cABC"),
    (r"/^\+//", "+49123", "49123"),
    (r"/^\+([0-9]{2})(.*)$/00\1-\2/", "+49123", "0049-123"),
    (r"/\//-/", "a/b", "a-b"),
    ("/^b/X/", "a\nb\nc", "a\nX\nc"),
    ("/^b/X/s", "a\nb\nc", None),
    ("/^./X/g", "a\nb\nc", "X\nX\nX"),
    ("/a.b/X/", "a\nb\nc", None),
    ("/a.b/X/s", "a\nb\nc", "X\nc"),
    ("/[a-c]/<\\0>/gi", "Abc", "<A><b><c>"),
    ("/^a/X/g", "aaa bbb", "Xaa bbb"),
    (r"/\ba/X/g", "aaa bbb", "XXX bbb"),
    (r"/\<a/X/g", "aaa bbb", "XXX bbb"),
    (r"/\`a/X/g", "aaa bbb", "XXX bbb"),
    (r"/(x)|a/[\1]/", "aaa bbb", "[]aa bbb"),
    (r"/(b)/\\\n\t\/\1/", "aaa bbb", "aaa \\\n\t/bbb"),
    (r"/(b)/[\2]/", "aaa bbb", "aaa []bb"),
    ("/a/$$/", "aaa bbb", "$aa bbb"),
    ("/a/$var(ab)-$(var(ab){s.len})/g", "aaa bbb", "Abc-3Abc-3Abc-3 bbb"),
    (r"/a/$rU\0$rU/g", "aaa bbb", "aliceaalicealiceaalicealiceaalice bbb"),
    ("/b$/X/g", "aaa bbb", "aaa bbX"),
    (r"/^sip:(.*)@(.*)$/\2 \1/", "sip:alice@example.com", "example.com alice"),
    (r"/(l|li)(i|ce)(.*)/\1 \2 \3/", "sip:alice@example.com", "sip:al i ce@example.com"),
    ("/a/$avp(none)/", "sip:alice@example.com", "sip:lice@example.com"),
    ("/a/x/gg", "sip:alice@example.com", "sip:xlice@exxmple.com"),
    (r"/a/\x/", "abcabc", "xbcabc"),
    (r"/a/\&/", "abcabc", "&bcabc"),
    (r"/(a)/<\10>/g", "abcabc", "<a0>bc<a0>bc"),
    (r"/a/\8/", "abcabc", "bcabc"),
    (r"/a/\$\r\n/", "abcabc", "$\r\nbcabc"),
    (r"/(x*)a/<\1>/g", "abcabc", "<>bc<>bc"),
    ("/c|$/_/", "abcabc", "ab_abc"),
    (r"|b\|c|_|g", "abcabc", None),
    (r".a\.c._.g", "abcabc", None),
    (r"/\bc/_/g", "abcabc", None),
    (r"/\`c/_/g", "abcabc", None),
    (r"/ab\>|c/_/g", "abcabc", "ab_ab_"),
    ("/(^|b)(c|a)/_/g", "abcabc", "__a_"),
    ("/[^b]b/_/", "a\nb\n", None),
    ("/[^b]b/_/s", "a\nb\n", "a_\n"),
    ("/(a|\n)$\n/_/s", "a\nb\n", "_b\n"),
    ("/(a|\n)$\n/_/", "a\nb\n", "_b\n"),
    (r"/\Wb/_/", "a\nb\n", "a_\n"),
    ("/b.d/X/", "bcd bad", "X bad"),
    (r"/zz(.)/\1\t\x/i", "azZ1", "a1\tx"),
]


@pytest.mark.parametrize(("expression", "text", "expected"), RECORDED)
def test_recorded(expression: str, text: str, expected: str | None) -> None:
    assert apply(expression, text) == expected


@pytest.mark.parametrize(
    ("expression", "text"),
    [("/.*/x/g", "abc"), ("/z*/X/", "aaa bbb"), ("/b*/X/", "aaa bbb"), ("/b+|z*/X/g", "aaa bbb"), ("/$/X/", "aaa"), ("/c|$/_/g", "abc")],
)
def test_an_empty_match_fails_the_whole(expression: str, text: str) -> None:
    with pytest.raises(EmptyMatchError):
        apply(expression, text)


TAKEN = ["//x/", "/a/x/", r"/a\/b/x/", r"/a/\/x/", r"/a/\8/", r"/a/\$/", r"/a/\\/", "!a!b!", "|a|b|", r"|a\|b|c|", "/a//", "///",
         "/a/b/gis", "/a/$$x/", "#a#b#g", ",a,b,", "/a{2}/b/", " a b ", r"/\//x/", r"/a/x\\/g", "/a/" + r"\0" * 99 + "/"]  # fmt: skip


@pytest.mark.parametrize("expression", TAKEN)
def test_taken(expression: str) -> None:
    assert substitution(expression).odd_escapes == ()


REFUSED = {
    "": "too short", "/": "too short", "//": "too short", "ab": "too short",
    "/a/": "string too short", r"/a\\/x/": "string too short", "/a/x": "missing separator", r"/a/x\/": "missing separator",
    "/a/x" + "\\": "missing separator", "a/x/": "no separator found", "aabaca": "unknown flag c", r"\a\b" + "\\": "invalid separator",
    "/a/x/q": "unknown flag q", "/a/x/ g": "unknown flag  ", "/a/b//": "unknown flag /", "/[/]/x/": "unknown flag x",
    "/a/$foo/": "no variable", "/a/x$/": "no variable", "/a/" + r"\0" * 100 + "/": "too many escapes",
}  # fmt: skip


@pytest.mark.parametrize(("expression", "reason"), REFUSED.items())
def test_refused(expression: str, reason: str) -> None:
    with pytest.raises(BadSubstitution, match=reason):
        substitution(expression)


def test_bad_pattern() -> None:
    with pytest.raises(BadPattern):
        substitution("/[/x/")


def test_odd_escapes_are_told() -> None:
    assert substitution(r"/a/\x\&/").odd_escapes == ("x", "&")
