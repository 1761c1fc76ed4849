"""Accounting in a database.

The row of acc_db_request() and the forms of the times are what Kamailio 5.6.3 wrote; rows that a flag causes were not recorded.
"""

import sqlite3
from pathlib import Path

import pytest

from sroute.instance.api import Options, load, start
from sroute.instance.events import Diag
from sroute.runtime.world import World
from sroute.sip import compose
from sroute.sip.endpoint import PEER

COLUMNS = "method, from_tag, to_tag, callid, sip_code, sip_reason, src_user, n, secs, usecs"
SCRIPT = """#!KAMAILIO
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "db_sqlite.so"
loadmodule "acc.so"
modparam("acc", "time_mode", MODE)
modparam("acc", "time_attr", "secs")
modparam("acc", "time_exten", "usecs")
modparam("acc", "db_url", "sqlite:///acc.db")
modparam("acc", "db_flag", 1)
modparam("acc", "failed_transaction_flag", 2)
modparam("acc", "db_extra", "src_user=$fU;n=$avp(none)")
request_route {
    setflag(1);
    setflag(2);
    if ($rU == "now") {
        acc_db_request("404 None", "missed_calls");
        acc_db_request("404 None", "nope");
        $var(code) = $rc;
        exit;
    }
    t_newtran();
    t_reply("486", "Busy here");
}
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "acc.db"
    columns = "id integer primary key, " + ", ".join(f"{name} varchar(128)" for name in COLUMNS.split(", ")) + ", time datetime"
    with sqlite3.connect(path) as connection:
        for table in ("acc", "missed_calls"):
            connection.execute(f"create table {table} ({columns})")
    return path


def run(folder: Path, user: str, mode: int = 0) -> list[Diag]:
    script = folder / "acc.cfg"
    script.write_text(SCRIPT)
    instance = start(load(script, defines={"MODE": str(mode)}), Options(world=World(folder=folder, write=True)))
    instance.receive(compose.request(PEER, ruri=f"sip:{user}@127.0.0.1", method="INVITE"))
    instance.stop()
    return [event for event in instance.events if isinstance(event, Diag)]


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        return list(connection.execute(f"select {COLUMNS} from {table}"))


def test_a_flag_has_the_answer_accounted(database: Path, tmp_path: Path) -> None:
    run(tmp_path, "later")
    assert [row[:1] + row[2:3] + row[4:8] for row in rows(database, "acc")] == [("INVITE", None, "486", "Busy Here", "alice", None)]
    assert rows(database, "missed_calls") == []


def test_at_once(database: Path, tmp_path: Path) -> None:
    said = [event.text for event in run(tmp_path, "now")]
    assert [row[4:8] for row in rows(database, "missed_calls")] == [("404", "None", "alice", None)]
    assert said[-1] == "failed to insert into database"


@pytest.mark.parametrize(("mode", "secs", "usecs"), [(0, None, None), (1, "1700000000", "0"), (2, "1700000000.000", None)])
def test_the_time_once_more(database: Path, tmp_path: Path, mode: int, secs: str | None, usecs: str | None) -> None:
    run(tmp_path, "later", mode)
    assert [row[8:] for row in rows(database, "acc")] == [(secs, usecs)]


def test_formatted_times(database: Path, tmp_path: Path) -> None:
    run(tmp_path, "later", 4)
    assert [row[8] for row in rows(database, "acc")] == ["2023-11-14 22:13:20"]
