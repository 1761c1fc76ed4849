"""Slots that stay locked: sroute goes on, and says where a real Kamailio would hang."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sroute.errors import ScriptError
from sroute.instance.api import load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.runtime.run import Process
from tests.unit.modules.htable.test_facts import MESSAGE

HEAD = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "htable", "a=>size=2;autoexpire=10")
modparam("htable", "htable", "b=>size=2")
"""
Run = Callable[[str], Instance]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def started(body: str) -> Instance:
        return start(load(tmp_path / "kamailio.cfg", HEAD + body))

    return started


def notes(instance: Instance) -> list[tuple[str, int]]:
    return [
        (event.text, event.span.line if event.span else 0)
        for event in instance.events
        if isinstance(event, Diag) and event.source == "sroute"
    ]


LOCKING = """request_route {
    sht_lock("a=>n1");
    exit;
}
"""


def test_a_lock_at_the_end_of_a_message(run: Run) -> None:
    instance = run(LOCKING)
    instance.receive(MESSAGE)
    ((text, line),) = notes(instance)
    assert text.startswith("slot 2 of htable [a] is still locked at the end, by sht_lock at ")
    assert "kamailio.cfg:8 (process 1)" in text
    assert line == 8


@pytest.mark.parametrize(
    ("command", "hangs"),
    [
        ("htable.get a n1", True),
        ("htable.get a abc", True),
        ("htable.get a z", False),
        ("htable.get b n1", False),
        ("htable.sets a n1 x", True),
        ("htable.seti a n1 5", True),
        ("htable.setex a n1 5", True),
        ("htable.setxs a n1 x 5", True),
        ("htable.delete a n1", True),
        ("htable.dump a", True),
        ("htable.dump b", False),
        ("htable.stats", True),
        ("htable.flush a", True),
        ("htable.setxi a n1 5 5", True),
        ("htable.listTables", False),
    ],
)
def test_rpc_meets_a_lock(run: Run, command: str, hangs: bool) -> None:
    instance = run(LOCKING)
    instance.receive(MESSAGE)
    instance.rpc_line(command)
    said = [text for text, _ in notes(instance) if text.startswith("Kamailio hangs here")]
    name = command.split(maxsplit=1)[0]
    assert [text.split(",")[0] for text in said] == [f"Kamailio hangs here: {name} waits for slot 2 of htable [a]"] * hangs


def test_the_timer_meets_a_lock_once(run: Run) -> None:
    instance = run(LOCKING)
    instance.receive(MESSAGE)
    instance.advance(3600)
    assert [text.split(" of ")[0] for text, _ in notes(instance)[1:]] == ["Kamailio hangs here: the timer waits for slot 2"]


OTHERS = {
    "$var(x) = $sht(a=>n1);": True,
    "$sht(a=>n1) = 1;": True,
    "$sht(a=>n1) = $null;": True,
    "$shtex(a=>n1) = 5;": True,
    "$var(x) = $shtinc(a=>abc);": True,
    "$var(x) = $shtcn(a=>**);": False,
    "$var(x) = $shtcn(a=>x);": True,
    'sht_rm("a", "n1");': True,
    'sht_rm_name_re("a=>^x");': True,
    'sht_match_name("a", "eq", "x");': True,
    'sht_reset("a");': True,
    'sht_lock("a=>n1");': True,
    'sht_iterator_start("i", "a"); sht_iterator_next("i"); sht_iterator_end("i");': True,
    'sht_iterator_start("i", "a"); sht_iterator_end("i");': False,
    '$sht(a=>z) = 1; sht_iterator_start("i", "a"); sht_iterator_next("i"); sht_iterator_end("i");': False,
    '$sht(a=>z) = 1; sht_iterator_start("i", "a"); sht_iterator_next("i"); sht_iterator_next("i"); sht_iterator_end("i");': True,
    '$sht(a=>z) = 1; sht_iterator_start("i", "a"); sht_iterator_next("i"); sht_iterator_rm("i"); sht_iterator_end("i");': True,
    "$var(x) = $shtex(a=>n1);": True,
    "$var(x) = $shtdec(a=>n1);": True,
    "$var(x) = $shtcv(a=>**);": False,
    "$var(x) = $shtcv(a=>eq5);": True,
    'sht_rm_value_re("a=>^x");': True,
    'sht_rm_name("a", "sw", "x");': True,
    'sht_rm_value("a", "sw", "x");': True,
    'sht_match_str_value("a", "eq", "x");': True,
    'sht_setxs("a", "n1", "v", "5");': True,
    'sht_setxs("a", "z", "v", "5");': False,
    "sht_print();": True,
    "$var(x) = $sht(a=>z);": False,
    "$sht(b=>n1) = 1;": False,
    'sht_unlock("a=>n1");': False,
}


