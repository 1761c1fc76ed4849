"""Our regular expressions against the C library of this machine: what it refuses, finds, and gives to each group."""

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroute.source.posix.errors import BadPattern, MatchLimitError
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import finder, matcher
from tests.unit.runtime.glibc import AVAILABLE, GROUPS, Answer, Glibc

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="needs glibc")

# Every corner of the syntax, refused and taken.
SYNTAX = r"""
( ) a) () a| |a a||b (|) | (((a))) ((a) a)) (a)) *a a|*b (*a) ^* ^*a a^* $* $+a (^*) (^)* + ? { {1} a{ a{1 a{1, a{1,2 a{,2} a{,}
a{} a{x} a{1x} a{2,1} a{1}{2} a{32767} a{32768} a{1,32768} a{1,}{ a{0} (a){0} (a){0}\1 a{0,0} a{01} a{1,2,3} a{-1} a{,x} a{,
a{99999999999999999999} a{1\,2} a{\1} a{1\} a{\0} [ [] []a] [^] [^]a] [a [a- [a-] [z-a] [a-c-e] [--a] [a--] [---] [!--] [%--]
[[:alpha:]] [[:foo:]] [[:alpha:] [[:alpha [[: [:alpha:] [[=a=]] [[=ab=]] [[.a.]] [[.ab.]] [[.hyphen.]] [[.-.]] [[.a.]-c]
[a-[.c.]] [[=a=]-c] [[:alpha:]-z] [a-[:digit:]] [a-[=c=]] [[==]] [[..]] [[] [[a] [[. [[= [a[.].]b] [[.a.]-[.c.]] [a-[.zz.]]
[[:ALPHA:]] [Z-a] [_-z] [A-z] [a-z-9] [a-a] []-a] [^]-a] []-] [[:alnum:][:foo:]] [[:alpha:-z]] [x[:alpha] [[.-.]-a] [+--]
[\] [\n] [a\]b] \ a\ \1 (a)\2 (a\1) (a)\1 (a)|\1 (a|b)\1|b\1 \0 \9 \( \) \{ a\{1\} a** a*+? a|b* (a|*) (+a) \<* \b* \b+a \`* \'*
\B? a\b* (?:a) (?i)a a+? a*? ^^ $$ a$b a^b ^+ ^{1} ^{ a|{1} ({1}) |* (|*) |{1} ()* ()+ (){3} (^|a)* \d \D \n \. \w\W\s\S
((a)\2) ((a)\1) (a|b){2}\1 x{0,65535} [a-é] [é-a] é É+ [[:alpha:é]] a}b a]b
""".split()  # noqa: SIM905

TEXTS = ["", "a", "b", "A", "ab", "aab", "abab", "abcabc", "-", "]", "}", "\\", "d", "D", "5", "_", "\xc3\xa9", "\xe9", "a\nb", "a b"]
FLAGS = [Flags(), Flags(icase=True), Flags(newline=True), Flags(icase=True, newline=True)]


@pytest.fixture(scope="module")
def glibc() -> Iterator[Glibc]:
    asked = Glibc()
    yield asked
    asked.close()


def ours(pattern: str, flags: Flags, texts: list[str], *, notbol: bool) -> Answer:
    try:
        match, find = matcher(pattern, flags), finder(pattern, flags)
    except BadPattern:
        return Answer(refused=True)
    spans = [find.find(text, 0, notbol) for text in texts]
    filled = [one and (*one, *[(-1, -1)] * GROUPS)[:GROUPS] for one in spans]
    found = [one is not None if notbol else bool(match.search(text)) for one, text in zip(spans, texts, strict=True)]
    return Answer(False, tuple(found), tuple(filled))


def agree(glibc: Glibc, pattern: str, flags: Flags, texts: list[str], *, notbol: bool = False) -> None:
    expected = glibc.ask(pattern, texts, icase=flags.icase, newline=flags.newline, notbol=notbol)
    try:
        answer = ours(pattern, flags, texts, notbol=notbol)
    except MatchLimitError:
        assert expected is None, f"{pattern!r} {flags} {texts}: given up, but glibc comes to an end"
        return
    if expected is not None and answer != expected:
        what = [text for at, text in enumerate(texts) if expected.at(at) != answer.at(at)]
        shown = [(text, expected.at(texts.index(text)), answer.at(texts.index(text))) for text in what[:3]]
        pytest.fail(f"{pattern!r} {flags} notbol={notbol}: text, glibc's answer, ours: {shown}")


@pytest.mark.parametrize("flags", FLAGS, ids=str)
def test_syntax(glibc: Glibc, flags: Flags) -> None:
    for pattern in SYNTAX:
        agree(glibc, pattern.encode().decode("latin-1"), flags, TEXTS)


