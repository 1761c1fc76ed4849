"""What a transaction keeps goes with it."""

from pathlib import Path

from sroute.modules.tm.binding import Tm
from sroute.runtime.xavp import Data
from tests.unit.modules.tm.calls import Proxy

SCRIPT = """
modparam("tm", "wt_timer", 2000)
request_route {
    $xavp(a=>b) = 1;
    t_newtran();
    t_reply("404", "No");
}
"""


def test_data_is_released_with_its_transaction(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, SCRIPT)
    proxy.request("OPTIONS")
    state = proxy.instance.state("tm")
    assert isinstance(state, Tm)
    (slot,) = state.table.values()
    released: list[object] = []
    slot[0].xavps.add("own", Data("payload", released.append))
    proxy.advance(1.9)
    assert not released
    proxy.advance(0.2)
    assert released == ["payload"]
    assert not state.table
