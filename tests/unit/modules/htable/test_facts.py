"""What was observed of htable in a running Kamailio 5.6.3, replayed: scripts, messages, waits, RPC, database files.

`expect_master`, where a fact has it, was observed in the development branch after 6.1.
"""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sroute.dialect import DEFAULT, DIALECTS, Dialect
from sroute.errors import ScriptError
from sroute.exports.rpc import RpcFault, json_arguments
from sroute.instance.api import load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World
from sroute.source.diagnostic import Diagnostic

Fact = dict[str, Any]

MESSAGE = (
    "OPTIONS sip:alice@example.com SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bK1\nFrom: <sip:bob@example.com>;tag=1\n"
    "To: <sip:alice@example.com>\nCall-ID: c1@x\nCSeq: 1 OPTIONS\nMax-Forwards: 70\nContent-Length: 0\n\n"
)
FACTS: list[Fact] = json.loads((Path(__file__).parents[3] / "data" / "htable" / "facts.json").read_text(encoding="utf-8"))
SCRIPTS = [fact for fact in FACTS if not fact["id"].startswith("kemi-")]
NEWER = [fact for fact in SCRIPTS if "expect_master" in fact]
UNKNOWN = "htable.nosuch"
"""A method that does not exist: what is said of it is the transport's business. It comes last where it is called."""
# Where 5.6.3 loses what is in the database, sroute keeps it and says so: what is there afterwards instead.
KEPT: dict[str, object] = {
    "dbtext-writeback-lost": {
        "htable": "id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) expires(int)\n"
        "5:a:0:0:va\\:l:0\n7:i:0:1:42:0\n8:arr:1:0:e0:0\n"
    },
    "sqlite-empty-writeback": [(1, "new", 0, 1, "-7", 0)],
    "sqlite-cols-store": [("k1", "x", 1, "z")],
}


class Replay:
    """One fact in sroute: the folder stands for both placeholders."""

    def __init__(self, fact: Fact, folder: Path, dialect: Dialect) -> None:
        self.fact = fact
        self.folder = folder
        for name, text in fact.get("files", {}).items():
            (folder / name).write_text(text, encoding="utf-8")
        if "sql" in fact:
            self.sql(*fact["sql"])
        text = fact["script"].replace("@DBDIR@", str(folder)).replace("@DIR@", str(folder))
        program = load(folder / "kamailio.cfg", text.encode().decode("latin-1"), dialect=dialect)
        self.instance: Instance = start(program, Options(world=World(folder, write=True)))

    def sql(self, *statements: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "t.db")) as db:
            rows = [db.execute(statement).fetchall() for statement in statements]
            db.commit()
        return rows[-1]

    def step(self, step: dict[str, Any]) -> object:
        if "send" in step:
            self.instance.receive(MESSAGE)
        elif "sleep" in step:
            self.instance.advance(step["sleep"])
        elif "sql" in step:
            self.sql(step["sql"])
        elif "kamcmd" in step:
            return self.instance.rpc_line(" ".join(step["kamcmd"])).text
        else:
            return self.json(step["jsonrpc"])
        return None

    def json(self, request: dict[str, Any]) -> dict[str, object]:
        try:
            return {"result": self.instance.rpc(request["method"], json_arguments(request.get("params")))}
        except RpcFault as fault:
            return {"error": {"code": fault.code, "message": fault.message}}

    def complaints(self) -> list[str]:
        return [
            event.text for event in self.instance.events if isinstance(event, Diag) and event.source == "htable" and event.level == "ERROR"
        ]

    def files(self) -> dict[str, str]:
        return {name: (self.folder / name).read_text(encoding="utf-8") for name in self.fact["files_after"]}


def undated(reply: object) -> object:
    return re.sub(r"expire: \d{4}-\S+ \S+", "expire: (a date)", reply) if isinstance(reply, str) else reply


def replay(fact: Fact, expected: dict[str, Any], folder: Path, dialect: Dialect, kept: object = None) -> Replay:
    made = Replay(fact, folder, dialect)
    replies = [undated(made.step(step)) for step in fact["steps"] if step.get("jsonrpc", {}).get("method") != UNKNOWN]
    assert made.instance.logs == expected["log"]
    assert replies == [undated(reply) for reply in expected.get("replies", [None] * len(replies))][: len(replies)]
    if "module_log" in expected:
        assert made.complaints() == expected["module_log"]
    made.instance.stop()
    if "files_after" in expected:
        assert made.files() == (kept or expected["files_after"])
    if "sql_result" in expected:
        assert made.sql(fact["sql_after"]) == (kept or [tuple(row) for row in expected["sql_result"]])
    return made


@pytest.mark.parametrize("fact", [fact for fact in SCRIPTS if fact["expect"]["starts"]], ids=lambda fact: fact["id"])
def test_fact(fact: Fact, tmp_path: Path) -> None:
    made = replay(fact, fact["expect"], tmp_path, DEFAULT, KEPT.get(fact["id"]))
    if fact["id"] in KEPT:
        assert any("Kamailio" in event.text for event in made.instance.events if isinstance(event, Diag))


@pytest.mark.parametrize("fact", [fact for fact in SCRIPTS if not fact["expect"]["starts"]], ids=lambda fact: fact["id"])
def test_refused(fact: Fact, tmp_path: Path) -> None:
    with pytest.raises(ScriptError) as refused:
        Replay(fact, tmp_path, DEFAULT)
    said = " ".join(finding.message for finding in refused.value.findings if isinstance(finding, Diagnostic))
    assert [text for text in fact["expect"]["startup_errors"] if text not in said] == []


@pytest.mark.parametrize("fact", NEWER, ids=lambda fact: fact["id"])
def test_newer(fact: Fact, tmp_path: Path) -> None:
    replay(fact, fact["expect_master"], tmp_path, DIALECTS["dev"])
