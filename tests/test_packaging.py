"""A wheel is complete: built in isolation, installed into an empty environment, used outside the checkout."""

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "dictionary-attack"
pytestmark = pytest.mark.xdist_group("packaging")


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed; no setting of this process leaks into it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV", "PIP_REQUIRE"))}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT, cwd=out)
    (built,) = out.glob("sroute-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and what it depends on, nothing else."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=True)
    run(home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=home)
    return home / "bin"


def test_wheel_holds_the_grammar(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if name.startswith("sroute/grammar/")}
    written = {f"sroute/grammar/{path.name}": path.read_bytes() for path in (ROOT / "grammar").glob("*.lark")}
    assert held == written
    assert held


def test_wheel_holds_the_parser_tables(wheel: Path) -> None:
    if not (ROOT / "sroute/syntax/tables.py").exists():
        pytest.skip("the parser's tables are not generated yet")
    with zipfile.ZipFile(wheel) as archive:
        assert len(archive.read("sroute/syntax/_tables.py")) > 10_000


def test_wheel_holds_the_package_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sroute"}


def test_import_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    place = run(installed / "python", "-I", "-c", "import sroute; print(sroute.__file__, sroute.__version__)", cwd=tmp_path)
    assert str(ROOT) not in place


def test_plain_install_has_no_extras(installed: Path, tmp_path: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    extras = {name.split(">")[0].split("[")[0].lower() for extra in ("mysql", "postgres", "lua", "lsp") for name in declared[extra]}
    have = {line.split("==")[0].lower() for line in run(installed / "python", "-m", "pip", "freeze", cwd=tmp_path).splitlines()}
    assert not extras & have


def test_example_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    if not EXAMPLE.exists():
        pytest.skip("the example is not written yet")
    messages = sorted((EXAMPLE / "messages").glob("*.sip"))
    events = run(installed / "sroute", "run", "--json", EXAMPLE / "kamailio.cfg", *messages, cwd=tmp_path)
    assert '"event": "send"' in events or '"event":"send"' in events
