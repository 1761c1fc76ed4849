"""Whatever the text, the parser ends with a tree and findings: no exception, no finding outside of the text, no error in silence."""

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroute.dialect import DIALECTS
from sroute.syntax.effective import effective
from sroute.syntax.parser import Parsed, incomplete, parse, parse_expression, parse_statements
from sroute.syntax.pvparse import PvError, parse_format, parse_pv
from sroute.syntax.reader import texts
from sroute.syntax.scanner import scan
from sroute.syntax.walk import nodes_of
from tests.live.constructs import KINDS, constructs
from tests.live.verdicts import EXAMPLES, STOCK, content, example_files

SEEDS = [found.text.encode("utf-8").decode("latin-1") for kind in KINDS for found in constructs(kind)]
WORDS = (
    *("if", "else", "while", "switch", "case", "default:", "exit", "return", "route", "request_route", "event_route", "(", ")"),
    *("{", "}", "[", "]", ";", ",", "=", "==", "!", "&&", "+", "-", "*", "/", ".", ":", "@", "%", "$", "$var(x)"),
    *("$(avp(x)[0])", "$ru", '"', "'", '"a"', "'b'", "1", "0x", "10.0.0.1", "::1", "uri", "myself", "src_ip", "method", "proto"),
    *("debug", "listen", "loadmodule", "modparam", "#", "/*", "*/", "//", "#!ifdef A\n", "#!else\n", "#!endif\n"),
    *("#!define A B\n", "#!define B A \\\n x\n", '#!subst "/a/b/"', '#!substdef "!a!b!g"', "A", "B", "\n", 'include_file "x"'),
    *("#!KAMAILIO\n", "#!SER\n", "#!ifexp 1\n", "\\", "?", "é", "\x00", "forward", "setflag", "log", "flags", "alias"),
)
FILES = texts({"x": "exit; } #!endif\n/* "})
tokens = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
glued = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
anything = st.text(st.characters(max_codepoint=255), max_size=200)


def check(text: str, parsed: Parsed) -> None:
    for found in parsed.diagnostics:
        assert found.span is not None
        assert 0 <= found.span.start <= found.span.end <= len(found.span.source.text)
        assert found.message
        assert len(found.message) < 400
    for node in nodes_of(parsed.script):
        assert 0 <= node.span.start <= node.span.end <= len(node.span.source.text)


def mutate(text: str, seed: int) -> str:
    """A text with a few pieces taken out, doubled or put in."""
    chosen = random.Random(seed)
    for _ in range(chosen.randint(1, 4)):
        at = chosen.randrange(len(text) + 1)
        cut = at + chosen.randint(0, 12)
        piece = chosen.choice(["", chosen.choice(WORDS), text[at:cut] * 2])
        text = text[:at] + piece + text[cut:]
    return text


@settings(max_examples=150)
@given(st.one_of(tokens, glued, anything))
def test_anything(text: str) -> None:
    for name in ("5.6", "dev"):
        check(text, parse("fuzz.cfg", text, dialect=DIALECTS[name], reader=FILES))
    check(text, parse("fuzz.cfg", f"request_route {{ {text} }}", reader=FILES))


@settings(max_examples=150)
@given(st.sampled_from(SEEDS), st.integers(0, 1_000_000))
def test_mutated_constructs(text: str, seed: int) -> None:
    changed = mutate(text, seed)
    check(changed, parse("fuzz.cfg", changed, reader=FILES))


@settings(max_examples=150)
@given(st.one_of(tokens, glued, anything))
def test_pieces(text: str) -> None:
    incomplete(text)
    parse_statements(text)
    parse_expression(text)


@settings(max_examples=200)
@given(st.one_of(anything, st.lists(st.sampled_from("$(){}[]ab.,0*+x \\"), max_size=30).map("".join)))
def test_variables(text: str) -> None:
    for parser in (parse_pv, parse_format):
        for tried in (text, f"$({text})"):
            with contextlib.suppress(PvError):
                parser(tried)


@pytest.mark.parametrize("text", SEEDS[::7])
def test_effective_text_is_the_same_script(text: str) -> None:
    """What is left after preprocessing parses to the same items, when the script is accepted."""
    first = parse("first.cfg", text, env={"HOME": "/root"})
    if not first.ok or "#!subst" in text:
        return
    made = effective(scan("first.cfg", text, env={"HOME": "/root"}).tokens)
    head = f"#!{first.script.mode}\n"
    again = parse("again.cfg", head + made.text)
    assert [type(item) for item in again.script.items] == [type(item) for item in first.script.items], made.text


@pytest.mark.parametrize("path", [path for path in example_files() if path.exists()], ids=lambda path: path.name)
def test_mutated_examples(path: Path) -> None:
    text = content(path).decode("latin-1")
    for seed in range(6):
        changed = mutate(text, seed)
        check(changed, parse(str(path), changed, reader=FILES))


def test_examples_are_here_or_it_is_said() -> None:
    if not EXAMPLES.is_dir() or not STOCK.exists():
        pytest.skip("the package kamailio with its examples is not installed here")
