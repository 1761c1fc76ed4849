"""Commands of the core and of cfg_rpc, as kamcmd shows those of the real Kamailio 5.6.3: `core_rpc.json` is what it answered."""

import json
import re
from pathlib import Path

import pytest

from sroute.instance.api import load, start
from sroute.instance.instance import Instance

RECORDED = json.loads((Path(__file__).parent / "core_rpc.json").read_text())
SCRIPT = """#!KAMAILIO
listen=udp:127.0.0.1:15060
alias=example.org
children=1
loadmodule "ctl.so"
loadmodule "cfg_rpc.so"
loadmodule "kex.so"
loadmodule "corex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "jsonrpcs.so"
loadmodule "htable.so"
loadmodule "xlog.so"
modparam("htable", "htable", "a=>size=4")
modparam("pv", "shvset", "x=i:5")
modparam("tm", "fr_timer", 3000)
mine.lev = 7 desc "A level"
mine.nam = "bob" desc "A name"
request_route { sl_send_reply("200","OK"); }
"""
NAMES = re.compile(r"^\t*(\w+):", re.M)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return start(load(tmp_path / "k.cfg", SCRIPT))


@pytest.mark.parametrize("command", RECORDED["exact"])
def test_answers_are_those_of_the_real_one(instance: Instance, command: str) -> None:
    assert instance.rpc_line(command).text == RECORDED["exact"][command]


@pytest.mark.parametrize("command", RECORDED["shape"])
def test_answers_with_times_and_processes_have_the_same_members(instance: Instance, command: str) -> None:
    ours, theirs = NAMES.findall(instance.rpc_line(command).text), NAMES.findall(RECORDED["shape"][command])
    assert list(dict.fromkeys(ours)) == list(dict.fromkeys(theirs))
