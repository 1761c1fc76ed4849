"""The tables that `sroute db create` makes."""

from pathlib import Path

import pytest

from sroute.db import databases, schema
from sroute.db.database import DbError, version
from sroute.errors import UsageError
from sroute.runtime.world import World
from tests.live import namespace

STANDARD = {
    *("version", "subscriber", "location", "htable", "domain", "address", "dbaliases", "speed_dial", "acc", "missed_calls"),
    *("trusted", "uri", "usr_preferences", "dispatcher", "grp", "dialog", "dialplan", "silo", "aliases", "lcr_rule", "pdt"),
}


def test_standard_tables_are_known() -> None:
    assert schema.layouts().keys() >= STANDARD


def test_layout_of_htable() -> None:
    layout = schema.layouts()["htable"]
    assert layout.version == 2
    assert [(column.name, word) for column, word in zip(layout.columns, layout.types, strict=True)] == [
        ("id", "auto"),
        ("key_name", "varchar(64)"),
        ("key_type", "int"),
        ("value_type", "int"),
        ("key_value", "varchar(128)"),
        ("expires", "int"),
    ]


@pytest.mark.parametrize("url", ["sqlite:///{}/k.db", "text://{}/dbtext"])
def test_all_tables_can_be_made_filled_and_read(tmp_path: Path, url: str) -> None:
    url = url.format(tmp_path)
    made = schema.create(url)
    db = databases.opened(url, World(tmp_path, write=True), print)
    for name, layout in schema.layouts().items():
        assert name in made
        assert version(db, name) == layout.version
        if name != "version":
            db.insert(name, schema.defaults(layout))
            assert len(list(db.query(name))) == 1
            assert [column.name for column in db.columns(name)] == [column.name for column in layout.columns]


def test_some_tables(tmp_path: Path) -> None:
    assert schema.create(f"sqlite:///{tmp_path}/k.db", ["htable", "htable"]) == ["version", "htable"]


@pytest.mark.parametrize("url", ["sqlite:///{}/k.db", "text://{}/dbtext"])
def test_nothing_is_overwritten(tmp_path: Path, url: str) -> None:
    url = url.format(tmp_path)
    schema.create(url, ["htable"])
    with pytest.raises(DbError):
        schema.create(url, ["acc", "version"])


def test_unknown_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="htabel"):
        schema.create(f"sqlite:///{tmp_path}/k.db", ["htabel"])
    assert not list(tmp_path.iterdir())


WITH_DATABASE = (
    *("usrloc", "auth_db", "domain", "dispatcher", "permissions", "alias_db", "speeddial", "acc", "dialog", "group", "dialplan"),
    *("msilo", "uri_db", "avpops", "pdt", "mtree", "htable", "drouting"),
)
LOADED = "".join(f'loadmodule "{name}.so"\n' for name in ("db_sqlite", "tm", "sl", "rr", "pv", "maxfwd", "auth", *WITH_DATABASE))
SCRIPT = f"""#!KAMAILIO
{LOADED}
modparam("{"|".join(WITH_DATABASE)}", "db_url", "sqlite:///k.db")
modparam("usrloc", "db_mode", 2)
modparam("dialog", "db_mode", 1)
modparam("acc", "db_flag", 1)
modparam("avpops", "avp_table", "usr_preferences")
modparam("msilo", "from_address", "sip:x@example.com")
modparam("mtree", "mtree", "name=t;dbtable=mtree")
modparam("htable", "htable", "h=>size=2;dbtable=htable")
request_route {{
    exit;
}}
"""


@pytest.mark.live
def test_a_real_kamailio_takes_the_tables(tmp_path: Path) -> None:
    if reason := namespace.missing():
        pytest.skip(reason)
    schema.create(f"sqlite:///{tmp_path}/k.db")
    (tmp_path / "case.cfg").write_text(SCRIPT)
    worker = namespace.Worker()
    verdict = worker.judge(tmp_path / "case.cfg")
    worker.close()
    assert verdict.started, [line.text for line in verdict.log.startup]
