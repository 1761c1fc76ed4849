"""SQLite files: types as db_sqlite sees them (recorded from 5.6.3), and what reaches the file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sroute.db import databases, session, sqlite_types
from sroute.db.database import Database, DbError, Kind, NotOpenedError, version
from sroute.runtime.world import World

SCHEMA = "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, k VARCHAR(10) NOT NULL, n INTEGER, d DOUBLE, b BLOB)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.execute(SCHEMA)
        db.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?)", [(1, "b", 5, 1.5, b"\xff\x00"), (2, "a", None, None, None), (3, "é", 7, 0, b"")]
        )
        db.execute("CREATE TABLE version (table_name VARCHAR(32) NOT NULL, table_version INTEGER)")
        db.execute("INSERT INTO version VALUES ('t', 7)")
        db.commit()
    return tmp_path


def opened(folder: Path, *, write: bool = False, notes: list[str] | None = None) -> Database:
    noted = notes if notes is not None else []
    return databases.opened("sqlite:///t.db", World(folder, write=write), noted.append)


def rows(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "t.db")) as db:
        return db.execute("SELECT id, k, n FROM t ORDER BY id").fetchall()


# What $dbr showed for the values 'abc', '12', 12, 3.7, x'4142', 99999999999 in a column declared so.
RECORDED: dict[str, list[int | str]] = {
    "INTEGER": [0, 12, 12, 3, 0, 1215752191],
    "BIGINT": [0, 12, 12, 3, 0, 99999999999],
    "SERIAL": [0, 12, 12, 3, 0, 1215752191],
    "VARCHAR(10)": ["abc", "12", "12", "3.7", "AB", "99999999999"],
    "TEXT": ["abc", "12", "12", "3.7", "AB", "99999999999"],
    "BLOB": ["abc", "12", "12", "3.7", "AB", "99999999999"],
    "": ["abc", "12", "12", "3.7", "AB", "99999999999"],
    "NUMERIC(10,2)": [0, 12, 12, 3, 0, 1215752191],
    "BOOLEAN": [0, 12, 12, 3, 0, 1215752191],
    "STRING": [0, 12, 12, 3, 0, 1215752191],
}


@pytest.mark.parametrize("declared", RECORDED)
def test_recorded_types(tmp_path: Path, declared: str) -> None:
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.execute(f"CREATE TABLE v (k {declared})")
        for literal in ("'abc'", "'12'", "12", "3.7", "x'4142'", "99999999999", "NULL"):
            db.execute(f"INSERT INTO v VALUES ({literal})")
        db.commit()
    found = [row[0] for row in opened(tmp_path).query("v")]
    assert found == [*RECORDED[declared], None]


def test_times_are_julian_days() -> None:
    assert sqlite_types.kind("TIMESTAMP WITHOUT TIME ZONE") is Kind.DATETIME
    assert sqlite_types.inward(2440587.5, Kind.DATETIME) == 0
    assert sqlite_types.inward(0, Kind.DATETIME) == -210866759999
    # What usrloc stored as last_modified, and what was read from it.
    assert sqlite_types.outward(1795303218, Kind.DATETIME) == 2461366.4724247684
    assert sqlite_types.outward(1795303220, Kind.DATETIME) == 2461366.472447917
    assert sqlite_types.inward(2461366.4721701387, Kind.DATETIME) == 1795303195


def test_query(folder: Path) -> None:
    db = opened(folder)
    assert list(db.query("t", ("k", "n"), order="k")) == [("a", None), ("b", 5), ("\xc3\xa9", 7)]
    assert list(db.query("t", ("id",), where=[("n", ">", 5)])) == [(3,)]
    assert list(db.query("t", ("id",), where=[("k", "=", "\xc3\xa9")])) == [(3,)]
    assert list(db.query("t", ("id",), where=[("n", "=", None)])) == [(2,)]
    assert list(db.query("t", ("d", "b"), limit=1)) == [(1.5, "\xff\x00")]
    assert version(db, "t") == 7
    assert version(db, "other") == 0


def test_without_write_a_copy_is_changed_and_said_once(folder: Path) -> None:
    before, notes = rows(folder), list[str]()
    db = opened(folder, notes=notes)
    db.insert("t", {"k": "new", "n": 1})
    db.delete("t", [("id", "=", 1)])
    assert [row[0] for row in db.query("t", ("k",), order="id")] == ["a", "\xc3\xa9", "new"]
    assert rows(folder) == before
    assert len(notes) == 1
    assert "--write" in notes[0]
    db.close()


def test_with_write_the_file_is_changed(folder: Path) -> None:
    db = opened(folder, write=True)
    db.insert("t", {"k": "\xc3\xbc", "n": 1})
    assert db.update("t", {"n": 9}, [("k", "=", "a")]) == 1
    db.replace("t", {"k": "b", "n": 6}, ["k"])
    db.replace("t", {"k": "c", "n": 8}, ["k"])
    db.close()
    assert rows(folder) == [(1, "b", 6), (2, "a", 9), (3, "é", 7), (4, "ü", 1), (5, "c", 8)]


def test_text_that_is_no_utf8_is_kept(folder: Path) -> None:
    db = opened(folder, write=True)
    db.insert("t", {"k": "\xff\xfe"})
    assert [row[0] for row in db.query("t", ("k",), where=[("id", ">", 3)])] == ["\xff\xfe"]


def test_a_failed_transaction_leaves_everything(folder: Path) -> None:
    before = rows(folder)
    db = opened(folder, write=True)

    def exchange() -> None:
        with db.transaction():
            db.delete("t")
            db.insert("t", {"k": None})

    with pytest.raises(DbError):
        exchange()
    assert rows(folder) == before


@pytest.mark.parametrize("form", ["sqlite:///{}/t.db", "text://{}", "sqlite:///../{}/t.db"])
def test_what_is_elsewhere_needs_an_allowed_path(folder: Path, tmp_path_factory: pytest.TempPathFactory, form: str) -> None:
    elsewhere = tmp_path_factory.mktemp("script")
    url = form.format(folder.name if ".." in form else folder)
    script = folder.parent / elsewhere.name
    script.mkdir(exist_ok=True)
    with pytest.raises(NotOpenedError, match="--allow-path"):
        databases.opened(url, World(script), print)
    databases.opened(url, World(script, allow_paths=(folder,)), print)


def test_an_allowed_path_can_be_written(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("script"), write=True, allow_paths=(folder,))
    databases.opened(f"sqlite:///{folder}/t.db", world, print).delete("t")
    assert rows(folder) == []


def test_a_missing_file_is_an_empty_database_and_is_not_made(tmp_path: Path) -> None:
    db = opened(tmp_path)
    with pytest.raises(DbError, match="no such table"):
        db.query("t")
    assert list(tmp_path.iterdir()) == []


def test_only_databases_are_read(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_text("root:x:0:0:a file that is something else\n")
    with pytest.raises(DbError, match="not a database"):
        opened(tmp_path).query("t")


def test_servers_need_leave(tmp_path: Path) -> None:
    with pytest.raises(NotOpenedError, match="--allow-net"):
        databases.opened("mysql://kamailio:kamailiorw@localhost/kamailio", World(tmp_path), print)


def test_a_server_can_be_mapped_to_a_file(folder: Path) -> None:
    world = World(folder / "script", databases={"mysql://k:p@localhost/k": f"sqlite:///{folder}/t.db"})
    assert len(list(databases.opened("mysql://k:p@localhost/k", world, print).query("t"))) == 3


@pytest.mark.parametrize("column", ["nope", "", "k; DROP TABLE t"])
def test_no_such_column(folder: Path, column: str) -> None:
    with pytest.raises(DbError, match="no such column in t"):
        opened(folder).query("t", ("k", column))


def test_statements_as_they_are_written(folder: Path) -> None:
    before, notes = rows(folder), list[str]()
    db = opened(folder, notes=notes)
    assert db.ask("SELECT id, k AS name, count(*), 1.5 FROM t WHERE k LIKE 'b%'") == (("id", "name", "count(*)", "1.5"), [(1, "b", 1, 1.5)])
    assert notes == []
    assert db.ask("DELETE FROM t WHERE id > 1") == ((), [])
    assert db.ask("SELECT count(*) FROM t")[1] == [(1,)]
    assert rows(folder) == before
    assert len(notes) == 1
    with pytest.raises(DbError, match="syntax error"):
        db.ask("SELEKT 1")


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("sql", ["ATTACH DATABASE '{}' AS other", "VACUUM INTO '{}'"])
def test_statements_reach_no_other_file(folder: Path, sql: str, write: bool) -> None:
    other = folder / "other.db"
    with pytest.raises(DbError, match=r"not authorized|authorization denied"):
        opened(folder, write=write).ask(sql.format(other))
    assert not other.exists()


def test_a_statement_without_end_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MOST_STEPS", 3)
    with pytest.raises(DbError, match="interrupted"):
        opened(folder).ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
