"""An instance that is killed while it writes its tables back leaves the old content or the new one, never a part of either."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sroute.db import databases, schema
from sroute.runtime.world import World

ITEMS = 400
SCRIPT = """#!KAMAILIO
loadmodule "DRIVER.so"
loadmodule "htable.so"
modparam("htable", "db_url", "URL")
modparam("htable", "db_expires", 1)
modparam("htable", "htable", "h=>size=8;dbtable=htable;dbmode=1;autoexpire=1000")
request_route { exit; }
"""
WRITER = """
import sys
from pathlib import Path
from sroute.instance.api import load, start
from sroute.instance.options import Options
from sroute.runtime.world import World
folder, how, items = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
program = load(folder / "k.cfg")
generation = 0
while True:
    generation += 1
    instance = start(program, Options(world=World(folder, write=True), keep_events=False))
    for number in range(items):
        instance.rpc("htable.seti", ["h", f"k{number}", generation])
    if how == "store":
        instance.rpc("htable.store", ["h"])
    instance.stop()
    if generation == 1:
        print("written", flush=True)
"""


@pytest.mark.parametrize("how", ["store", "stop"])
@pytest.mark.parametrize(("driver", "form"), [("db_sqlite", "sqlite:///{}/t.db"), ("db_text", "text://{}/dbtext")])
def test_killed(tmp_path: Path, driver: str, form: str, how: str) -> None:
    url = form.format(tmp_path)
    schema.create(url, ["htable"])
    (tmp_path / "k.cfg").write_text(SCRIPT.replace("DRIVER", driver).replace("URL", url))
    generations = set()
    for delay in (0.0, 0.04, 0.09):
        command = [sys.executable, "-c", WRITER, str(tmp_path), how, str(ITEMS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[4]) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"written\n"
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        database = databases.opened(url, World(tmp_path), print)
        rows = list(database.query("htable", ("key_name", "key_type", "value_type", "key_value")))
        database.close()
        assert len(rows) == ITEMS
        assert {row[0] for row in rows} == {f"k{number}" for number in range(ITEMS)}
        assert {row[1:3] for row in rows} == {(0, 1)}
        assert len({row[3] for row in rows}) == 1
        generations.add(rows[0][3])
    assert generations
