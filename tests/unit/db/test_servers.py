"""MariaDB and PostgreSQL, for real: the same statements on both, and on SQLite beside them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sroute.db import databases, schema
from sroute.db.database import Database, DbError, version
from sroute.runtime.world import World
from tests.unit.db.servers import missing, running

pytestmark = pytest.mark.xdist_group("db-servers")
ENGINES = ["sqlite", "mysql", "postgres"]


@pytest.fixture(scope="module", params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    engine: str = request.param
    folder = tmp_path_factory.mktemp(engine)
    if engine == "sqlite":
        yield f"sqlite:///{folder}/k.db"
    elif reason := missing(engine):
        pytest.skip(reason)
    else:
        with running(engine, folder) as found:
            yield found


@pytest.fixture(scope="module")
def made(url: str) -> str:
    schema.create(url)
    return url


def opened(url: str, *, write: bool = True) -> Database:
    return databases.opened(url, World(Path("/"), write=write, allow_net=True), print)


@pytest.fixture
def db(made: str) -> Iterator[Database]:
    database = opened(made)
    database.delete("htable")
    database.delete("location")
    yield database
    database.close()


def item(name: str, value: str, number: int = 0) -> dict[str, int | float | str | None]:
    return {"key_name": name, "key_type": 0, "value_type": 0, "key_value": value, "expires": number}


def test_versions(db: Database) -> None:
    assert {name: version(db, name) for name in ("htable", "location", "subscriber", "nope")} == {
        "htable": 2,
        "location": 9,
        "subscriber": 7,
        "nope": 0,
    }


def test_columns(db: Database) -> None:
    layout = schema.layouts()["location"]
    assert [(column.name, column.kind, column.null, column.key) for column in db.columns("location")] == [
        (column.name, column.kind, column.null, column.key) for column in layout.columns
    ]


def test_insert_and_query(db: Database) -> None:
    db.insert_all("htable", [item("b", "1", 7), item("a", "two\n'quoted' \\ \"", 8), item("c", "", -1)])
    assert list(db.query("htable", ("key_name", "key_value", "expires"), order="key_name")) == [
        ("a", "two\n'quoted' \\ \"", 8),
        ("b", "1", 7),
        ("c", "", -1),
    ]
    assert list(db.query("htable", ("key_name",), [("expires", ">", 7)])) == [("a",)]
    assert list(db.query("htable", ("key_name",), [("expires", "<=", 7), ("key_name", "!=", "c")])) == [("b",)]
    assert len(list(db.query("htable", limit=2))) == 2


def test_text_is_utf_8(db: Database) -> None:
    text = "é 日本 😀".encode().decode("latin-1")
    db.insert("htable", item(text, text))
    assert list(db.query("htable", ("key_name", "key_value"), [("key_name", "=", text)])) == [(text, text)]


def test_update_replace_delete(db: Database) -> None:
    db.insert_all("htable", [item("a", "1"), item("b", "2")])
    assert db.update("htable", {"key_value": "3"}, [("key_name", "=", "a")]) == 1
    db.replace("htable", item("b", "4"), ["key_name"])
    db.replace("htable", item("c", "5"), ["key_name"])
    assert list(db.query("htable", ("key_name", "key_value"), order="key_name")) == [("a", "3"), ("b", "4"), ("c", "5")]
    assert db.delete("htable", [("key_value", ">=", "4")]) == 2
    assert db.delete("htable") == 1


def test_types(db: Database) -> None:
    row = schema.defaults(schema.layouts()["location"]) | {"ruid": "r", "expires": 1_700_000_000, "last_modified": 1_600_000_000, "q": 0.5}
    db.insert("location", row)
    found = dict(zip([c.name for c in db.columns("location")], next(iter(db.query("location"))), strict=True))
    for name in ("expires", "last_modified"):
        # As in Kamailio's db_sqlite, a time may come back a second early.
        when = found.pop(name)
        assert isinstance(when, int)
        assert row.pop(name) in (when, when + db.url.startswith("sqlite"))
    assert {name: found[name] for name in row} == row


def test_transaction(db: Database) -> None:
    db.insert("htable", item("a", "1"))

    def exchange() -> None:
        with db.transaction():
            db.delete("htable")
            db.insert("htable", item("b", "2"))
            db.query("htable", ("nope",))

    with pytest.raises(DbError, match="no such column"):
        exchange()
    assert [row[0] for row in db.query("htable", ("key_name",))] == ["a"]


def test_failing_statements(db: Database) -> None:
    with pytest.raises(DbError, match="nope"):
        db.query("nope")
    with pytest.raises(DbError):
        db.insert("htable", {"key_name": None})
    db.insert("htable", item("after", "a failure"))


def test_statements_as_they_are_written(db: Database) -> None:
    db.insert("htable", item("a%b", "5"))
    names, rows = db.ask("SELECT key_name, key_type, key_value FROM htable WHERE key_name LIKE 'a%b'")
    assert names == ("key_name", "key_type", "key_value")
    assert rows == [("a%b", 0, "5")]
    assert db.ask("UPDATE htable SET key_value = '6'") == ((), [])
    assert db.ask("SELECT count(*) FROM htable WHERE key_value = '6'")[1] == [(1,)]


def test_without_write_nothing_stays(db: Database, made: str) -> None:
    db.insert("htable", item("a", "1"))
    draft = opened(made, write=False)
    draft.insert("htable", item("b", "2"))
    draft.update("htable", {"key_value": "3"}, [("key_name", "=", "a")])
    with pytest.raises(DbError):
        draft.insert("htable", {"key_name": None})
    assert sorted(draft.query("htable", ("key_name", "key_value"))) == [("a", "3"), ("b", "2")]
    draft.close()
    assert list(db.query("htable", ("key_name", "key_value"))) == [("a", "1")]


def test_unreachable(made: str) -> None:
    if made.startswith("sqlite"):
        pytest.skip("a file is always reachable")
    scheme, _, rest = made.partition("://")
    with pytest.raises(DbError):
        opened(f"{scheme}://{rest.replace('kamailiorw', 'wrong')}").query("htable")
    with pytest.raises(DbError):
        opened(f"{scheme}://u:p@127.0.0.1:1/none").query("htable")
