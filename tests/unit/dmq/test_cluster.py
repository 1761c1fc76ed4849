import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sroute.cli.cluster import cluster
from sroute.errors import UsageError
from sroute.scenario import plan as plans

SCRIPT = """
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "dmq.so"
loadmodule "htable.so"
modparam("dmq", "server_address", NODE_ADDRESS)
#!ifndef NODE_a
modparam("dmq", "notification_address", "sip:127.0.0.1:5061")
#!endif
modparam("htable", "enable_dmq", 1)
modparam("htable", "htable", "r=>size=4;dmqreplicate=1")
request_route { if ($rm == "KDMQ") { dmq_handle_message(); } $sht(r=>$ci) = NODE_NAME; exit; }
"""
PLAN = """
script = "node.cfg"
[network]
delay = [0.001, 0.1]
[nodes]
a = "udp:127.0.0.1:5061"
b = "udp:127.0.0.1:5062"
[[steps]]
advance = 5
"""
MESSAGE = """OPTIONS sip:x@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1
From: <sip:a@127.0.0.1>;tag=1
To: <sip:x@127.0.0.1>
Call-ID: one
CSeq: 1 OPTIONS
Content-Length: 0

"""


def played(folder: Path, steps: str, *options: str) -> tuple[int, str]:
    (folder / "node.cfg").write_text(SCRIPT)
    (folder / "m.sip").write_text(MESSAGE)
    (folder / "nodes.toml").write_text(PLAN + steps)
    done = CliRunner().invoke(cluster, [str(folder / "nodes.toml"), *options], standalone_mode=False)
    assert done.exception is None
    return done.return_value, done.output


def test_nodes_that_agree(tmp_path: Path) -> None:
    steps = '[[steps]]\nnode = "a"\nsend = "m.sip"\n[[steps]]\nadvance = 5\n[[steps]]\nnode = "b"\nrpc = "htable.dump r"\n'
    status, output = played(tmp_path, steps)
    assert status == 0
    assert "name: one\n\t\t\tvalue: a\n" in output
    assert output.endswith("all 2 nodes agree\n")


def test_a_partition_that_is_not_healed_in_time(tmp_path: Path) -> None:
    steps = '[[steps]]\npartition = [["a"], ["b"]]\n[[steps]]\nnode = "b"\nrpc = "htable.seti r k 5"\n'
    assert played(tmp_path, steps) == (1, "b: htable.seti r k 5\nOk. Key set to new value.\nr=>k: a has none, b 5\n")
    status, output = played(tmp_path, steps, "--json")
    assert (status, json.loads(output)) == (1, {"r": {"k": {"a": None, "b": 5}}})
    assert played(tmp_path, steps + "[[steps]]\nadvance = 3\n[[steps]]\npartition = []\n")[0] == 0


def test_a_node_that_is_started_anew_has_forgotten(tmp_path: Path) -> None:
    steps = '[[steps]]\nnode = "b"\nrpc = "htable.seti r k 5"\n[[steps]]\nadvance = 3\n[[steps]]\nstop = "b"\n[[steps]]\nstart = "b"\n'
    assert played(tmp_path, steps)[1].endswith("r=>k: a 5, b has none\n")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x = 1",
        PLAN.replace("delay = [0.001, 0.1]", "delay = [2, 1]"),
        PLAN.replace("advance = 5", "advance = -1"),
        PLAN.replace("advance = 5", 'rpc = "x"'),
        PLAN.replace("advance = 5", 'stop = "z"'),
        PLAN.replace("advance = 5", 'partition = [["z"]]'),
        PLAN.replace("udp:127", "!:127"),
        PLAN.replace("[network]", "[network]\nloss = 2"),
    ],
)
def test_a_plan_that_can_not_be_used_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "nodes.toml").write_text(text)
    with pytest.raises(UsageError):
        plans.read(tmp_path / "nodes.toml")
