"""Imports go down only: the contract in pyproject.toml, and no import that hides from it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter import api, cli

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "sroute").rglob("*.py"))


def test_layers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = cli.lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_contract_covers_every_room() -> None:
    contract = api.read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"][0]
    assert contract["exhaustive"] == "True"


def type_checking_blocks(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_type_checking_block(path: Path) -> None:
    assert not list(type_checking_blocks(ast.parse(path.read_bytes())))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_import_of_our_own_inside_a_function(path: Path) -> None:
    functions = [n for n in ast.walk(ast.parse(path.read_bytes())) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = [n for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not [n.lineno for n in inner if "sroute" in ast.unparse(n)]
