"""Writing back: what reaches the database, what is kept where 5.6.3 loses it, and what a failure leaves."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sroute.dialect import DEFAULT, DIALECTS, Dialect
from sroute.instance.api import load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World
from tests.unit.modules.htable.test_facts import MESSAGE

TABLE = (
    "CREATE TABLE htable (id INTEGER PRIMARY KEY NOT NULL, key_name VARCHAR(64) DEFAULT '' NOT NULL, key_type INTEGER DEFAULT 0 NOT NULL, "
    "value_type INTEGER DEFAULT 0 NOT NULL, key_value VARCHAR(128) DEFAULT '' NOT NULL, expires INTEGER DEFAULT 0 NOT NULL)"
)
OLD = [("a", 0, 0, "v", 0)]
NO_BAD_KEY = "CREATE TRIGGER refuse BEFORE INSERT ON htable WHEN NEW.key_name = 'bad' BEGIN SELECT RAISE(ABORT, 'no bad keys'); END"


class Server:
    """An instance with a database of its own."""

    def __init__(
        self, folder: Path, body: str, attributes: str = "", params: str = "", *, rows: list[tuple[object, ...]] | None = None
    ) -> None:
        self.folder = folder
        self.text = (
            '#!KAMAILIO\nloadmodule "db_sqlite.so"\nloadmodule "xlog.so"\nloadmodule "htable.so"\nmodparam("htable", "db_url", "sqlite:///t.db")\n'
            f'{params}modparam("htable", "htable", "h=>size=2;dbtable=htable;{attributes}")\nrequest_route {{\n{body}\nexit;\n}}\n'
        )
        with closing(sqlite3.connect(folder / "t.db")) as db:
            db.execute(TABLE)
            inserted = OLD if rows is None else rows
            db.executemany("INSERT INTO htable (key_name, key_type, value_type, key_value, expires) VALUES (?, ?, ?, ?, ?)", inserted)
            db.commit()

    def sql(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / "t.db")) as db:
            db.execute(statement)
            db.commit()

    def start(self, *, write: bool = True, dialect: Dialect = DEFAULT) -> Instance:
        instance = start(load(self.folder / "k.cfg", self.text, dialect=dialect), Options(world=World(self.folder, write=write)))
        instance.receive(MESSAGE)
        return instance

    def rows(self) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "t.db")) as db:
            return db.execute("SELECT key_name, key_type, value_type, key_value, expires FROM htable ORDER BY id").fetchall()


def said(instance: Instance, level: str | None = None) -> str:
    return "\n".join(event.text for event in instance.events if isinstance(event, Diag) and level in (None, event.level))


def test_shutdown_writes_with_dbmode(tmp_path: Path) -> None:
    server = Server(tmp_path, '$sht(h=>b) = 1; $sht(h=>c) = "x";', "dbmode=1")
    instance = server.start()
    assert server.rows() == OLD
    instance.stop()
    assert sorted(server.rows(), key=str) == [("a", 0, 0, "v", 0), ("b", 0, 1, "1", 0), ("c", 0, 0, "x", 0)]
    assert said(instance) == ""


@pytest.mark.parametrize("attributes", ["", "dbmode=0", "dbmode=1;cols='key_name,key_value'"])
def test_shutdown_does_not_write(tmp_path: Path, attributes: str) -> None:
    server = Server(tmp_path, "$sht(h=>b) = 1;", attributes)
    server.start().stop()
    assert server.rows() == OLD


def test_without_write_the_file_stays_and_the_run_says_so(tmp_path: Path) -> None:
    server = Server(tmp_path, "$sht(h=>b) = 1;", "dbmode=1")
    instance = server.start(write=False)
    assert instance.rpc_line("htable.store h").text == "Ok. Htable successfully stored to DB.\n"
    assert instance.rpc_line("htable.reload h").text == "Ok. Htable reloaded.\n"
    assert sorted(instance.tables()["h"]) == ["a", "b"]
    instance.stop()
    assert server.rows() == OLD
    assert said(instance).count("temporary copy") == 1


def test_a_table_that_was_empty_is_written_all_the_same(tmp_path: Path) -> None:
    server = Server(tmp_path, "$sht(h=>b) = 1;", "dbmode=1", rows=[])
    instance = server.start()
    instance.stop()
    assert server.rows() == [("b", 0, 1, "1", 0)]
    assert "Kamailio 5.6.3 does not write htable [h] back" in said(instance)


@pytest.mark.parametrize(("command", "dialect"), [("htable.reload h", DEFAULT), ("htable.listTables", DIALECTS["dev"])])
def test_which_a_reload_and_newer_versions_do_too(tmp_path: Path, command: str, dialect: Dialect) -> None:
    server = Server(tmp_path, "exit;", "dbmode=1", rows=[])
    instance = server.start(dialect=dialect)
    instance.rpc_line(command)
    instance.rpc_line("htable.sets h c d")
    instance.stop()
    assert server.rows() == [("c", 0, 0, "d", 0)]
    assert said(instance) == ""


def test_items_that_never_expire_are_written(tmp_path: Path) -> None:
    server = Server(
        tmp_path, "$sht(h=>n) = 1; $shtex(h=>n) = 0; $sht(h=>m) = 2;", "autoexpire=100", 'modparam("htable", "db_expires", 1)\n', rows=[]
    )
    instance = server.start()
    instance.rpc_line("htable.store h")
    expiry = int(instance.clock.now()) + 100
    assert sorted(server.rows()) == [("m", 0, 1, "2", expiry), ("n", 0, 1, "1", 0)]
    assert "Kamailio does not write items that never expire: 1 of htable [h] would be lost" in said(instance)


def test_expired_items_are_not_written(tmp_path: Path) -> None:
    server = Server(tmp_path, "$sht(h=>n) = 1;", "autoexpire=5", 'modparam("htable", "timer_interval", 3600)\n', rows=[])
    instance = server.start()
    instance.advance(10)
    instance.rpc_line("htable.store h")
    assert server.rows() == []
    assert said(instance) == ""


def test_a_row_that_is_refused_leaves_all_rows(tmp_path: Path) -> None:
    server = Server(tmp_path, "$sht(h=>bad) = 1; $sht(h=>good) = 2;", "dbmode=1")
    server.sql(NO_BAD_KEY)
    instance = server.start()
    assert instance.rpc_line("htable.store h").text == "error: 500 - Failed to store htable [h]\n"
    instance.stop()
    assert server.rows() == OLD
    assert "no bad keys" in said(instance, "ERROR")
    assert "the rows of htable are left as they were" in said(instance)


def test_a_table_with_cols_is_not_emptied(tmp_path: Path) -> None:
    server = Server(tmp_path, "exit;", "cols='key_name,key_value'")
    instance = server.start()
    assert instance.rpc_line("htable.store h").text == "Ok. Htable successfully stored to DB.\n"
    assert server.rows() == OLD
    assert said(instance, "WARNING") == "saving htable [h] with custom db columns is not available"
    assert "Kamailio deletes all rows of htable here" in said(instance)


def test_a_value_type_that_does_not_exist(tmp_path: Path) -> None:
    server = Server(tmp_path, "exit;", rows=[("a", 0, 2, "x", 0), ("b", 0, 1, "5", 0)])
    instance = server.start()
    assert instance.tables()["h"] == {"a": "x", "b": 5}
    assert "Kamailio stores garbage for a of htable [h]: its value type is 2" in said(instance)


def test_a_failing_reload_changes_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path, "$sht(h=>b) = 1;")
    instance = server.start()
    server.sql("UPDATE htable SET key_type = 0, key_value = 'w'")
    server.sql("INSERT INTO htable (key_name, key_value) VALUES ('c', 'x')")
    server.sql("ALTER TABLE htable RENAME TO gone")
    assert instance.rpc_line("htable.reload h").text == "error: 500 - Htable reload failed\n"
    assert sorted(instance.tables()["h"]) == ["a", "b"]
    server.sql("ALTER TABLE gone RENAME TO htable")
    assert instance.rpc_line("htable.reload h").text == "Ok. Htable reloaded.\n"
    assert instance.tables()["h"] == {"a": "w", "c": "x"}


@pytest.mark.parametrize("url", ["mysql://kamailio:secret@localhost/kamailio", "unixodbc://kamailio:secret@localhost/kamailio"])
def test_a_server_is_not_asked(tmp_path: Path, url: str) -> None:
    driver = url.partition(":")[0]
    text = (
        f'#!KAMAILIO\nloadmodule "db_{driver}.so"\nloadmodule "xlog.so"\nloadmodule "htable.so"\nmodparam("htable", "db_url", "{url}")\n'
        'modparam("htable", "htable", "h=>size=2;dbtable=htable;dbmode=1")\nrequest_route {\n$sht(h=>a) = 1; xlog("$sht(h=>a)\\n");\n}\n'
    )
    instance = start(load(tmp_path / "k.cfg", text), Options(world=World(tmp_path)))
    instance.receive(MESSAGE)
    assert instance.logs == ["1"]
    assert "htable [h] is empty: " in said(instance)
    assert instance.rpc_line("htable.reload h").text == "error: 500 - Htable reload failed\n"
    instance.stop()


def test_a_server_mapped_to_a_file(tmp_path: Path) -> None:
    server = Server(tmp_path, 'xlog("$sht(h=>a)\\n");')
    text = server.text.replace("sqlite:///t.db", "mysql://k:secret@localhost/k").replace("db_sqlite", "db_mysql")
    world = World(tmp_path, databases={"mysql://k:secret@localhost/k": f"sqlite:///{tmp_path}/t.db"})
    instance = start(load(tmp_path / "k.cfg", text), Options(world=world))
    instance.receive(MESSAGE)
    assert instance.logs == ["v"]


ARRAYS: list[tuple[object, ...]] = [*(("arr", 1, 0, f"e{number}", 0) for number in range(5)), ("b", 1, 1, "7", 0), ("c", 0, 0, "x", 0)]
LOADED: dict[str, int | str | None] = {
    **{f"arr[{number}]": f"e{number}" for number in range(5)},
    "arr::size": 5,
    "b[0]": 7,
    "b::size": 1,
    "c": "x",
}


@pytest.mark.parametrize("rows", [-5, 0, 1, 2, 3, 7, 8, 1000])
def test_how_many_rows_are_fetched_at_once_is_not_seen(tmp_path: Path, rows: int) -> None:
    instance = Server(tmp_path, "exit;", "", f'modparam("htable", "fetch_rows", {rows})\n', rows=ARRAYS).start()
    assert instance.tables()["h"] == LOADED


def test_arrays_are_written_as_simple_keys_in_the_order_of_the_slots(tmp_path: Path) -> None:
    server = Server(tmp_path, "exit;", "dbmode=1", rows=ARRAYS)
    instance = server.start()
    order = [item["name"] for slot in instance.rpc("htable.dump", ["h"]) for item in slot["slot"]]
    instance.stop()
    rows = server.rows()
    assert [row[0] for row in rows] == order
    assert {row[0]: row[1:4] for row in rows} == {key: (0, 1 if isinstance(value, int) else 0, str(value)) for key, value in LOADED.items()}
    again = server.start()
    assert again.tables()["h"] == LOADED


def test_a_reload_that_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    """The bad row is behind rows that have been fetched already."""
    server = Server(tmp_path, "$sht(h=>mine) = 1;", "", 'modparam("htable", "fetch_rows", 1)\n', rows=[("a", 0, 0, "v", 0)])
    instance = server.start()
    server.sql("DROP TABLE htable")
    server.sql("CREATE TABLE htable (id INT, key_name TEXT, key_type INT, value_type INT, key_value TEXT, expires INT)")
    server.sql("INSERT INTO htable VALUES (1, 'a', 0, 0, 'new', 0), (2, 'b', 0, 0, NULL, 0)")
    assert instance.rpc_line("htable.reload h").text == "error: 500 - Htable reload failed\n"
    assert instance.tables()["h"] == {"a": "v", "mine": 1}
    assert "null value in row 1" in said(instance, "ERROR")


@pytest.mark.parametrize("expires", ["expires(int)", "expires(int,null)"])
def test_db_text_refuses_rows_without_expires_unless_the_column_may_be_null(tmp_path: Path, expires: str) -> None:
    before = f"id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) {expires}\n1:a:0:0:v:0\n"
    (tmp_path / "htable").write_text(before)
    text = (
        f'#!KAMAILIO\nloadmodule "db_text.so"\nloadmodule "htable.so"\nmodparam("htable", "db_url", "text://{tmp_path}")\n'
        'modparam("htable", "htable", "h=>size=2;dbtable=htable;dbmode=1")\nrequest_route {\n$sht(h=>b) = 1;\n}\n'
    )
    instance = start(load(tmp_path / "k.cfg", text), Options(world=World(tmp_path, write=True)))
    instance.receive(MESSAGE)
    instance.stop()
    after = (tmp_path / "htable").read_text()
    if "null" in expires:
        assert sorted(line.split(":")[1:] for line in after.splitlines()[1:]) == [["a", "0", "0", "v", ""], ["b", "0", "1", "1", ""]]
    else:
        assert after == before
        assert "Kamailio deletes them first, and loses what it then can't insert" in said(instance)


@pytest.mark.parametrize("command", ["htable.reload", "htable.store"])
def test_reload_and_store_wait_for_a_slot_that_is_locked(tmp_path: Path, command: str) -> None:
    instance = Server(tmp_path, 'sht_lock("h=>a");').start()
    assert instance.rpc_line(f"{command} h").text.startswith("Ok")
    assert f"Kamailio hangs here: {command} waits for slot 1 of htable [h], locked since sht_lock at " in said(instance)
