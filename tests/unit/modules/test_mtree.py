"""mtree: the sizes that mtree.summary tells, as 5.6.3 counts them."""

from pathlib import Path

from sroute.instance.api import check
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World

SCRIPT = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "db_sqlite.so"
loadmodule "mtree.so"
modparam("mtree", "db_url", "sqlite:///trees.sqlite")
modparam("mtree", "mtree", "name=plain;dbtable=mtree;type=0")
modparam("mtree", "mtree", "name=w;dbtable=weights;type=1")
modparam("mtree", "mtree", "name=n;dbtable=numbers;type=2")
modparam("mtree", "mt_allow_duplicates", 1)
request_route {
    exit;
}
"""
TREES = Path(__file__).parents[2] / "spec" / "mtree"


def test_summary() -> None:
    program, _ = check("script.cfg", SCRIPT)
    assert program is not None
    instance = Instance(program, Options(world=World(folder=TREES)))
    assert not instance.refused
    shown = instance.rpc("mtree.summary", [])
    assert isinstance(shown, list)
    sizes = {row["table"]: tuple(row["item"][name] for name in ("ttype", "memsize", "nrnodes", "nritems", "reload_count")) for row in shown}
    assert list(sizes.items()) == [("n", (2, 1440, 6, 0, 1)), ("w", (1, 1468, 6, 6, 1)), ("plain", (0, 1462, 6, 5, 1))]
    instance.rpc("mtree.reload", ["w"])
    again = instance.rpc("mtree.summary", ["w"])
    assert isinstance(again, list)
    assert again[0]["item"]["reload_count"] == 2
