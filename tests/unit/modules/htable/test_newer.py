"""What came after 5.6.3: automatic reloads, the commands that ask other nodes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sroute.dialect import DEFAULT, DIALECTS, Dialect
from sroute.errors import ScriptError
from sroute.exports.rpc import RpcFault
from sroute.instance.api import load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.clock import VirtualClock
from sroute.runtime.world import World
from sroute.scenario.cluster import Cluster, Make
from sroute.sip.endpoint import Endpoint
from tests.unit.modules.htable.test_content import TABLE

DEV = DIALECTS["dev"]
RELOADED = """#!KAMAILIO
loadmodule "db_sqlite.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "db_url", "sqlite:///t.db")
modparam("htable", "timer_interval", 10)
modparam("htable", "htable", "h=>size=2;dbtable=htable;reloadat=30")
modparam("htable", "htable", "never=>size=2;dbtable=htable")
modparam("htable", "htable", "timer=>size=2;autoexpire=5")
request_route { exit; }
event_route[htable:reloaded:h] { xlog("reloaded: $sht(h=>k)\\n"); }
event_route[htable:reloaded:never] { xlog("not this one\\n"); }
"""


class Database:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sql(TABLE)
        self.sql("INSERT INTO htable (key_name, key_value) VALUES ('k', '1')")

    def sql(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / "t.db")) as db:
            db.execute(statement)
            db.commit()

    def started(self, text: str = RELOADED) -> Instance:
        return start(load(self.folder / "k.cfg", text, dialect=DEV), Options(world=World(self.folder)))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path)


def test_a_table_is_loaded_again_at_the_first_run_of_the_timer_and_then_every_so_many_seconds(database: Database) -> None:
    instance = database.started()
    database.sql("UPDATE htable SET key_value = '2'")
    instance.advance(9)
    assert instance.value("$sht(h=>k)") == "1"
    instance.advance(2)
    assert instance.logs == ["reloaded: 2"]
    database.sql("UPDATE htable SET key_value = '3'")
    instance.advance(28)
    assert instance.value("$sht(h=>k)") == "2"
    instance.advance(10)
    assert instance.logs == ["reloaded: 2", "reloaded: 3"]
    assert instance.value("$sht(never=>k)") == "1"


def test_without_a_table_that_expires_there_is_no_timer(database: Database) -> None:
    instance = database.started(RELOADED.replace(";autoexpire=5", ""))
    instance.advance(100)
    assert instance.logs == []


def test_a_reload_that_fails_keeps_the_content_and_is_tried_again(database: Database) -> None:
    instance = database.started()
    database.sql("ALTER TABLE htable RENAME TO gone")
    instance.advance(11)
    assert instance.value("$sht(h=>k)") == "1"
    assert any(event.level == "ERROR" and "no such table" in event.text for event in instance.events if isinstance(event, Diag))
    database.sql("ALTER TABLE gone RENAME TO htable")
    instance.advance(30)
    assert instance.logs == ["reloaded: 1"]


@pytest.mark.parametrize("dialect", [DEFAULT, DIALECTS["6.1"]], ids=lambda dialect: dialect.name)
def test_older_versions_do_not_know_reloadat(tmp_path: Path, dialect: Dialect) -> None:
    with pytest.raises(ScriptError) as refused:
        start(load(tmp_path / "k.cfg", RELOADED, dialect=dialect))
    assert "invalid htable parameter" in str(refused.value)


NODE = """
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "dmq.so"
loadmodule "htable.so"
modparam("dmq", "server_address", "sip:127.0.0.1:PORT")
modparam("dmq", "notification_address", "sip:127.0.0.1:5061")
modparam("htable", "enable_dmq", 1)
modparam("htable", "htable", "r=>size=4;dmqreplicate=1")
modparam("htable", "htable", "p=>size=4;dmqreplicate=1")
request_route { if ($rm == "KDMQ") { dmq_handle_message(); } exit; }
"""


def maker(port: int) -> Make:
    text = NODE.replace("PORT", str(port))
    if port == 5061:
        text = text.replace('modparam("dmq", "notification_address", "sip:127.0.0.1:5061")\n', "")
    program = load(Path("k.cfg"), text, dialect=DEV)
    return lambda clock: start(program, Options(listen=Endpoint("udp", "127.0.0.1", port)), clock=clock)


@pytest.fixture
def pair() -> Cluster:
    """Two nodes; what was set at the one while they were apart is not at the other."""
    made = Cluster({"a": maker(5061), "b": maker(5062)})
    made.advance(2)
    made.stop("b")
    for table in ("r", "p"):
        made["a"].rpc("htable.sets", [table, "k", "v"])
    made.advance(35)  # longer than a request is sent again
    made.start("b")
    made.advance(2)
    made["b"].rpc("htable.sets", ["r", "old", "w"])
    return made


def asked(instance: Instance) -> list[str]:
    bodies = [sent.message.partition("\r\n\r\n")[2] for sent in instance.sent]
    return [body for body in bodies if body.startswith('{"action":1')]


def test_dmqsync_of_a_table(pair: Cluster) -> None:
    assert pair["b"].rpc_line("htable.dmqsync r").text == "Ok\n"
    pair.advance(2)
    assert asked(pair["b"]) == ['{"action":1,"htname":"r"}']
    assert pair["b"].tables() == {"r": {"k": "v", "old": "w"}, "p": {}}


def test_dmqsync_of_all_tables(pair: Cluster) -> None:
    assert pair["b"].rpc_line("htable.dmqsync").text == "Ok\n"
    pair.advance(2)
    assert asked(pair["b"]) == ['{"action":1}']
    assert pair["b"].tables() == {"r": {"k": "v", "old": "w"}, "p": {"k": "v"}}


def test_dmqresync_forgets_first(pair: Cluster) -> None:
    assert pair["b"].rpc_line("htable.dmqresync r").text == "Ok\n"
    assert pair["b"].tables()["r"] == {}
    pair.advance(2)
    assert pair["b"].tables()["r"] == {"k": "v", "old": "w"}, "what b had set was replicated to a"


FAULTS = {
    "htable.dmqsync nope": "No such htable",
    "htable.dmqresync nope": "No such htable",
    "htable.dmqresync": "No htable name given",
}


@pytest.mark.parametrize(("command", "fault"), FAULTS.items())
def test_faults_of_dmqsync(pair: Cluster, command: str, fault: str) -> None:
    assert pair["b"].rpc_line(command).text == f"error: 500 - {fault}\n"


@pytest.mark.parametrize("command", ["htable.dmqsync", "htable.dmqsync a", "htable.dmqresync a"])
def test_without_dmq_nothing_is_lost(tmp_path: Path, command: str) -> None:
    text = 'loadmodule "pv.so"\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=4")\nrequest_route { exit; }\n'
    instance = start(load(tmp_path / "k.cfg", text, dialect=DEV))
    instance.assign("$sht(a=>k)", 1)
    with pytest.raises(RpcFault, match="HTable DMQ Sync Failed"):
        instance.rpc(command.split(maxsplit=1)[0], command.split()[1:])
    assert instance.tables() == {"a": {"k": 1}}


def test_a_set_that_is_older_than_what_is_there_is_left_out() -> None:
    """The time of the last write counts, in tables with dmqreplicate; a set without it is always applied."""
    instance = maker(5061)(VirtualClock())
    now = int(instance.clock.now() * 1000)
    told = [(now, 1, 1), (now, 2, 1), (now - 5, 3, 1), (now + 1, 4, 4), (None, 5, 5), (now + 1, 6, 5), (now + 2, 7, 7)]
    for when, value, expected in told:
        stamp = "" if when is None else f',"last_modified":{when}'
        body = f'{{"action":2,"htname":"p","cname":"k","type":0,"intval":{value}{stamp},"mode":1}}'
        instance.receive(message(body), Endpoint("udp", "127.0.0.1", 5070))
        assert instance.sent[-1].message.startswith("SIP/2.0 200 OK\r\n")
        assert instance.tables()["p"]["k"] == expected


def test_a_local_write_is_later_than_what_is_there() -> None:
    instance = maker(5061)(VirtualClock())
    ahead = int(instance.clock.now() * 1000) + 60_000
    body = '{{"action":2,"htname":"p","cname":"k","type":0,"intval":{},"last_modified":{},"mode":1}}'
    instance.receive(message(body.format(1, ahead)), Endpoint("udp", "127.0.0.1", 5070))
    instance.assign("$sht(p=>k)", 2)
    instance.receive(message(body.format(3, ahead + 1)), Endpoint("udp", "127.0.0.1", 5070))
    assert instance.tables()["p"] == {"k": 2}
    instance.receive(message(body.format(3, ahead + 2)), Endpoint("udp", "127.0.0.1", 5070))
    assert instance.tables()["p"] == {"k": 3}


def message(body: str) -> str:
    lines = [
        "KDMQ sip:htable@127.0.0.1:5061 SIP/2.0",
        "Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1",
        "From: <sip:htable@127.0.0.1:5070>;tag=1",
        "To: <sip:htable@127.0.0.1:5061>",
        "Call-ID: one",
        "CSeq: 10 KDMQ",
        "Max-Forwards: 1",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + body
