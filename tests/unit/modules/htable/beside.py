"""One database server, a real Kamailio and sroute, all in one network namespace: what each of the two says to the same script.

python -m tests.unit.modules.htable.beside mysql|postgres FOLDER; prints JSON.
"""

import json
import sys
from pathlib import Path

from sroute.db import databases, schema
from sroute.db.database import DbValue
from sroute.instance.options import Options
from sroute.runtime.world import World
from sroute.testing.expectations import read
from sroute.testing.runner import Setup, run
from tests.live.judge import judge
from tests.live.network import bring_up
from tests.unit.db.servers import running

Row = tuple[str, int, int, str, int]
ROWS: list[Row] = [
    ("b", 0, 1, "12", 0),
    ("arr", 1, 0, "x", 0),
    ("zz", 0, 0, "between 'quotes' and \\ and \"", 0),
    ("arr", 1, 1, "7", 0),
    ("dup", 0, 0, "first", 0),
    ("dup", 0, 0, "second", 0),
    ("Dup", 0, 0, "third", 0),
    ("badint", 0, 1, "abc", 0),
    ("large", 0, 1, "99999999999", 0),
    ("empty", 0, 0, "", 0),
    ("\xc3\xa9\xe6\x97\xa5", 0, 0, "\xc3\xbc \xf0\x9f\x98\x80", 0),
    ("past", 0, 0, "gone", 1_000_000_000),
    ("future", 0, 0, "stays", 2_000_000_000),
]
SCRIPT = """#!KAMAILIO
loadmodule "db_{driver}.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "db_url", "{url}")
modparam("htable", "db_expires", 1)
modparam("htable", "htable", "h=>size=3;dbtable=htable")
modparam("htable", "htable", "e=>size=3;dbtable=htable;autoexpire=1000")
modparam("htable", "htable", "c=>size=3;dbtable=htable;cols='key_name,key_type,key_value,expires'")
modparam("htable", "htable", "n=>size=3;dbtable=speed_dial;cols='username,sd_domain,sd_username'")
request_route {{
    xlog("$shtcn(h=>**) $shtcn(e=>**) $shtcn(c=>**) $shtcn(n=>**)\\n");
    xlog("$sht(h=>dup) $sht(h=>arr[1]) $sht(c=>zz) [$sht(e=>past)]\\n");
    $sht(h=>new) = "it's \\"new\\" \\\\ and : so on"; $sht(h=>b) = $null; $sht(h=>n) = -5;
}}
# rpc: htable.dump h
# rpc: htable.dump c
# rpc: htable.store h
# rpc: htable.flush h
# rpc: htable.reload h
# rpc: htable.dump h
# rpc: htable.reload c
# rpc: htable.dump c
"""


def main() -> None:
    """Fills the database, asks the real one, fills it again, asks sroute."""
    engine, folder = sys.argv[1], Path(sys.argv[2])
    bring_up()
    with running(engine, folder) as url:
        schema.create(url)
        (folder / "case").mkdir()
        path = folder / "case" / "case.cfg"
        path.write_text(SCRIPT.format(driver=engine, url=url))
        case = read(path)
        world = World(folder, write=True, allow_net=True)
        _fill(url, world)
        real = judge(case)
        after = _rows(url, world)
        _fill(url, world)
        ours = run(case, Setup(Options(world=world)))
        print(
            json.dumps(
                {
                    "real": {
                        "started": real.started,
                        "log": [line.text for line in real.log.script],
                        "rpc": [text for _, text in real.rpc],
                        "rows": after,
                    },
                    "ours": {
                        "started": not ours.refused,
                        "log": list(ours.log),
                        "rpc": list(ours.rpc),
                        "rows": _rows(url, world),
                    },
                }
            )
        )


def _fill(url: str, world: World) -> None:
    database = databases.opened(url, world, print)
    names = ("key_name", "key_type", "value_type", "key_value", "expires")
    with database.transaction():
        database.delete("htable")
        database.delete("speed_dial")
        database.insert_all("htable", [dict(zip(("id", *names), (number, *row), strict=True)) for number, row in enumerate(ROWS, 1)])
        empty = schema.defaults(schema.layouts()["speed_dial"])
        database.insert("speed_dial", empty | {"username": "alice", "sd_username": "12"})
    database.close()


def _rows(url: str, world: World) -> list[list[DbValue]]:
    database = databases.opened(url, world, print)
    found = [list(row) for row in database.query("htable", ("key_name", "key_type", "value_type", "key_value", "expires"), order="id")]
    database.close()
    return found


if __name__ == "__main__":
    main()
