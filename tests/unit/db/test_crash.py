"""A process that is killed while it writes leaves the old content or the new one, never a part."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sroute.db import databases, schema
from sroute.runtime.world import World

ROWS = 400
WRITER = """
import sys
from pathlib import Path
from sroute.db import databases
from sroute.runtime.world import World
url, rows = sys.argv[1], int(sys.argv[2])
db = databases.opened(url, World(Path("/"), write=True), print)
generation = 0
while True:
    generation += 1
    with db.transaction():
        db.delete("htable")
        db.insert_all("htable", [
            {"key_name": f"k{n}", "key_type": 0, "value_type": 1, "key_value": str(generation), "expires": 0} for n in range(rows)
        ])
    if generation == 1:
        print("written", flush=True)
"""


@pytest.mark.parametrize("form", ["sqlite:///{}/t.db", "text://{}/dbtext"])
def test_kill(tmp_path: Path, form: str) -> None:
    url = form.format(tmp_path)
    schema.create(url, ["htable"])
    for delay in (0.0, 0.05, 0.11, 0.17):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(ROWS)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        db = databases.opened(url, World(tmp_path), print)
        found = [row[0] for row in db.query("htable", ("key_value",))]
        db.close()
        assert len(found) == ROWS
        assert len(set(found)) == 1