# Patterns as they stand in routing scripts, and the forks that tell leftmost-longest from first-found.
PATTERNS = r"""
^sip:.*@ ^sip:(.*)@(.*)$ ^\+?([0-9]{2})([0-9]*)$ ^(00|\+)49 [0-9]+$ ^[0-9*#]+$ ^.*@10\.0\.[0-9]{1,3}\.[0-9]{1,3}(:[0-9]+)?$
friendly-scanner|sipvicious|sundayddr ^(10|172\.16|192\.168)\. ;tag=([^;]+) ^sip:([^@:;]+)(:[^@]*)?@([^:;?]+) (^|;)lr(;|$)
^"?([^"<]*)"?.*<sip:(.*)> transport=(udp|tcp|tls|ws|wss) ^([^;]*);?(.*)$ ^(.+)-([^-]+)$ ^0*([1-9][0-9]*)$ (a|ab)(c|bcd)(d*)
(a|ab)(bcd|c)(d|.*) x*(a|ab|abc)* (a*)(ab)*(b*) ((a)|b)* ((a)|(b))* (a?)(ab)? (a|b)*(ab)* (a*)* (a*)+ (a?)* (|a)* (a||b)+
(a*)(b|abc) (.*)(.*) (.*)x? (a|(b))*c? ([ab]|abc)* (ab?)(b?c)? \<a \bb\b b\> \Bb \`a b\' ^$ $^ a$ (a$|b) (b|a$)c? ^|b b|$
[[:upper:]] [^[:lower:]] [^a] . .. a.b [^b]b \Wb \sb \wb b{2,} (ab){1,2} (a|b){0,3}c (ab|a){2} (a|ab){1,3}b ((a){1,2}b){0,2}
(.*)a(.*)b(.*) (a+)+$ (a|aa)+$ (a|a)*c (.*)*x (.*,)*x a{2,200}b (a{1,20}){1,20}c
""".split()  # noqa: SIM905
WORDS = [
    "", "sip:alice@example.com", "sip:+4930123;x=1@10.0.0.1:5060;lr", "0049301234", "+49", "ab", "abc", "abcd", "abab", "aaab",
    "ba", "b", "aab c", "sip:x;tag=77;transport=TCP", '"Bob" <sip:bob@b.example>', "a-b-c", "000120", "a\nb", "b\na", "ab\n",
    "aXb", "AB", "_b", " b ", "a,b,c,x",
]  # fmt: skip


@pytest.mark.parametrize("flags", FLAGS, ids=str)
@pytest.mark.parametrize("notbol", [False, True])
def test_patterns_of_scripts(glibc: Glibc, flags: Flags, notbol: bool) -> None:
    for pattern in PATTERNS:
        agree(glibc, pattern, flags, WORDS, notbol=notbol)


class Grammar:
    """Random patterns over few letters, so that they often match."""

    def __init__(self, draw: Callable[[int], int], atoms: list[str]) -> None:
        self.draw = draw
        self.atoms = atoms

    def pick(self, choices: list[str]) -> str:
        return choices[self.draw(len(choices))]

    def choice(self, depth: int) -> str:
        return "|".join(self.row(depth) for _ in range([1, 1, 1, 2, 2, 3][self.draw(6)]))

    def row(self, depth: int) -> str:
        return "".join(self.part(depth) for _ in range([0, 1, 1, 2, 2, 3][self.draw(6)]))

    def part(self, depth: int) -> str:
        atom = f"({self.choice(depth - 1)})" if depth and self.draw(10) < 4 else self.pick(self.atoms)
        return atom + (self.pick(["*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "{,2}", "{0}"]) if self.draw(3) == 0 else "")


LETTERS = ["a", "b", "c", "a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\W"]


@st.composite
def patterns(draw: st.DrawFn) -> str:
    grammar = Grammar(lambda count: draw(st.integers(0, count - 1)), LETTERS)
    return grammar.choice(2)


short_texts = st.lists(st.text("abcA ", max_size=7), min_size=4, max_size=8)


@settings(max_examples=600)
@given(patterns(), short_texts, st.booleans())
def test_any_pattern(glibc: Glibc, pattern: str, texts: list[str], icase: bool) -> None:
    agree(glibc, pattern, Flags(icase=icase), texts)


STARTS = ["", "^", "\\b", "\\<", "(^|b)", "(^| )", "\\B"]
ENDS = ["", "$", "\\b", "\\>", "( |$)", "\\'"]


@settings(max_examples=400)
@given(
    st.tuples(st.sampled_from(STARTS), patterns(), st.sampled_from(ENDS)),
    st.lists(st.text("ab\n ", max_size=7), min_size=4, max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_any_pattern_between_assertions(glibc: Glibc, parts: tuple[str, str, str], texts: list[str], newline: bool, notbol: bool) -> None:
    start, middle, end = parts
    agree(glibc, f"{start}({middle}){end}", Flags(newline=newline), texts, notbol=notbol)


@st.composite
def rows(draw: st.DrawFn) -> str:
    return Grammar(lambda count: draw(st.integers(0, count - 1)), LETTERS).row(0)


REFERENCES = ["\\1", "\\2", "\\1\\2", "\\2*\\1", "(\\1|\\2)"]


@settings(max_examples=300)
@given(st.tuples(rows(), rows(), rows(), rows()), st.sampled_from(REFERENCES), short_texts, st.booleans())
def test_back_references(glibc: Glibc, parts: tuple[str, str, str, str], references: str, texts: list[str], icase: bool) -> None:
    first, second, middle, last = parts
    agree(glibc, f"({first})({second}){middle}{references}{last}", Flags(icase=icase), texts)


TOKENS = [*"aZ09-^$.|()[]{}*+?\\,:=\n_\xe9", "[a-z]", "[:", ":]", "[.", ".]", "[=", "=]", "{1,2}", "(a)", "\\1", "\\2", "[^", "\\<"]


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(TOKENS), max_size=9))
def test_any_text_as_a_pattern(glibc: Glibc, tokens: list[str]) -> None:
    for flags in FLAGS[:2]:
        expected = glibc.ask("".join(tokens), [], icase=flags.icase)
        assert expected is None or ours("".join(tokens), flags, [], notbol=False).refused == expected.refused, "".join(tokens)


def test_thousands_of_seeded_patterns(glibc: Glibc) -> None:
    seeded = random.Random(5563)
    grammar = Grammar(seeded.randrange, LETTERS)
    for _ in range(3000):
        texts = ["".join(seeded.choices("abcA", k=seeded.randrange(8))) for _ in range(6)]
        agree(glibc, grammar.choice(2), Flags(icase=seeded.random() < 0.3), texts)
