"""Repeatable oddities of 5.6.3 are imitated, and a note names their fix."""

from pathlib import Path

from sroute.dialect import DIALECTS
from sroute.instance.api import load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from tests.unit.modules.htable.test_facts import MESSAGE

SCRIPT = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "htable", "a=>size=4;autoexpire=10;updateexpire=0;")
modparam("htable", "timer_interval", 3600)
request_route {
    xlog("L_ERR", "$sht(a=>x) $shtcn(a=>x)\\n");
    $sht(a=>x) = "new";
    xlog("L_ERR", "$sht(a=>x)\\n");
}
"""


def run(folder: Path, *, newer: bool) -> Instance:
    instance = start(load(folder / "k.cfg", SCRIPT, dialect=DIALECTS["dev"]) if newer else load(folder / "k.cfg", SCRIPT))
    instance.rpc("htable.sets", ["a", "x", "old"])
    instance.advance(20)
    instance.receive(MESSAGE)
    return instance


def notes(instance: Instance) -> list[str]:
    return [event.text for event in instance.events if isinstance(event, Diag) and event.note]


def test_what_is_written_to_an_expired_item_is_lost(tmp_path: Path) -> None:
    instance = run(tmp_path, newer=False)
    assert instance.logs == ["<null> 1", "<null>"]
    assert [text for text in notes(instance) if "what is written is lost (fixed in 5.8.6)" in text]
    assert [text for text in notes(instance) if "are counted in Kamailio 5.6.3 (fixed in 5.8.5)" in text]


def test_later_versions_have_neither(tmp_path: Path) -> None:
    instance = run(tmp_path, newer=True)
    assert instance.logs == ["<null> 0", "new"]
    assert notes(instance) == []
