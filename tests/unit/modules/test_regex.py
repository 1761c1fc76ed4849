"""regex: a file of groups outside of the script's folder is not read, and a call says so."""

from pathlib import Path

from sroute.instance.api import check
from sroute.instance.events import Failed
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World
from sroute.sip import compose
from sroute.sip.endpoint import PEER

SCRIPT = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "regex.so"
modparam("regex", "file", "%s")
request_route {
    pcre_match_group("abc", "0");
    xlog("$rc\\n");
}
"""


def run(file: Path, world: World) -> Instance:
    """One request for a script with that file of groups."""
    program, _ = check("script.cfg", SCRIPT % file)
    assert program is not None
    instance = Instance(program, Options(world=world))
    assert not instance.refused
    instance.receive(compose.request(PEER, ruri="sip:a@b"))
    return instance


def test_outside_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "groups").write_text("[0]\nabc\n", encoding="ascii")
    folder = tmp_path / "script"
    folder.mkdir()
    instance = run(tmp_path / "groups", World(folder=folder))
    assert instance.logs == []
    assert ["--allow-path" in event.finding.message for event in instance.events if isinstance(event, Failed)] == [True]


def test_allowed(tmp_path: Path) -> None:
    (tmp_path / "groups").write_text("[0]\nabc\n", encoding="ascii")
    folder = tmp_path / "script"
    folder.mkdir()
    instance = run(tmp_path / "groups", World(folder=folder, allow_paths=(tmp_path,)))
    assert instance.logs == ["1"]


def test_reload_takes_the_file_anew(tmp_path: Path) -> None:
    file = tmp_path / "groups"
    file.write_text("[0]\nxyz\n", encoding="ascii")
    instance = run(file, World(folder=tmp_path))
    file.write_text("[0]\nabc\n", encoding="ascii")
    assert instance.rpc("regex.reload", []) is None
    instance.receive(compose.request(PEER, ruri="sip:a@b"))
    assert instance.logs == ["-1", "1"]
