"""What an input is, and when it is whole."""

import time

import pytest

from sroute.repl.inputs import Kind, kind, split, unfinished

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"
HEAD = "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", Kind.NOTHING),
        ("  # only a comment", Kind.NOTHING),
        (".msg", Kind.COMMAND),
        (".undo 3", Kind.COMMAND),
        ("INVITE sip:a@b SIP/2.0\r\n", Kind.MESSAGE),
        ("SIP/2.0 200 OK", Kind.MESSAGE),
        ("@reply 1 200 OK", Kind.MESSAGE),
        ("#!define X 1", Kind.DIRECTIVE),
        ("$var(x) = 1;", Kind.CODE),
        ("1", Kind.CODE),
        ("@ruri.user", Kind.CODE),
    ],
)
def test_kind(text: str, what: Kind) -> None:
    assert kind(text) is what


@pytest.mark.parametrize(
    "text",
    [
        "if ($var(x)) {",
        "route[A] {\n  exit;",
        '"open',
        "$var(x) == 1 &&",
        "xlog(",
        "/* comment",
        "switch ($rm) {",
        "#!ifdef X",
        HEAD.rstrip(),
        "while (1)",
        f"{HEAD}Content-Length: {len(SDP)}\r\n\r\nv=0\r\n",
    ],
)
def test_more_must_come(text: str) -> None:
    assert unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        "$var(x)",
        "$var(x) = 1",
        "if (1) exit",
        "exit;",
        "route[A] { exit; }",
        'loadmodule "pv.so"',
        "$var(x",
        "nonsense nonsense",
        "}",
        "#!define X 1",
        f"{HEAD}\r\n",
        f"{HEAD}Content-Length: {len(SDP)}\r\n\r\n{SDP}",
    ],
)
def test_whole(text: str) -> None:
    assert not unfinished(text)


def test_body_whose_line_ends_were_changed_ends_at_an_empty_line() -> None:
    text = f"{HEAD}Content-Length: {len(SDP)}\r\n\r\n{SDP}".replace("\r\n", "\n")
    assert unfinished(text.rstrip("\n"))
    assert not unfinished(text)


def test_split() -> None:
    text = f"1 + 1\n\nroute[A] {{\n  if (1) {{\n    exit;\n  }}\n}}\n{HEAD}\r\n.msg\nwhile (1)\n{{ break; }}\n$var(a"
    assert [kind(one).value for one in split(text.splitlines(keepends=True))] == ["code", "code", "message", "command", "code", "code"]


def test_long_route_is_read_in_good_time() -> None:
    lines = ["route[A] {", *("    $var(x) = $var(x) + 1;" for _ in range(4000)), "}"]
    assert len(list(split(lines))) == 1


def test_deep_block_is_read_in_good_time() -> None:
    lines = ["route[A] {", *["if (1) {"] * 150, "exit;", *["}"] * 151, "1"]
    began = time.process_time()
    assert len(list(split(lines))) == 2
    assert time.process_time() - began < 20


def test_braces_in_strings_and_comments_do_not_count() -> None:
    assert len(list(split(["route[A] {", 'xlog("}}}");', "# }", "/* } */", "}", "1"]))) == 2
    assert len(list(split(["route[A] {", 'xlog("{{{");', "# {", "}", "1"]))) == 2
