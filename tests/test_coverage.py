"""The table of rows and cases is what the cases say, and no case names a row that does not exist."""

from tests.live.coverage import TABLE, covered, rows, table


def test_rows_have_one_name_each() -> None:
    names = [row.name for row in rows()]
    assert sorted(names) == sorted(set(names))


def test_cases_name_rows_that_exist() -> None:
    known = {row.name for row in rows()}
    assert not [f"{path}: {name}" for name, path in covered() if name not in known]


def test_no_proven_row_is_called_unprovable() -> None:
    proven = {name for name, _ in covered()}
    assert not [row.name for row in rows() if row.open and row.name in proven]


def test_table_is_made_from_the_cases() -> None:
    assert TABLE.read_text() == table(), "run: python -m tests.live.coverage"
