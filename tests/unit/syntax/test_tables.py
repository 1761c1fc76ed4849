"""The grammar has no conflicts, and its generated tables are those that are built."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from sroute.dialect import DIALECTS
from sroute.syntax import tables
from sroute.syntax.parameters import BY_NAME, PARAMETERS
from sroute.syntax.parser import RULES
from sroute.syntax.words import CORE_FUNCTIONS, reserved, terminals


@pytest.fixture(scope="module")
def folder() -> Path:
    found = tables.grammar_folder()
    assert found is not None
    return found


@pytest.mark.parametrize("name", tables.STARTS)
def test_no_conflicts(folder: Path, name: str) -> None:
    built = tables.build(folder, name)  # strict: a conflict raises
    assert set(built.starts) == set(tables.STARTS[name])


def test_written_tables_are_the_built_ones(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "_tables.py"
    tables.write(path)
    spec = spec_from_file_location("written", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert tables.fingerprint(folder) == module.FINGERPRINT
    for name in tables.STARTS:
        built = tables.build(folder, name)
        rows, actions, gotos, rules, _ = module.TABLES[name]
        assert len(actions) == len(gotos) == len(built.actions)
        assert rules == built.rules
        assert sum(len(rows[n]) for n in actions) == sum(len(row) for row in built.actions)


def test_every_rule_builds_something() -> None:
    wanted = {callback for _, _, callback in tables.load().rules if callback is not None}
    assert wanted == set(RULES)


def test_every_word_is_a_terminal_of_the_grammar() -> None:
    known = {kind for row in tables.load().actions for kind in row}
    assert {kind for kind in terminals(True).values() if kind != "RESERVED"} <= known


def test_words() -> None:
    assert {"if", "debug", "sethost", "udp", "yes", "msg:len"} <= reserved(DIALECTS["5.6"])
    assert "return_mode" not in reserved(DIALECTS["5.6"])
    assert "return_mode" in reserved(DIALECTS["dev"])
    names = [name for parameter in PARAMETERS for name in parameter.names]
    assert len(names) == len(set(names)) == len(BY_NAME)
    for declared in (*PARAMETERS, *CORE_FUNCTIONS):
        assert declared.doc.endswith(".")
