from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroute.errors import UsageError
from sroute.source.text import Source
from sroute.testing.expectations import Advance, Send, duration, parse
from sroute.testing.notation import escape, notation, unescape

LATIN_1 = st.text(st.characters(max_codepoint=255))


@given(LATIN_1)
def test_escape_is_exact(text: str) -> None:
    written = escape(text)
    assert unescape(written) == text
    assert written == written.strip()
    assert all(" " <= c <= "~" for c in written)


def test_escape_is_readable() -> None:
    assert escape("a\\b\tc\n\xe9 ") == "a\\\\b\\tc\\n\\xe9\\x20"


@pytest.mark.parametrize("text", ["a\\q", "\\", "\\x1", "\\xgg"])
def test_unknown_escape(text: str) -> None:
    with pytest.raises(ValueError, match="escape"):
        unescape(text)


def texts(script: str) -> list[str]:
    return [comment.text for comment in notation(Source("x.cfg", script)) if comment.key == "expect"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('xlog("a"); # expect: a', ["a"]),
        ('xlog("# expect: a");', []),
        ("xlog('# expect: a');", []),
        ("xlog('a\\'); # expect: a\\\\", ["a\\\\"]),
        ('xlog("a\\"# expect: b"); # expect: c', ["c"]),
        ("/* # expect: a */ # expect: b", ["b"]),
        ("/* /* */ # expect: a */ # expect: b", ["b"]),
        ("// # expect: a\n# expect: b", ["b"]),
        ("#!define A 1 # expect: a\n# expect: b", ["b"]),
        ("#!define A 1 \\\n # expect: a\n# expect: b", ["b"]),
        ("#!KAMAILIO\n# expect: b", ["b"]),
        ('$sht(a=>"# expect: a") # expect: b', ["b"]),
        ("$(var(x){s.select,1,#}) # expect: b", ["b"]),
        ("$var(x # expect: a\n# expect: b", ["b"]),
        ("# expect:", [""]),
        ("#expect: a", []),
        ("## expect: a", ["a"]),
        ("# expects: a", []),
        ("# expect: a # expect: b\r\n", ["a # expect: b"]),
    ],
)
def test_where_comments_are(script: str, expected: list[str]) -> None:
    assert texts(script) == expected


@given(st.text(st.sampled_from("\"'/*#!$()\\\n ax{:"), max_size=60))
def test_any_text_is_read(text: str) -> None:
    list(notation(Source("x.cfg", text)))


def test_case() -> None:
    case = parse(
        Path("topic/a.cfg"),
        "# send: a.sip\n# advance: 1.5m\n# send: default\n# define: X=1\n# rpc: core.uptime\n# expect rpc: a\\\\b\n# expect diag: bad\n"
        "# options: --stub 'f=1; $var(x)=1'\n# covers: language 1.1 string\n# expect: one\n# expect refused\n",
    )
    assert case.steps == (Send(Path("topic/a.sip")), Advance(90), Send(None))
    assert case.defines == ("X=1",)
    assert [(call.command, [line.text for line in call.output]) for call in case.rpc] == [("core.uptime", ["a\\b"])]
    assert [diag.text for diag in case.diags] == ["bad"]
    assert case.options == ("--stub", "f=1; $var(x)=1")
    assert case.refused is not None
    assert case.sidecar == Path("topic/a.sent")


def test_a_message_is_sent_unless_told_otherwise() -> None:
    assert parse(Path("a"), "").steps == (Send(None),)
    assert parse(Path("a"), "# advance: 3").steps == (Send(None), Advance(3))
    assert parse(Path("a"), "# send: none\n# advance: 3").steps == (Advance(3),)


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# expect: a\\q", "a.cfg:2: unknown escape"),
        ("# expect dia: a", "a.cfg:2: unknown comment 'expect dia:'"),
        ("# advance: soon", "a.cfg:2: not a duration"),
        ("# expect rpc: a", "a.cfg:2: no '# rpc:'"),
        ("# send:", "a.cfg:2: name a message file"),
        ("# send: none\n# send: a", "a.cfg: '# send: none'"),
        ("# options: 'a", "a.cfg:2: "),
    ],
)
def test_mistakes_name_their_line(comment: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse(Path("a.cfg"), f"\n{comment}\n")


@pytest.mark.parametrize(("text", "seconds"), [("30", 30), ("0.5", 0.5), ("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86400)])
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds
