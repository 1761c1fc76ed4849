"""MariaDB and PostgreSQL behind htable: a real Kamailio and sroute load, store and load again the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import namespace
from tests.unit.db import servers

ROOT = Path(__file__).resolve().parents[4]


def why_not(engine: str) -> str:
    module = next(Path("/usr/lib").glob(f"*/kamailio/modules/db_{engine}.so"), None)
    return servers.missing(engine) or namespace.missing() or ("" if module else f"Kamailio's db_{engine} is not installed")


@pytest.mark.live
@pytest.mark.xdist_group("db-servers")
@pytest.mark.parametrize("engine", ["mysql", "postgres"])
def test_beside_the_real_one(engine: str, tmp_path: Path) -> None:
    if reason := why_not(engine):
        pytest.skip(reason)
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    command = [*unshare, sys.executable, "-m", "tests.unit.modules.htable.beside", engine, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["real"]["started"]
    assert answer["ours"] == answer["real"]
