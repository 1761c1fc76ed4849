"""db_text files: what can be read, and what is written, as Kamailio 5.6.3 does it."""

from pathlib import Path

import pytest

from sroute.db.database import DbError, Kind
from sroute.db.dbtext import compose, parse
from sroute.db.textbase import TextDatabase

HEAD = "id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string,null) expires(int,null)"


def test_columns() -> None:
    table = parse("t", HEAD + "\n")
    assert [(c.name, c.kind, c.null, c.auto) for c in table.columns] == [
        ("id", Kind.INT, False, True),
        ("key_name", Kind.STRING, False, False),
        ("key_type", Kind.INT, False, False),
        ("value_type", Kind.INT, False, False),
        ("key_value", Kind.STRING, True, False),
        ("expires", Kind.INT, True, False),
    ]


# Which types 5.6.3 takes, and whether the value is a number or a text then: it looks at the first letters only.
@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("int", Kind.INT),
        ("integer", Kind.INT),
        ("INT", Kind.INT),
        ("i", Kind.INT),
        ("string", Kind.STRING),
        ("str", Kind.STRING),
        ("s", Kind.STRING),
        ("double", Kind.DOUBLE),
        ("d", Kind.DOUBLE),
        ("datetime", Kind.DOUBLE),
        ("time", Kind.DATETIME),
        ("blob", Kind.BLOB),
        ("bigint", Kind.BLOB),
        ("int,null,auto", Kind.INT),
        ("int,auto,null", Kind.INT),
    ],
)
def test_types(word: str, kind: Kind) -> None:
    assert parse("t", f"k({word})\n").columns[0].kind is kind


@pytest.mark.parametrize("word", ["foo", "", "varchar", "string,auto", "int,unsigned"])
def test_types_refused(word: str) -> None:
    with pytest.raises(DbError):
        parse("t", f"k({word})\n")


def test_rows_and_escapes() -> None:
    text = HEAD + '\n5:a:0:0:va\\:l\\\\ "w# \\n\\t\\r:0\n:b:0:0::\n\n9:c:0:1:x\\0hidden:7\n10:last:0:0:not read:0'
    rows = parse("t", text).rows
    assert rows == [(5, "a", 0, 0, 'va:l\\ "w# \n\t\r', 0), (1, "b", 0, 0, None, None), (9, "c", 0, 1, "x", 7)]


@pytest.mark.parametrize(
    "row",
    [
        "# a comment",
        "1:k:0:0:v",
        "1:k:0:0:v:0:more",
        "1:k: 0:0:v:0",
        "1:k:x:0:v:0",
        "1::0:0:v:0",
        "1:k:0:0:\\x:0",
    ],
)
def test_unreadable_rows(row: str) -> None:
    with pytest.raises(DbError, match="db_text table t, line 2"):
        parse("t", f"{HEAD}\n{row}\n")


@pytest.mark.parametrize("text", ["", "\n1:a\n", "key_name key_value\n"])
def test_no_columns(text: str) -> None:
    with pytest.raises(DbError, match="line 1"):
        parse("t", text)


def test_composed_text_is_read_back() -> None:
    table = parse("t", f"{HEAD}\n1:a\\:b\\\\c:0:0:x\\ny:\n")
    assert compose(table) == f"{HEAD}\n1:a\\:b\\\\c:0:0:x\\ny:\n"


def database(folder: Path, *, write: bool = True) -> tuple[TextDatabase, list[str]]:
    (folder / "t").write_text(f"{HEAD}\n1:b:0:0:v1:0\n2:a:0:0:v2:0\n3:a:0:0:v3:0\n")
    drafts: list[str] = []
    return TextDatabase("text://db", folder, write=write, drafted=lambda: drafts.append("drafted")), drafts


def test_query(tmp_path: Path) -> None:
    db, _ = database(tmp_path)
    assert list(db.query("t", ("key_value",), order="key_name")) == [("v2",), ("v3",), ("v1",)]
    assert list(db.query("t", ("id", "key_value"), where=[("key_name", "=", "a"), ("id", ">", 2)])) == [(3, "v3")]
    assert len(list(db.query("t", limit=2))) == 2


def test_inserted_rows_come_first_and_get_a_number(tmp_path: Path) -> None:
    db, _ = database(tmp_path)
    db.insert("t", {"key_name": "n", "key_type": 0, "value_type": 0, "key_value": 'x:y\\z"w\nnl'})
    assert (tmp_path / "t").read_text().splitlines()[1] == '4:n:0:0:x\\:y\\\\z"w\\nnl:'


def test_numbers_of_deleted_rows_do_not_come_back(tmp_path: Path) -> None:
    db, _ = database(tmp_path)
    db.delete("t")
    db.insert_all("t", [{"key_name": name, "key_type": 0, "value_type": 0} for name in "xy"])
    assert (tmp_path / "t").read_text() == f"{HEAD}\n5:y:0:0::\n4:x:0:0::\n"


def test_changes(tmp_path: Path) -> None:
    db, _ = database(tmp_path)
    assert db.update("t", {"key_value": "new"}, [("key_name", "=", "a")]) == 2
    assert db.delete("t", [("id", "=", 2)]) == 1
    db.replace("t", {"key_name": "b", "key_value": "replaced"}, ["key_name"])
    assert (tmp_path / "t").read_text() == f"{HEAD}\n1:b:0:0:replaced:0\n3:a:0:0:new:0\n"


def test_null_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    db, _ = database(tmp_path)
    before = (tmp_path / "t").read_text()

    def exchange() -> None:
        with db.transaction():
            db.delete("t")
            db.insert("t", {"key_value": "x"})

    with pytest.raises(DbError, match="may not be NULL"):
        exchange()
    assert (tmp_path / "t").read_text() == before
    assert len(list(db.query("t"))) == 3


def test_without_write_changes_stay_in_memory(tmp_path: Path) -> None:
    db, drafts = database(tmp_path, write=False)
    before = (tmp_path / "t").read_text()
    db.delete("t", [("key_name", "=", "a")])
    assert [row[1] for row in db.query("t")] == ["b"]
    assert (tmp_path / "t").read_text() == before
    assert drafts


@pytest.mark.parametrize("name", ["nope", "../t", "", ".hidden", "a/b"])
def test_no_such_table(tmp_path: Path, name: str) -> None:
    db, _ = database(tmp_path)
    with pytest.raises(DbError):
        db.columns(name)


def test_no_such_column(tmp_path: Path) -> None:
    db, _ = database(tmp_path)
    with pytest.raises(DbError, match="no such column in t: nope"):
        db.query("t", ("nope",))
