"""`sroute run`: what it prints, in which order, and its exit status."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sroute.cli.main import main
from sroute.sip import compose
from sroute.sip.endpoint import PEER

CLOCK = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
request_route { xlog("$rU $Ts\\n"); }
"""
BAD = """#!KAMAILIO
request_route { route(NOPE); }
"""
UNSIMULATED = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "tm.so"
loadmodule "dispatcher.so"
request_route { ds_select_dst("1", "4"); xlog("du $du rc $rc\\n"); }
"""
ENDLESS = """#!KAMAILIO
max_while_loops=0
request_route { while (1 == 1) { ; } }
"""
REPLY = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
request_route { $du = "sip:127.0.0.1:5090"; forward(); }
reply_route { xlog("reply $rs $tt\\n"); }
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, object]]:
        """The JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """Calls commands in a folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.capsys, self.monkeypatch = folder, capsys, monkeypatch
        monkeypatch.chdir(folder)

    def file(self, name: str, text: str | bytes) -> str:
        """Writes a file; its name."""
        (self.folder / name).write_bytes(text.encode("latin-1") if isinstance(text, str) else text)
        return name

    def __call__(self, *words: str) -> Done:
        self.monkeypatch.setattr(sys, "argv", ["sroute", *words])
        with pytest.raises(SystemExit) as left:
            main()
        captured = self.capsys.readouterr()
        return Done(int(left.value.code or 0), captured.out, captured.err)


@pytest.fixture
def sroute(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(tmp_path, capsys, monkeypatch)
    for user in ("a", "b", "c"):
        shell.file(f"{user}.sip", compose.request(PEER, ruri=f"sip:{user}@127.0.0.1"))
    shell.file("clock.cfg", CLOCK)
    return shell


def test_messages_and_advances_keep_their_order(sroute: Shell) -> None:
    words = "run clock.cfg a.sip --advance 10 b.sip --json --advance=5m c.sip --advance 1d --seed 3"
    done = sroute(*words.split())
    texts = [str(event["text"]).split() for event in done.events if event["event"] == "log"]
    begin = int(texts[0][1])
    assert [(user, int(when) - begin) for user, when in texts] == [("a", 0), ("b", 10), ("c", 310)]


def test_a_message_is_made_up_where_none_is_given(sroute: Shell) -> None:
    done = sroute("run", "clock.cfg", "--ruri", "sip:zoe@127.0.0.1", "--method", "INVITE", "-H", "X-A: 1", "--json")
    received = next(event for event in done.events if event["event"] == "recv")
    assert str(received["message"]).startswith("INVITE sip:zoe@127.0.0.1 SIP/2.0\r\n")
    assert "X-A: 1\r\n" in str(received["message"])
    assert done.status == 0


def test_events_come_as_interface_says(sroute: Shell) -> None:
    done = sroute("run", "clock.cfg", "a.sip", "--json", "--rpc", "nope.nope")
    assert [event["event"] for event in done.events] == ["load", "recv", "log", "end", "rpc"]
    assert done.events[2] | {"text": ""} == {
        "event": "log",
        "level": "ERROR",
        "text": "",
        "file": "clock.cfg",
        "line": 4,
        "column": 17,
    }
    assert done.events[3] == {"event": "end", "route": "request_route", "retcode": 1, "how": "end"}
    assert done.events[4]["fault"] == {"code": 500, "message": "command nope.nope not found"}


def test_a_refused_script_ends_with_the_load_event(sroute: Shell) -> None:
    sroute.file("bad.cfg", BAD)
    done = sroute("run", "bad.cfg", "--json")
    (load,) = done.events
    findings = load["findings"]
    assert isinstance(findings, list)
    assert (done.status, findings[0]["code"], findings[0]["line"], findings[0]["column"]) == (1, "RT001", 2, 23)


def test_what_is_not_simulated_says_which_stub_to_use(sroute: Shell) -> None:
    sroute.file("ds.cfg", UNSIMULATED)
    done = sroute("run", "ds.cfg", "a.sip")
    assert done.status == 1
    assert "--stub 'ds_select_dst=1'" in done.out


def test_a_stub_sets_and_returns(sroute: Shell) -> None:
    sroute.file("ds.cfg", UNSIMULATED)
    done = sroute("run", "ds.cfg", "a.sip", "--stub", "ds_select_dst=2; $du=sip:127.0.0.1:5080", "--json")
    assert [event["text"] for event in done.events if event["event"] == "log"] == ["du sip:127.0.0.1:5080 rc 2"]
    assert done.status == 0


def test_a_loop_ends_at_the_step_limit(sroute: Shell) -> None:
    sroute.file("endless.cfg", ENDLESS)
    done = sroute("run", "endless.cfg", "a.sip", "--max-steps", "1000", "--json")
    assert done.status == 1
    assert [event["event"] for event in done.events] == ["load", "recv", "error", "end"]


def test_a_message_file_answers_what_was_sent(sroute: Shell) -> None:
    sroute.file("reply.cfg", REPLY)
    sroute.file("ring.sip", "@reply 1 180 Ringing\nTo-Tag: abc\n\n")
    done = sroute("run", "reply.cfg", "a.sip", "ring.sip", "--json")
    assert [event["text"] for event in done.events if event["event"] == "log"] == ["reply 180 abc"]
    sent = [event for event in done.events if event["event"] == "send"]
    assert (sent[0]["dst"], sent[1]["dst"]) == ("udp:127.0.0.1:5090", "udp:127.0.0.1:5061")


def test_trace_tells_statements_and_values(sroute: Shell) -> None:
    sroute.file("t.cfg", '#!KAMAILIO\nloadmodule "pv.so"\nrequest_route {\n  if ($rU == "a") {\n    $var(x) = 5;\n  }\n}\n')
    done = sroute("run", "t.cfg", "a.sip", "--trace", "--json")
    traced = [event for event in done.events if event["event"] == "trace"]
    assert [(event["line"], event["statement"], event["reads"], event["writes"]) for event in traced] == [
        (4, 'if ($rU == "a")', {"$rU": "a"}, {}),
        (5, "$var(x) = 5", {}, {"$var(x)": 5}),
    ]


def test_bytes_that_are_no_utf8_are_there_in_base64(sroute: Shell) -> None:
    sroute.file("b.cfg", b'#!KAMAILIO\nloadmodule "xlog.so"\nrequest_route { xlog("\xff\xc3\xa9\\n"); }\n')
    (log,) = [event for event in sroute("run", "b.cfg", "--json").events if event["event"] == "log"]
    assert (log["text"], log["text_base64"]) == ("\ufffd\u00e9", "/8Op")


def test_two_runs_are_the_same(sroute: Shell) -> None:
    words = ("run", "clock.cfg", "a.sip", "--advance", "3", "b.sip", "--json", "--seed", "7")
    assert sroute(*words).out == sroute(*words).out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nosuch.cfg"], 2, "nosuch.cfg: no such file or directory"),
        (["."], 2, "is a directory"),
        (["clock.cfg", "nosuch.sip"], 2, "nosuch.sip"),
        (["clock.cfg", "--nosuch"], 2, "No such option"),
        (["clock.cfg", "--advance", "soon"], 2, "not a duration: 'soon'"),
        (["clock.cfg", "--advance"], 2, "not a duration"),
        (["clock.cfg", "--src", "nowhere"], 2, "not an address"),
        (["clock.cfg", "--dst", "udp:1.2.3.4:99999"], 2, "above 65535"),
        (["clock.cfg", "--kamailio", "9"], 2, "unknown Kamailio version"),
        (["clock.cfg", "-A", "A-B"], 2, "not a name that can be defined"),
        (["clock.cfg", "-A", "A", "-A", "A=2"], 2, "defined twice"),
        (["clock.cfg", "--set", "x"], 2, "not an assignment"),
        (["clock.cfg", "--set", "$nope=1"], 2, "unknown variable $nope"),
        (["clock.cfg", "--set", "$rm=x"], 2, "read-only"),
        (["clock.cfg", "--stub", "f"], 2, "not a stub"),
        (["clock.cfg", "--route", "NOPE"], 2, "no such route"),
        (["clock.cfg", "--db", "x"], 2, "not of the form URL=URL"),
        (["clock.cfg", "--max-size", "10"], 2, "more than 10"),
        (["clock.cfg", "late.sip"], 2, "message 4 has not been sent yet"),
        (["junk.cfg"], 1, "refused"),
        (["empty.cfg"], 1, "refused"),
        (["loop.cfg"], 1, "refused"),
        (["cycle.cfg"], 1, "never ends"),
    ],
)
def test_bad_input(sroute: Shell, words: list[str], status: int, said: str) -> None:
    sroute.file("late.sip", "@reply 4 200 OK\n\n")
    sroute.file("junk.cfg", bytes(range(256)) * 20)
    sroute.file("empty.cfg", "")
    sroute.file("loop.cfg", '#!KAMAILIO\ninclude_file "loop.cfg"\n')
    sroute.file("cycle.cfg", "#!KAMAILIO\n#!define A B\n#!define B A\nrequest_route { setflag(A); }\n")
    done = sroute("run", *words)
    assert done.status == status
    assert said in done.out + done.err


@pytest.mark.parametrize("text", ["", "junk\r\n\r\n", "OPTIONS sip:a@b SIP/2.0\r\n\r\n", "\0" * 2000, "SIP/2.0 200 OK\r\nVia: x\r\n\r\n"])
def test_what_is_no_message_runs_nothing(sroute: Shell, text: str) -> None:
    sroute.file("no.sip", text)
    done = sroute("run", "clock.cfg", "no.sip", "--json")
    assert done.status == 0
    assert "log" not in [event["event"] for event in done.events]
