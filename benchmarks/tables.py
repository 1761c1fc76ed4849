"""htable with many items: the same rows in both, as processor time of the process that does the work (other load does not count)."""

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import real
from sroute.instance.api import load, start
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World
from sroute.sip import compose
from sroute.sip.endpoint import LOCAL, PEER
from tests.live import network
from tests.live.server import Server, Stuck

ITEMS = 100_000
MILLION = 1_000_000
TRIES = 3
STEPS = 10**9
PATIENCE = 10
"""How often 20 seconds are waited for a row."""
LIFE, SCAN = 1, 4
"""Seconds that the items of the expiring tables live, and between two scans."""
HEAD = f"""#!KAMAILIO
loadmodule "db_sqlite.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "jsonrpcs.so"
loadmodule "htable.so"
modparam("jsonrpcs", "pretty_format", 0)
modparam("htable", "db_url", "sqlite:///items.db")
modparam("htable", "fetch_rows", 1000)
modparam("htable", "timer_interval", {SCAN})
modparam("htable", "timer_procs", 1)
modparam("htable", "htable", "t=>size=14")
modparam("htable", "htable", "d=>size=14;dbtable=htable")
modparam("htable", "htable", "quiet=>size=14;autoexpire={LIFE}")
modparam("htable", "htable", "loud=>size=14;autoexpire={LIFE}")
modparam("htable", "htable", "ten=>size=4")
modparam("htable", "htable", "million=>size=18")
max_while_loops=0
event_route[htable:expired:loud] {{ $sht(ten=>gone) = $sht(ten=>gone) + 1; }}
request_route {{
"""
EXECUTED = """jsonrpc_exec('{{"jsonrpc": "2.0", "method": "{}", "params": ["{}"], "id": 1}}');"""
LAYOUT = (
    "CREATE TABLE htable (id INTEGER PRIMARY KEY NOT NULL, key_name VARCHAR(64) NOT NULL, key_type INTEGER NOT NULL, "
    "value_type INTEGER NOT NULL, key_value VARCHAR(128) NOT NULL, expires INTEGER NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, what the script does, and for how many items the time is divided."""

    name: str
    body: str
    items: int = 1


def _each(body: str, count: int = ITEMS) -> str:
    return f"$var(i) = 0; while ($var(i) < {count}) {{ {body} $var(i) = $var(i) + 1; }}"


def _around(items: int) -> str:
    """Items all over the million, or only ten of them, with keys of the same length: 7919 is prime."""
    first = 100_000 if items < ITEMS else 0
    return _each(f"$var(k) = ($var(i) * 7919) mod {items} + {first}; $sht(million=>k$var(k)) = $var(i); $var(x) = $sht(million=>k$var(k));")


ROWS = (
    Row("set, each of 100,000", _each("$sht(t=>k$var(i)) = $var(i);"), ITEMS),
    Row("get, each of 100,000", _each("$var(x) = $sht(t=>k$var(i));"), ITEMS),
    Row("count 100,000 by a regex", "$var(x) = $shtcn(t=>^k1.*5$$);"),
    Row(
        "iterate, each of 100,000",
        'sht_iterator_start("i", "t"); while (sht_iterator_next("i")) { $var(x) = $shtitval(i); } sht_iterator_end("i");',
        ITEMS,
    ),
    Row("dump 100,000 (htable.dump)", EXECUTED.format("htable.dump", "t")),
    Row("load 100,000 rows from SQLite (htable.reload)", EXECUTED.format("htable.reload", "d")),
)
FILLS = (
    Row("expire 100,000", _each('$sht(quiet=>k$var(i)) = "v";')),
    Row("expire 100,000, each with its event route", _each('$sht(loud=>k$var(i)) = "v";')),
)
TEN = Row("set and get in a table of ten items", _around(10), ITEMS)
MANY = Row("set and get in a table of a million items", _around(MILLION), ITEMS)
FILL = Row("fill", _each("$sht(million=>k$var(i)) = $var(i);", MILLION))
ALL = (*ROWS, *FILLS, TEN, FILL, MANY)
SCRIPT = HEAD + "".join(f'if ($hdr(X-Row) == "{n}") {{ {row.body} exit; }}\n' for n, row in enumerate(ALL)) + "}\n"
Times = dict[str, float]
"""Seconds by row; and bytes an item."""
BYTES = "bytes an item"


def _prepared(folder: Path) -> Path:
    """A folder with the script and the database."""
    with closing(sqlite3.connect(folder / "items.db")) as db:
        db.execute(LAYOUT)
        rows = ((f"key{n}", f"value {n}") for n in range(ITEMS))
        db.executemany("INSERT INTO htable (key_name, key_type, value_type, key_value, expires) VALUES (?, 0, 0, ?, 0)", rows)
        db.commit()
    script = folder / "tables.cfg"
    script.write_text(SCRIPT.replace("items.db", f"{folder}/items.db"))
    return script


# ---------------------------------------------------------------- sroute


def in_sroute() -> Times:
    """All rows in a process of its own, so that its memory tells what a million items take."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.tables"], capture_output=True, text=True, check=True)
    found: Times = json.loads(done.stdout)
    return found


def _measured() -> Times:
    with tempfile.TemporaryDirectory() as folder:
        script = _prepared(Path(folder))
        instance = start(load(script), Options(max_steps=STEPS, keep_events=False, world=World(Path(folder))))
        found = {TEN.name: _best(instance, TEN)}
        before = resident()
        _once(instance, FILL)
        found[BYTES] = (resident() - before) / MILLION - _payload()
        found |= {row.name: _best(instance, row) for row in (MANY, *ROWS)}
        for row in FILLS:
            _once(instance, row)
            found[row.name] = _seconds(lambda: instance.advance(LIFE + 2 * SCAN))
    return found


def _payload() -> float:
    """Bytes of the key and the value of an item of the million, on average: values are integers of four bytes."""
    return sum(len(f"k{n}") for n in range(MILLION)) / MILLION + 4


def resident() -> int:
    """Bytes of memory that the process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _best(instance: Instance, row: Row) -> float:
    return min(_once(instance, row) for _ in range(TRIES))


def _once(instance: Instance, row: Row) -> float:
    message = compose.request(PEER, ruri="sip:alice@127.0.0.1:5060", headers=(f"X-Row: {ALL.index(row)}",))
    return _seconds(lambda: instance.receive(message))


def _seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


# ---------------------------------------------------------------- the real one


class Real:
    """A real Kamailio that has the tables; the process that does the work is the one whose time passes."""

    def __init__(self, folder: Path) -> None:
        """Starts it with room for a million items."""
        self.server = Server(_prepared(folder), ("-m", "1024", "-M", "512"), rpc=True)
        self.wire = network.Wire()
        self.sent = 0
        if not self.server.start():
            raise RuntimeError(self.server.log().decode("latin-1")[-500:])

    def once(self, row: Row) -> float:
        """Seconds that the worker spends on a row."""
        before = self._work()
        self.wire.send(real.request(f"X-Row: {ALL.index(row)}"), PEER, LOCAL)
        self.sent += 1
        self._rest()
        return self._spent(before)

    def _rest(self) -> None:
        """Waits until it has nothing to do, on a busy machine too."""
        for _ in range(PATIENCE):
            try:
                self.server.rest(self.sent)
            except Stuck:
                continue
            return
        raise Stuck("the real Kamailio does not end a row")

    def _spent(self, before: dict[int, float]) -> float:
        return max(after - before[pid] for pid, after in self._work().items())

    def best(self, row: Row) -> float:
        """The best of some tries."""
        return min(self.once(row) for _ in range(TRIES))

    def expiry(self, row: Row) -> float:
        """Seconds that the timer process spends until all items have expired."""
        self.once(row)
        before = self._work()
        time.sleep(LIFE + SCAN + 2)
        return self._spent(before)

    def _work(self) -> dict[int, float]:
        return {pid: int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9 for pid in self.server.pids}

    def used(self) -> int:
        """Bytes of shared memory that are in use."""
        lines = dict(line.strip().split(": ", 1) for line in self.server.rpc(["core.shmmem"]).splitlines() if ": " in line)
        return int(lines["used"])


def in_kamailio() -> Times:
    """All rows."""
    with tempfile.TemporaryDirectory() as folder:
        one = Real(Path(folder))
        try:
            found = {TEN.name: one.best(TEN)}
            before = one.used()
            one.once(FILL)
            found[BYTES] = (one.used() - before) / MILLION - _payload()
            found |= {row.name: one.best(row) for row in (MANY, *ROWS)}
            found |= {row.name: one.expiry(row) for row in FILLS}
        finally:
            one.wire.close()
            one.server.stop()
    return found


# ---------------------------------------------------------------- the table


def show(*, there: bool) -> None:
    """Prints the table."""
    ours = in_sroute()
    theirs = in_kamailio() if there else dict.fromkeys(ours, float("nan"))
    print("\n| htable | Kamailio | sroute | ratio |\n|---|---|---|---|")
    for row in (*ROWS, *FILLS, TEN, MANY):
        print(f"| {row.name} | {_shown(theirs[row.name], row)} | {_shown(ours[row.name], row)} | {theirs[row.name] / ours[row.name]:.2f} |")
    print(f"| bytes an item of a million, beyond key and value | {theirs[BYTES]:.0f} | {ours[BYTES]:.0f} | |")


def _shown(seconds: float, row: Row) -> str:
    return f"{seconds / row.items * 1e6:.2f} us" if row.items > 1 else f"{seconds * 1e3:.1f} ms"


if __name__ == "__main__":
    print(json.dumps(_measured()))