@pytest.mark.parametrize(("statement", "hangs"), OTHERS.items())
def test_another_worker_meets_a_lock(run: Run, statement: str, hangs: bool) -> None:
    instance = run(f'request_route {{\n    if ($shtcn(b=>**) == 0) {{ sht_lock("a=>n1"); $sht(b=>z) = 1; exit; }}\n    {statement}\n}}\n')
    instance.receive(MESSAGE)
    instance.worker = Process(2, 4712)
    instance.receive(MESSAGE)
    said = [text for text, _ in notes(instance) if text.startswith("Kamailio hangs here: process 2 waits for slot 2 of htable [a]")]
    assert bool(said) == hangs


ITERATING = """request_route {
    if ($sht(b=>z) == $null) { $sht(a=>n1) = 1; $sht(b=>z) = 1; sht_iterator_start("i", "a"); sht_iterator_next("i"); exit; }
    BODY
}
"""


@pytest.mark.parametrize(
    ("statement", "hangs"),
    [
        ("$var(x) = $sht(a=>n1);", True),
        ("$sht(a=>abc) = 1;", True),
        ("$var(x) = $sht(a=>z);", False),
        ("$var(x) = $shtcn(a=>x);", True),
        ('sht_lock("a=>n1");', True),
        ('sht_reset("a");', True),
        ('sht_iterator_start("i", "a"); sht_iterator_next("i"); sht_iterator_end("i");', True),
        ("sht_print();", True),
    ],
)
def test_another_worker_meets_an_iterator(run: Run, statement: str, hangs: bool) -> None:
    instance = run(ITERATING.replace("BODY", statement))
    instance.receive(MESSAGE)
    instance.worker = Process(2, 4712)
    instance.receive(MESSAGE)
    said = [text for text, _ in notes(instance) if text.startswith("Kamailio hangs here: process 2 waits for slot 2 of htable [a]")]
    assert bool(said) == hangs
    assert all('iterator "i" at ' in text and "kamailio.cfg:8" in text for text in said)


@pytest.mark.parametrize(
    ("command", "hangs"), [("htable.get a n1", True), ("htable.get a z", False), ("htable.dump a", True), ("htable.stats", True)]
)
def test_rpc_meets_an_iterator(run: Run, command: str, hangs: bool) -> None:
    instance = run(ITERATING.replace("BODY", "exit;"))
    instance.receive(MESSAGE)
    instance.rpc_line(command)
    assert any(text.startswith("Kamailio hangs here") and 'iterator "i"' in text for text, _ in notes(instance)) == hangs


def test_the_timer_meets_an_iterator(run: Run) -> None:
    instance = run(ITERATING.replace("BODY", "exit;"))
    instance.receive(MESSAGE)
    instance.advance(30)
    assert [text.split(" of ")[0] for text, _ in notes(instance)[1:]] == ["Kamailio hangs here: the timer waits for slot 2"]


def test_a_lock_in_an_event_route_is_held_by_its_process(run: Run) -> None:
    body = "request_route {\n    $sht(a=>x) = 1;\n}\n" + 'event_route[htable:expired:a] {\n    sht_lock("a=>n1");\n}\n'
    instance = run(body)
    instance.receive(MESSAGE)
    instance.advance(40)
    assert notes(instance)[0][0].startswith("slot 2 of htable [a] is still locked at the end, by sht_lock at ")
    assert notes(instance)[0][1] == 11


