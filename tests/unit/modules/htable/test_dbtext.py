"""Tables in db_text directories against what Kamailio 5.6.3 read from them and wrote to them."""

import json
from pathlib import Path
from typing import Any

import pytest

from sroute.errors import ScriptError
from sroute.instance.api import load, start
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World
from tests.unit.modules.htable.test_facts import MESSAGE

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parents[3] / "data" / "htable" / "dbtext.json").read_text(encoding="utf-8"))


def started(recorded: dict[str, Any], folder: Path) -> Instance:
    for name, text in recorded["files"].items():
        (folder / name).write_bytes(text.encode())
    text = recorded["script"].replace("@DBDIR@", str(folder)).encode().decode("latin-1")
    return start(load(folder / "kamailio.cfg", text), Options(world=World(folder, write=True)))


@pytest.mark.parametrize("recorded", [r for r in RECORDED if r["starts"]], ids=lambda r: r["id"])
def test_read_and_written(recorded: dict[str, Any], tmp_path: Path) -> None:
    instance = started(recorded, tmp_path)
    instance.receive(MESSAGE)
    assert [text.encode("latin-1").decode() for text in instance.logs] == recorded["log"]
    instance.stop()
    for name, text in recorded.get("files_after", recorded["files"]).items():
        assert (tmp_path / name).read_bytes().decode() == text


@pytest.mark.parametrize("recorded", [r for r in RECORDED if not r["starts"]], ids=lambda r: r["id"])
def test_unreadable(recorded: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="module htable does not start"):
        started(recorded, tmp_path)
