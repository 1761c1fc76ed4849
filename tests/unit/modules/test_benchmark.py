"""benchmark on the virtual clock: time passes between messages only, and exactly."""

from sroute.instance.api import check
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.sip import compose
from sroute.sip.endpoint import PEER

SCRIPT = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "benchmark.so"
modparam("benchmark", "enable", 1)
modparam("benchmark", "granularity", 2)
modparam("benchmark", "loglevel", -1)
request_route {
    bm_log_timer("t");
    xlog("$BM_time_diff\\n");
    bm_start_timer("t");
}
"""


def test_time_between_messages_is_measured() -> None:
    program, _ = check("script.cfg", SCRIPT)
    assert program is not None
    instance = Instance(program)
    message = compose.request(PEER, ruri="sip:a@b")
    instance.rpc("benchmark.enable_global", [-1])
    instance.receive(message)
    instance.rpc("benchmark.enable_global", [1])
    for seconds in (0, 3, 1):
        instance.advance(seconds)
        instance.receive(message)
    assert instance.logs[0] == "0"
    assert instance.logs[2:] == ["3000000", "1000000"]
    told = [event.text for event in instance.events if isinstance(event, Diag) and event.source == "benchmark"]
    assert len(told) == 1
    assert told[0].startswith("benchmark (timer t [0]): 1 [ msgs/total/min/max/avg - LR: 2/")
    shown = instance.rpc("benchmark.timer_name_list", ["t"])
    assert isinstance(shown, dict)
    assert (shown["calls"], shown["period_min"], shown["global_min"]) == (3, 3000000, 1000000)