NODE = """loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "dmq.so"
loadmodule "pv.so"
loadmodule "htable.so"
modparam("dmq", "server_address", "sip:127.0.0.1:5060")
modparam("htable", "enable_dmq", 1)
modparam("htable", "htable", "a=>size=2;dmqreplicate=1")
request_route { if ($rm == "KDMQ") { dmq_handle_message(); } sht_lock("a=>n1"); exit; }
"""


@pytest.mark.parametrize(
    ("body", "hangs"),
    [
        ('{"action":2,"htname":"a","cname":"n1","type":0,"intval":1,"mode":1}', True),
        ('{"action":2,"htname":"a","cname":"z","type":0,"intval":1,"mode":1}', False),
        ('{"action":4,"htname":"a","cname":"abc","mode":0}', True),
        ('{"action":5,"htname":"a","type":2,"strval":"x","mode":0}', True),
        ('{"action":1}', True),
        ('{"cells":[{"htname":"a","cname":"n1","type":0,"intval":1,"expire":0}]}', True),
        ('{"cells":[{"htname":"a","cname":"z","type":0,"intval":1,"expire":0}]}', False),
    ],
)
def test_a_message_of_another_node_meets_a_lock(tmp_path: Path, body: str, hangs: bool) -> None:
    instance = start(load(tmp_path / "kamailio.cfg", NODE))
    instance.receive(MESSAGE)
    head = MESSAGE.replace("OPTIONS", "KDMQ").replace("sip:alice@example.com SIP", "sip:htable@127.0.0.1 SIP").split("Content-Length")[0]
    instance.receive(f"{head}Content-Length: {len(body)}\n\n{body}".replace("\n", "\r\n"))
    assert any(text.startswith("Kamailio hangs here") and "node" in text for text, _ in notes(instance)) == hangs


def test_the_same_worker_does_not_hang(run: Run) -> None:
    body = "".join(f"    {statement}\n" for statement in OTHERS if "unlock" not in statement)
    instance = run(f'request_route {{\n    sht_lock("a=>n1");\n{body}    sht_unlock("a=>n1"); sht_unlock("a=>n1");\n}}\n')
    instance.receive(MESSAGE)
    assert notes(instance) == []


def test_an_iterator_that_is_left_on_an_item(run: Run) -> None:
    instance = run('request_route {\n    $sht(a=>n1) = 1;\n    sht_iterator_start("i", "a");\n    sht_iterator_next("i");\n}\n')
    instance.receive(MESSAGE)
    instance.rpc_line("htable.dump a")
    end, dump = notes(instance)
    assert end[0].startswith('slot 2 of htable [a] is still locked at the end, by iterator "i" at ')
    assert end[1] == 10
    assert dump[0].startswith("Kamailio hangs here: htable.dump waits for slot 2 of htable [a]")


def test_an_iterator_that_is_left_open(run: Run) -> None:
    instance = run('request_route {\n    sht_iterator_start("i", "a");\n}\n')
    instance.receive(MESSAGE)
    ((text, line),) = notes(instance)
    assert text.startswith('iterator "i" is still open at the end')
    assert line == 8


def test_an_iterator_that_has_ended(run: Run) -> None:
    instance = run(
        'request_route {\n    $sht(a=>n1) = 1;\n    sht_iterator_start("i", "a");\n    while (sht_iterator_next("i")) { $var(x) = 1; }\n'
        '    sht_iterator_end("i");\n}\n'
    )
    instance.receive(MESSAGE)
    instance.rpc_line("htable.dump a")
    assert notes(instance) == []


