import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sroute.errors import UsageError
from sroute.testing.session import chosen, collect

GOOD = '# expect: one\nloadmodule "xlog.so"\nrequest_route { xlog("one\\n"); }\n'
BAD = '# expect: two\nloadmodule "xlog.so"\nrequest_route { xlog("one\\n"); }\n'
STUBBED = """\
# options: --stub 'ds_select_dst=-1'
# expect: false
loadmodule "xlog.so"
loadmodule "dispatcher.so"
request_route {
    if (!ds_select_dst("1", "4")) xlog("false\\n");
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "auth").mkdir()
    (tmp_path / "auth" / "good.cfg").write_text(GOOD)
    (tmp_path / "auth" / "plain.cfg").write_text("request_route { exit; }\n")
    (tmp_path / "bad.cfg").write_text(BAD)
    return tmp_path


def sroute(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sroute", "test", *map(str, words)], capture_output=True, text=True, timeout=60)


def test_folders_give_scripts_with_expectations(folder: Path) -> None:
    assert collect([folder, folder / "bad.cfg"]) == [folder / "auth" / "good.cfg", folder / "bad.cfg"]
    assert collect([folder / "auth" / "plain.cfg"]) == [folder / "auth" / "plain.cfg"]
    with pytest.raises(UsageError, match=r"none\.cfg: no such file"):
        collect([folder / "none.cfg"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a", ["x/ab", "a/c", "x/Ad"]),
        ("not a", ["x/c"]),
        ("x and not b", ["x/Ad", "x/c"]),
        ("b or d", ["x/ab", "x/Ad"]),
        ("x and b or x and d", ["x/ab", "x/Ad"]),
        ("AB", ["x/ab"]),
    ],
)
def test_words_choose_paths(words: str, expected: list[str]) -> None:
    assert [str(path) for path in chosen(map(Path, ["x/ab", "a/c", "x/Ad", "x/c"]), words)] == expected


def test_all_pass(folder: Path) -> None:
    done = sroute(folder / "auth")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 passed in" in done.stdout


def test_a_failure_shows_line_expected_and_real(folder: Path) -> None:
    done = sroute("-q", folder)
    assert done.returncode == 1
    assert f"{folder / 'bad.cfg'}:1:1: error: expected: two" in done.stdout
    assert "^^^^^^^^^^^^^  logged: one" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 failed, 1 passed in")


def test_stop_at_the_first(folder: Path) -> None:
    (folder / "worse.cfg").write_text(BAD)
    assert "1 failed, 1 passed in" in sroute("-x", folder).stdout
    assert "2 failed, 1 passed in" in sroute(folder).stdout


def test_words(folder: Path) -> None:
    assert "1 passed in" in sroute("-k", "good", folder).stdout


def test_junit(folder: Path) -> None:
    report = folder / "report.xml"
    assert sroute("--junit", report, folder).returncode == 1
    suite = ElementTree.parse(report).getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert [case.get("name") for case in suite] == ["good", "bad"]
    assert suite[1][0].get("message") == "expected: two"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("# expect: a\\q\n", "unknown escape"),
        ("# expect: a\n# send: none.sip\n", "none.sip: No such file"),
        ("# expect: a\n# options: --nope\n", "No such option"),
        ("# expect: a\n# options: --set x\n", "not an assignment"),
    ],
)
def test_a_script_that_makes_no_sense(folder: Path, script: str, message: str) -> None:
    path = folder / "wrong.cfg"
    path.write_text(script + "request_route { exit; }\n")
    done = sroute(path)
    assert done.returncode == 2
    assert message in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_nothing_to_run(folder: Path) -> None:
    assert sroute("-k", "zzz", folder).returncode == 2
    assert sroute(folder / "none").returncode == 2


def test_options_of_a_script(folder: Path) -> None:
    path = folder / "stub.cfg"
    path.write_text(STUBBED)
    done = sroute(path)
    assert done.returncode == 0, done.stdout
