"""The tree as JSON, the effective text with its origins, and the command `sroute parse`."""

import io
import json
import sys
from pathlib import Path

import pytest

from sroute.cli.main import main
from sroute.syntax.dump import chunks
from sroute.syntax.effective import effective
from sroute.syntax.parser import parse
from sroute.syntax.reader import texts
from sroute.syntax.scanner import scan

SCRIPT = """#!KAMAILIO
#!define PORT 5060
#!substdef "!HOST!a.b!g"
listen=udp:127.0.0.1:PORT  # note
include_file "part.cfg"
request_route {
    xlog("HOST\\n");
#!ifdef NOPE
    exit;
#!endif
    $var(x) = PORT + 1;
}
"""
FILES = texts({"part.cfg": "debug = 3\n"})


def test_effective_text() -> None:
    made = effective(scan("main.cfg", SCRIPT, reader=FILES).tokens)
    assert made.text == (
        '#!substdef "!HOST!a.b!g"\nlisten=udp:127.0.0.1:5060\ndebug = 3\nrequest_route {\n    xlog("a.b\\n");\n    $var(x) = 5060 + 1;\n}\n'
    )
    places = [(origin.source.name, origin.line) if origin else None for origin, _ in made.lines()]
    assert places[:3] == [("main.cfg", 3), ("main.cfg", 4), ("part.cfg", 1)]
    assert places[3:] == [("main.cfg", 6), ("main.cfg", 7), ("main.cfg", 11), ("main.cfg", 12)]
    origin = made.origin(made.text.index("5060 + 1"))
    assert origin is not None
    assert (origin.begin.line, origin.begin.column, origin.text()) == (11, 15, "PORT")


def test_effective_text_parses_to_the_same_tree() -> None:
    made = effective(scan("main.cfg", SCRIPT, reader=FILES).tokens)
    again = parse("again.cfg", "#!KAMAILIO\n" + made.text)
    first = parse("main.cfg", SCRIPT, reader=FILES)
    assert [type(item) for item in again.script.items] == [type(item) for item in first.script.items]


def test_tree_as_json_is_no_recursion() -> None:
    parsed = parse("test.cfg", "request_route { $var(x) = 1" + " + 1" * 20_000 + "; }")
    text = "".join(chunks(parsed.script.items))
    assert text.count('"node": "Binary"') == 20_000
    small = json.loads("".join(chunks(parse("test.cfg", 'request_route { xlog("\xc3\xa9"); }').script.items)))
    (route,) = small
    assert route["node"] == "Route"
    assert route["body"]["statements"][0]["call"]["args"][0]["value"] == "é"
    assert route["span"] == {"file": "test.cfg", "line": 1, "column": 1, "end_line": 1, "end_column": 30}


BAD = "bad.cfg:1:20: error: a ';' is missing here [SY002]\n    1 | request_route { exit }\n      |                    ^\n"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["sroute", "parse", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.cfg").write_text("#!KAMAILIO\nrequest_route { exit; }\n")
    (tmp_path / "bad.cfg").write_text("request_route { exit }\n")
    (tmp_path / "warned.cfg").write_text('debug=1?\nimport_file "nope.cfg"\n')
    (tmp_path / "including.cfg").write_text('include_file "nope.cfg"\ndebug=1\n')
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "printed"),
    [
        (["good.cfg"], 0, "good.cfg: no errors in 1 item, 0 modules, 1 route, 1 file\n"),
        (["bad.cfg"], 1, BAD),
        (["--quiet", "good.cfg"], 0, ""),
        (["--quiet", "warned.cfg"], 0, ""),
        (["--quiet", "bad.cfg"], 1, BAD),
        (["--preprocessed", "good.cfg"], 0, "good.cfg:2 | request_route { exit; }\n"),
        (["--quiet", "including.cfg", "--skip-missing-includes"], 0, ""),
    ],
)
def test_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, printed: str
) -> None:
    assert run(monkeypatch, *arguments) == status
    assert capsys.readouterr().out == printed


WRONG = (["nope.cfg"], ["."], ["--max-size", "5", "good.cfg"], ["--kamailio", "4.0", "good.cfg"], ["-A", "1x", "good.cfg"])


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_usage(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(monkeypatch, *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_missing_include_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "including.cfg") == 1


def test_json(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--json", "-A", "X=1", "bad.cfg") == 1
    tree = json.loads(capsys.readouterr().out)
    assert (tree["ok"], tree["mode"], tree["defines"]["X"]) == (False, "MAXCOMPAT", "1")
    assert [found["code"] for found in tree["diagnostics"]] == ["SY002"]
    assert set(tree["diagnostics"][0]) == {"code", "severity", "message", "file", "line", "column", "end_line", "end_column", "hint", "fix"}
    assert run(monkeypatch, "--json", "--preprocessed", "good.cfg") == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert lines == [{"file": "good.cfg", "line": 2, "column": 1, "text": "request_route { exit; }"}]


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"request_route { xlog('\xff\x00'); }")))
    assert run(monkeypatch, "-") == 0
    assert capsys.readouterr().out.startswith("-: no errors")