@pytest.mark.parametrize(("mode", "hangs"), [(0, True), (1, False), (2, True)])
def test_a_lock_of_mod_init_is_held_by_the_process_that_ran_it(run: Run, mode: int, hangs: bool) -> None:
    """Tried out in 5.6.3 with mode 0: the first worker waits for ever."""
    instance = run(
        f'modparam("htable", "event_callback_mode", {mode})\nrequest_route {{\n    $var(x) = $sht(a=>n1);\n}}\n'
        'event_route[htable:mod-init] {\n    sht_lock("a=>n1");\n}\n'
    )
    instance.receive(MESSAGE)
    said = [text for text, _ in notes(instance) if text.startswith("Kamailio hangs here: process 1 waits for slot 2 of htable [a]")]
    assert bool(said) == hangs


def test_a_lock_in_mod_init(run: Run) -> None:
    instance = run('request_route {\n    exit;\n}\nevent_route[htable:mod-init] {\n    sht_lock("a=>n1");\n}\n')
    ((text, line),) = notes(instance)
    assert text.startswith("slot 2 of htable [a] is still locked at the end")
    assert line == 11


FREEING = {
    "$sht(a=>n1) = $null;": True,
    '$sht(a=>n1) = "longer";': True,
    '$sht(a=>n1) = "x";': False,
    "$sht(a=>n1) = 5;": False,
    "$sht(a=>z) = $null;": False,
    '$sht(a=>z) = "longer";': False,
    'sht_rm("a", "n1");': True,
    'sht_rm_name("a", "sw", "n");': True,
    'sht_rm_value_re("a=>^tex");': True,
    'sht_rm_name("a", "sw", "z");': False,
    'sht_setxs("a", "n1", "longer", "5");': True,
    'sht_reset("a");': True,
    'sht_iterator_sets("i", "longer");': False,
    'sht_iterator_rm("i");': False,
}


@pytest.mark.parametrize(("statement", "freed"), FREEING.items())
def test_what_leaves_an_iterator_on_freed_memory(run: Run, statement: str, freed: bool) -> None:
    instance = run(
        'request_route {\n    $sht(a=>n1) = "text"; $sht(a=>z) = 1;\n    sht_iterator_start("i", "a");\n'
        f'    while ($shtitkey(i) != "n1") {{ sht_iterator_next("i"); }}\n    {statement}\n    sht_iterator_end("i");\n}}\n'
    )
    instance.receive(MESSAGE)
    said = [text for text, _ in notes(instance) if text.startswith("Kamailio goes on with freed memory")]
    assert len(said) == freed


def test_a_slot_that_is_not_locked(run: Run) -> None:
    instance = run('request_route {\n    sht_unlock("a=>n1");\n}\n')
    instance.receive(MESSAGE)
    assert notes(instance) == [("slot 2 of htable [a] is unlocked, which this process has not locked", 8)]


def test_another_worker_can_not_unlock(run: Run) -> None:
    instance = run('request_route {\n    if ($shtcn(b=>**) == 0) { $sht(b=>z) = 1; sht_lock("a=>n1"); } else { sht_unlock("a=>n1"); }\n}\n')
    instance.receive(MESSAGE)
    instance.worker = Process(2, 4712)
    instance.receive(MESSAGE)
    assert notes(instance)[-1] == ("slot 2 of htable [a] is unlocked, which this process has not locked", 8)
    instance.rpc_line("htable.get a n1")
    assert notes(instance)[-1][0].startswith("Kamailio hangs here: htable.get")


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("big=>size=22", "the slots of the tables take 128 MB of shared memory"),
        ("fits=>size=20", None),
    ],
)
def test_memory_of_slots(run: Run, tmp_path: Path, definition: str, said: str | None) -> None:
    text = f'{HEAD}modparam("htable", "htable", "{definition}")\nrequest_route {{\n    exit;\n}}\n'
    instance = start(load(tmp_path / "kamailio.cfg", text))
    assert [text.startswith(said or "") for text, _ in notes(instance)] == [True] * (said is not None)


def test_the_largest_size_does_not_start(tmp_path: Path) -> None:
    text = f'{HEAD}modparam("htable", "htable", "a31=>size=31")\nrequest_route {{\n    exit;\n}}\n'
    with pytest.raises(ScriptError, match=r"no more shared memory for \[a31\]"):
        start(load(tmp_path / "kamailio.cfg", text))
