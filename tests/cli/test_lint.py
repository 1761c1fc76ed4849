"""`sroute lint`: formats, exit status, baselines, ignore comments, settings, stdin, include files, what users' files look like."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest

from sroute.linter import jobs
from tests.cli.test_run import Shell

ROOT = Path(__file__).parents[2]
HEAD = '#!KAMAILIO\nlisten=udp:127.0.0.1:5060\nloadmodule "pv.so"\nloadmodule "xlog.so"\n'
WARNED = HEAD + 'request_route {\n    if ($var(x) = 1) { xlog("L_INFO", "x\\n"); }\n    exit;\n}\n'
REFUSED = HEAD + "request_route {\n    route(NOPE);\n    $var(y) = $nope;\n    exit;\n}\n"
CLEAN = "#!KAMAILIO\nrequest_route { exit; }\n"
ONLY = ("--select", "EX001")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, capsys, monkeypatch)


def codes(text: str) -> list[str]:
    return [finding["code"] for finding in json.loads(text)]


# ---------------------------------------------------------------- exit status


@pytest.mark.parametrize(
    ("text", "options", "status"),
    [
        (CLEAN, (), 0),
        (WARNED, (), 0),
        (WARNED, ("--fail-on", "warning"), 1),
        (WARNED, (*ONLY, "--fail-on", "error"), 0),
        (REFUSED, (), 1),
        (REFUSED, ("--fail-on", "never"), 0),
        (REFUSED, ("--ignore", "RT,PV"), 0),
        (CLEAN, ("--fail-on", "info"), 1),
    ],
)
def test_the_status_says_whether_a_finding_reaches_the_threshold(shell: Shell, text: str, options: tuple[str, ...], status: int) -> None:
    assert shell("lint", *options, shell.file("a.cfg", text)).status == status


@pytest.mark.parametrize(
    "words", [("nowhere.cfg",), ("--select", "XX999", "a.cfg"), ("--format", "nope", "a.cfg"), (), ("--baseline", "none.json", "a.cfg")]
)
def test_wrong_usage_is_2(shell: Shell, words: tuple[str, ...]) -> None:
    shell.file("a.cfg", CLEAN)
    done = shell("lint", *words)
    assert done.status == 2
    assert done.out == ""
    assert "Traceback" not in done.err


# ---------------------------------------------------------------- formats


def test_json_is_an_array_of_findings(shell: Shell) -> None:
    done = shell("lint", "--json", shell.file("a.cfg", REFUSED))
    findings = json.loads(done.out)
    shape = {"code", "severity", "message", "file", "line", "column", "end_line", "end_column", "hint", "fix"}
    assert [set(finding) for finding in findings] == [shape] * len(findings)
    first = next(finding for finding in findings if finding["code"] == "RT001")
    assert (first["severity"], first["file"], first["line"], first["column"]) == ("error", "a.cfg", 6, 11)
    assert shell("lint", "--json", *ONLY, "a.cfg").out == "[]\n"


def test_sarif_has_what_2_1_0_requires(shell: Shell) -> None:
    log = json.loads(shell("lint", "--format", "sarif", shell.file("a b.cfg", WARNED)).out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "sroute"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
    assert run["results"]
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("note", "warning", "error")
        assert ids[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a%20b.cfg"
        region = place["region"]
        assert 1 <= region["startLine"] <= region["endLine"]
        assert region["startColumn"] >= 1
    assert json.loads(shell("lint", "--format", "sarif", *ONLY, shell.file("c.cfg", CLEAN)).out)["runs"][0]["results"] == []


def test_junit_is_a_report_with_a_failure_for_each_finding(shell: Shell) -> None:
    root = ET.fromstring(shell("lint", "--format", "junit", shell.file("a.cfg", WARNED)).out)
    failures = root.findall("./testsuite/testcase/failure")
    assert root.tag == "testsuites"
    assert int(root.attrib["failures"]) == int(root.attrib["tests"]) == len(failures) > 0
    assert "EX001 a.cfg:6:9" in [case.attrib["name"] for case in root.findall("./testsuite/testcase")]


def test_gitlab_has_fingerprints_that_stay_when_lines_move(shell: Shell) -> None:
    twice = WARNED.replace("    exit;\n", "    if ($var(x) = 1) exit;\n    if ($var(x) = 1) exit;\n    exit;\n")
    report = json.loads(shell("lint", "--format", "gitlab", shell.file("a.cfg", twice)).out)
    moved = json.loads(shell("lint", "--format", "gitlab", shell.file("a.cfg", twice.replace("request_route", "\n\nrequest_route"))).out)
    prints = [row["fingerprint"] for row in report]
    assert len(prints) == len(set(prints))
    assert prints == [row["fingerprint"] for row in moved]
    for row in report:
        assert row["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert row["description"]
        assert row["check_name"]
        assert row["location"]["path"] == "a.cfg"
        assert row["location"]["lines"]["begin"] >= 1


def test_github_annotations_are_one_escaped_line_each(shell: Shell) -> None:
    script = HEAD + 'request_route {\n    route("100%,:\n");\n}\n'
    lines = shell("lint", "--format", "github", "--select", "RT001,RT006", shell.file("a,b.cfg", script)).out.splitlines()
    assert len(lines) == 1
    assert re.fullmatch(r"::error title=RT001,file=a%2Cb\.cfg,line=6,col=11,endLine=7::[^\n]*100%25[^\n]*", lines[0])


def test_concise_is_one_line_a_finding(shell: Shell) -> None:
    done = shell("lint", "--format", "concise", *ONLY, shell.file("a.cfg", WARNED))
    assert re.fullmatch(r"a\.cfg:6:9: warning: [^\n]+ \[EX001\]\n", done.out)


@pytest.mark.parametrize("form", ["concise", "github"])
def test_no_findings_are_no_lines(shell: Shell, form: str) -> None:
    assert shell("lint", "--format", form, *ONLY, shell.file("a.cfg", CLEAN)).out == ""


def test_the_human_form_has_line_caret_and_count(shell: Shell) -> None:
    done = shell("lint", *ONLY, shell.file("a.cfg", WARNED))
    assert "    6 |     if ($var(x) = 1)" in done.out
    assert "      |         ^^^^^^^^^^^" in done.out
    assert done.out.splitlines()[-1].startswith("1 warning in 1 file")
    quiet = shell("lint", *ONLY, shell.file("b.cfg", CLEAN))
    assert (quiet.out, quiet.err) == ("", "nothing found in 1 file\n")


def test_statistics_count_by_rule(shell: Shell) -> None:
    done = shell("lint", "--statistics", "--select", "EX001,RT001", shell.file("a.cfg", WARNED), shell.file("b.cfg", REFUSED))
    assert done.out == "     1  error    RT001  undefined-route\n     1  warning  EX001  assignment-in-condition\n"
    rows = json.loads(shell("lint", "--statistics", "--json", *ONLY, "a.cfg").out)
    assert rows == [{"code": "EX001", "severity": "warning", "name": "assignment-in-condition", "count": 1}]


def test_the_order_is_stable_and_that_of_the_files(shell: Shell) -> None:
    names = [shell.file(f"{name}.cfg", WARNED + REFUSED.replace(HEAD, "").replace("request_route", f"route[{name}]")) for name in "dbcae"]
    once, again = (json.loads(shell("lint", "--json", "--jobs", "2", *names).out) for _ in range(2))
    assert once == again
    assert list(dict.fromkeys(finding["file"] for finding in once)) == names
    for name in names:
        places = [(finding["line"], finding["column"]) for finding in once if finding["file"] == name]
        assert places == sorted(places)


# ---------------------------------------------------------------- control


def test_a_baseline_lets_pass_what_it_knows_and_no_more(shell: Shell) -> None:
    shell.file("a.cfg", WARNED)
    assert shell("lint", "--write-baseline", "old.json", "a.cfg").status == 0
    assert shell("lint", "--baseline", "old.json", "--fail-on", "info", "a.cfg").status == 0
    shell.file("a.cfg", WARNED.replace("    exit;\n", "\n    if ($var(z) = 2) exit;\n    exit;\n"))
    done = shell("lint", "--baseline", "old.json", "--json", *ONLY, "a.cfg")
    assert [(finding["code"], finding["line"]) for finding in json.loads(done.out)] == [("EX001", 8)]


@pytest.mark.parametrize(
    ("before", "behind", "left"),
    [
        ("", " # sroute: ignore[EX001]", []),
        ("    # sroute: ignore[EX001]\n", "", []),
        ("    # sroute: ignore[EX]\n", "", []),
        ("    # sroute: ignore[RT001]\n", "", ["EX001"]),
        ('    xlog("sroute: ignore[EX001]\\n");\n', "", ["EX001"]),
    ],
)
def test_comments_silence_findings(shell: Shell, before: str, behind: str, left: list[str]) -> None:
    line = '    if ($var(x) = 1) { xlog("L_INFO", "x\\n"); }'
    script = WARNED.replace(line, before + line + behind)
    assert codes(shell("lint", "--json", *ONLY, shell.file("a.cfg", script)).out) == left


def test_an_ignore_comment_of_no_use_is_a_finding(shell: Shell) -> None:
    script = CLEAN.replace("exit;", "exit; # sroute: ignore[EX001]")
    found = json.loads(shell("lint", "--json", shell.file("a.cfg", script)).out)
    assert [finding["line"] for finding in found if "EX001" in finding["message"]] == [2]
    whole = "# sroute: ignore-file[EX001]\n"
    assert codes(shell("lint", "--json", *ONLY, shell.file("b.cfg", WARNED.replace(HEAD, HEAD + whole))).out) == []


@pytest.mark.parametrize("file", ["sroute.toml", "pyproject.toml"])
def test_settings_are_those_of_the_nearest_folder_upwards(shell: Shell, file: str) -> None:
    table = "[lint]" if file == "sroute.toml" else "[tool.sroute.lint]"
    text = f'{table}\nselect = ["EX001"]\nfail-on = "warning"\n'
    tomllib.loads(text)
    shell.file(file, text)
    (shell.folder / "etc" / "kamailio").mkdir(parents=True)
    done = shell("lint", "--json", shell.file("etc/kamailio/a.cfg", WARNED))
    assert codes(done.out) == ["EX001"]
    assert done.status == 1


def test_stdin_has_the_name_that_is_given(shell: Shell) -> None:
    (shell.folder / "etc").mkdir()
    shell.file("etc/part.cfg", "route[A] { if ($var(y) = 1) exit; }\n")
    text = WARNED + 'include_file "part.cfg"\n'
    shell.monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
    done = shell("lint", "--json", *ONLY, "--stdin-filename", "etc/a.cfg", "-")
    assert {finding["file"] for finding in json.loads(done.out)} == {"etc/a.cfg", "etc/part.cfg"}


def test_what_is_in_an_include_file_is_said_once(shell: Shell) -> None:
    shell.file("part.cfg", "route[A] { if ($var(y) = 1) exit; }\n")
    names = [shell.file(f"{name}.cfg", CLEAN + 'include_file "part.cfg"\n') for name in "ab"]
    found = json.loads(shell("lint", "--json", *ONLY, *names).out)
    assert [(finding["file"], finding["line"]) for finding in found] == [("part.cfg", 1)]


def test_a_fragment_needs_no_main_route_and_no_modules(shell: Shell) -> None:
    part = 'route[A] {\n    if (is_method("INVITE")) { route(ELSEWHERE); }\n    sl_send_reply("404", "Not here");\n}\n'
    assert shell("lint", "--fragment", "--fail-on", "warning", shell.file("part.cfg", part)).status == 0
    assert shell("lint", "part.cfg").status == 1


@pytest.mark.parametrize(
    "changed",
    [
        WARNED.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + WARNED.encode(),
        WARNED.replace('"x\\n"', '"M\u00fcller\\n"').encode("latin-1"),
        WARNED.replace('"x\\n"', '"M\u00fcller\\n"').encode("utf-8"),
        WARNED.replace("#!KAMAILIO\n", "# none\n").encode(),
        WARNED.rstrip().encode(),
    ],
    ids=["CRLF", "byte-order mark", "latin-1", "UTF-8", "no marker", "no line end"],
)
def test_files_as_users_have_them(shell: Shell, changed: bytes) -> None:
    found = json.loads(shell("lint", "--json", *ONLY, shell.file("a.cfg", changed)).out)
    assert [(finding["line"], finding["column"], finding["end_column"]) for finding in found] == [(6, 9, 20)]


def test_a_broken_file_gets_all_its_errors_and_rules_run_on_the_rest(shell: Shell) -> None:
    script = (
        HEAD + 'route[A] { exit }\nroute[B] { $var(y) += 1; exit; }\nroute[C] { if ($rU == "a" { exit; } }\n'
        "route[D] { if ($var(z) = 2) exit; }\nrequest_route { exit; }\n"
    )
    done = shell("lint", "--json", shell.file("a.cfg", script))
    errors = [(finding["line"], finding["code"]) for finding in json.loads(done.out) if finding["severity"] == "error"]
    assert errors == [(5, "SY002"), (6, "SY006"), (7, "SY001")]
    assert (8, "EX001") in [(finding["line"], finding["code"]) for finding in json.loads(done.out)]


# ---------------------------------------------------------------- around it


def test_progress_is_for_a_terminal_only(shell: Shell) -> None:
    names = [shell.file(f"{number}.cfg", CLEAN) for number in range(6)]
    assert "#" not in shell("lint", *ONLY, *names).err
    with jobs._bar(2, shown=True, to=(written := io.StringIO())) as step:
        step()
        step()
    assert "1/2" in written.getvalue()
    assert written.getvalue().endswith("\r")


def test_the_bar_on_a_real_terminal(tmp_path: Path) -> None:
    names = []
    for number in range(6):
        path = tmp_path / f"{number}.cfg"
        path.write_text(CLEAN)
        names.append(str(path))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "sroute", "lint", "--select", "EX001", *names]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    assert b"6/6" in os.read(ours, 65536)
    os.close(ours)
    assert done.stdout == b""


def test_the_hooks_of_pre_commit_call_what_there_is(shell: Shell) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    entries = re.findall(r"^  entry: sroute (.*)$", text, re.M)
    assert entries == ["lint", "lint --fix"]
    for entry in entries:
        assert shell(*entry.split(), shell.file("a.cfg", CLEAN)).status == 0


def test_the_action_calls_what_there_is(shell: Shell) -> None:
    text = (ROOT / "action.yml").read_text()
    command = re.search(r"run: sroute (.*) \$OPTIONS \$PATHS", text)
    assert command is not None
    shell.file("a.cfg", REFUSED)
    done = shell(*command[1].split(), ".")
    assert done.status == 1
    assert "::error title=RT001,file=a.cfg,line=6" in done.out
