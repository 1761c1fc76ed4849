"""The evaluator, line by line."""

from pathlib import Path

import pytest

from sroute.repl.evaluate import Evaluator
from sroute.repl.outcome import Returned
from sroute.repl.session import Setup
from tests.unit.repl.conftest import Desk

INVITE = (
    "INVITE sip:dora@example.com SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bKpaste\nFrom: <sip:a@example.com>;tag=1\n"
    "To: <sip:dora@example.com>\nCall-ID: paste\nCSeq: 1 INVITE\nContent-Length: 0\n\n"
)
SCRIPT = """debug=2
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "htable.so"
modparam("htable", "htable", "seen=>size=4;initval=0;autoexpire=60")
request_route {
    $sht(seen=>$rU) = $sht(seen=>$rU) + 1;
    route(ANSWER);
    exit;
}
route[ANSWER] {
    $var(last) = $rU;
    sl_send_reply("404", "Not here");
}
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "small.cfg"
    file.write_text(SCRIPT)
    return file


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("40 + 2", "int 42"),
        ('"1" + 2', 'str "12"'),
        ("$avp(none)", "null"),
        ("$rm", 'str "OPTIONS"'),
        ("$(ru{uri.host})", 'str "example.com"'),
        ('$ru =~ "^sip:"', "int 1"),
        ("$var(never)", "int 0"),
        ('"caf\xc3\xa9"', 'str "café"'),
        ("@ruri.user", 'str "bob"'),
        ("40 + 2;", "int 42"),
    ],
)
def test_expressions(desk: Desk, text: str, line: str) -> None:
    assert desk(text) == [line]


def test_statements_print_nothing_but_do(desk: Desk) -> None:
    assert desk("$var(x) = 40;") == []
    assert desk("$var(x) = $var(x) + 2") == []
    assert desk("if ($var(x) == 42) { $var(y) = 1; }") == []
    assert desk("$var(y)") == ["int 1"]


def test_call_has_a_return_code(desk: Desk) -> None:
    desk.all("route[MINUS] { return -3; }")
    for text, code in (('is_method("OPTIONS")', 1), ('is_method("INVITE");', -1), ("route(MINUS);", -3)):
        parts = desk.evaluator.evaluate(text).parts
        assert parts == [Returned(code)], text


def test_log_is_heard(desk: Desk) -> None:
    desk.all('xlog("L_INFO", "hello $rU\\n");')
    assert desk.logs == ["hello bob"]


def test_new_route_replaces_the_old_one(desk: Desk) -> None:
    desk.all('route[A] { $var(a) = "old"; }', "route[CALLER] { route(A); }", "route(CALLER);")
    assert desk("$var(a)") == ['str "old"']
    desk.all('route[A] { $var(a) = "new"; }', "route(CALLER);")
    assert desk("$var(a)") == ['str "new"']


def test_refused_route_leaves_the_old_one(desk: Desk) -> None:
    desk.all("route[A] { $var(a) = 1; }")
    assert desk.code("route[A] { nosuch(); }") == "MD009"
    desk.all("route(A);")
    assert desk("$var(a)") == ["int 1"]


def test_typed_route_may_call_itself(desk: Desk) -> None:
    desk.all("route[R] { $var(n) = $var(n) + 1; if ($var(n) < 10) { route(R); } }", "route(R);")
    assert desk("$var(n)") == ["int 10"]
    desk.all("route[R] { $var(n) = $var(n) + 1; route(R); }", "route(R);")
    assert desk("$var(n) < 1000") == ["int 1"]


def test_modparam_takes_effect_and_keeps_what_is_there(desk: Desk) -> None:
    desk.all('modparam("htable", "htable", "a=>size=4")', "$sht(a=>k) = 5;", "$var(v) = 6;", "$avp(w) = 7;")
    desk.all('modparam("htable", "htable", "b=>size=4")', "$sht(b=>k) = 8;")
    assert [desk(text)[0] for text in ("$sht(a=>k)", "$var(v)", "$avp(w)", "$sht(b=>k)")] == ["int 5", "int 6", "int 7", "int 8"]


def test_event_route_that_is_typed_later_runs(desk: Desk) -> None:
    desk.all('modparam("htable", "htable", "a=>size=4;autoexpire=10")', "$sht(a=>k) = 5;")
    desk.all('event_route[htable:expired:a] { xlog("L_WARN", "gone $shtrecord(key)\\n"); }', ".advance 60s")
    assert desk.logs == ["gone k"]


def test_pasted_message_is_current(desk: Desk) -> None:
    desk.all(INVITE)
    assert desk("$rU") == ['str "dora"']
    desk.all('$rU = "eve";', 'append_hf("X-A: 1\\r\\n");')
    said = desk(".msg")
    assert said[1] == "  | INVITE sip:eve@example.com SIP/2.0"
    assert "  | X-A: 1" in said


def test_errors_have_a_place(desk: Desk) -> None:
    said = desk("$var(x) = $nosuch + 1;")
    assert said[1].endswith("$var(x) = $nosuch + 1;")
    assert said[2].index("^") == said[1].index("$nosuch")
    assert desk.code("$var(x) = = 1;").startswith("SY")
    assert desk.code("1 / 0") == "RP003"
    assert desk.code("route(NOWHERE);") == "RT001"


def test_unknown_command_gets_the_nearest(desk: Desk) -> None:
    assert "did you mean .tables?" in desk(".tabels")[2]


def test_directive(desk: Desk) -> None:
    desk.all("#!define FORTY 40", "$var(x) = FORTY + 2;")
    assert desk("$var(x)") == ["int 42"]


def test_conditional_block(desk: Desk) -> None:
    desk.all("#!define YES", "#!ifdef YES\nroute[Q] { $var(q) = 1; }\n#!else\nroute[Q] { $var(q) = 2; }\n#!endif", "route(Q);")
    assert desk("$var(q)") == ["int 1"]


def test_modules_that_are_loaded_already_are_no_mistake(desk: Desk, script: Path) -> None:
    desk.all('loadmodule "pv.so"', 'loadmodule "/usr/lib/kamailio/modules/xlog.so"')
    desk.all('loadmodule "dispatcher.so"')
    assert desk.code('ds_select_dst("1", "4");') == "RN001"
    assert Desk(str(script)).code('loadmodule "pv.so"') == "MD002"


def test_start_of_a_typed_event_route_is_heard(desk: Desk) -> None:
    desk.all('event_route[core:worker-one-init] { xlog("L_WARN", "here\\n"); }')
    assert desk.logs == ["here"]


def test_undo_takes_back_inputs(desk: Desk) -> None:
    desk.all('modparam("htable", "htable", "a=>size=4;autoexpire=10")', "$sht(a=>k) = 1;", "$sht(a=>k) = 2;", ".advance 30s")
    assert desk("$sht(a=>k)") == ["null"]
    assert desk(".undo") == ["undone: .advance 30s"]
    assert desk("$sht(a=>k)") == ["int 2"]
    assert desk(".undo 2") == ["undone: $sht(a=>k) = 2;", "undone: $sht(a=>k) = 1;"]
    assert desk("$sht(a=>k)") == ["null"]
    desk.all(".undo")
    assert desk.code("$sht(a=>k) = 1; $sht(nosuch") != ""
    assert desk(".tables") == ["tables: none"]
    assert desk(".undo") == ["there is nothing to undo"]


def test_undo_repeats_randomness(desk: Desk) -> None:
    desk.all("$var(a) = $RANDOM;", "$var(b) = $RANDOM;")
    before = desk("$var(a)")
    desk.all("$var(c) = 1;", ".undo")
    assert desk("$var(a)") == before


def test_undo_does_not_read_files_again(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "m.sip"
    file.write_text(INVITE)
    desk.all("request_route { $var(u) = $rU; }", f".send {file}")
    file.unlink()
    desk.all("$var(z) = 1;", ".undo")
    assert desk("$var(u)") == ['str "dora"']


def test_send_and_reply(script: Path) -> None:
    desk = Desk(str(script))
    desk.all(".send INVITE sip:fay@example.com", ".send")
    assert desk("$sht(seen=>fay)") == ["int 2"]
    assert desk(".dump seen") == ["fay  2"]
    assert desk(".sent")[0].startswith("1  404 Not here")
    assert desk(".sent 2")[1] == "  | SIP/2.0 404 Not here"
    assert desk.code(".sent 3") == "RP002"
    assert desk.code(".reply 200") == "RP002"
    assert len(desk(".flow")) == 5


def test_reply_to_what_was_relayed(desk: Desk) -> None:
    desk.all(
        'onreply_route[R] { xlog("L_WARN", "got $rs\\n"); }', 'request_route { $du = "sip:127.0.0.1:5080"; t_on_reply("R"); t_relay(); }'
    )
    desk.all(".send INVITE sip:fay@example.com", ".reply 180 Ringing")
    assert desk.logs == ["got 180"]


def test_breakpoints_outlive_a_reload(script: Path) -> None:
    desk = Desk(str(script))
    desk.all(".break 14", ".reload")
    assert ":14, in ANSWER" in desk.all(".send INVITE sip:fay@example.com")[0]


def test_reload_keeps_tables(script: Path) -> None:
    desk = Desk(str(script))
    desk.all(".send INVITE sip:fay@example.com", "route[ANSWER] { exit; }")
    script.write_text(SCRIPT.replace("Not here", "Gone"))
    desk.all(".reload", ".send INVITE sip:fay@example.com")
    assert desk("$sht(seen=>fay)") == ["int 2"]
    assert desk(".sent 2")[1] == "  | SIP/2.0 404 Gone"


def test_save_is_a_script_with_what_was_typed(script: Path, tmp_path: Path) -> None:
    desk, saved = Desk(str(script)), tmp_path / "session.cfg"
    desk.all('route[ANSWER] { sl_send_reply("486", "Busy"); }', "$var(x) = 1;", f".save {saved}")
    text = saved.read_text()
    assert "Not here" not in text
    assert "#> $var(x) = 1;" in text
    again = Desk(str(saved))
    again.all(".send")
    assert again(".sent 1")[1] == "  | SIP/2.0 486 Busy"


def test_reload_without_a_script_drops_what_was_typed(desk: Desk) -> None:
    desk.all("route[A] { exit; }", "$var(x) = 1;", ".reload")
    assert desk(".routes") == ["routes: none"]
    assert desk("$var(x)") == ["int 1"]


def test_session_without_a_script_is_saved_as_one(desk: Desk, tmp_path: Path) -> None:
    saved = tmp_path / "session.cfg"
    desk.all('request_route { sl_send_reply("200", "Yes"); }', f".save {saved}")
    again = Desk(str(saved))
    again.all(".send")
    assert again(".sent 1")[1] == "  | SIP/2.0 200 Yes"


def test_break_step_next_continue(script: Path) -> None:
    desk = Desk(str(script))
    desk.all(".break ANSWER", ".send INVITE sip:gus@example.com")
    assert ">  13 |     $var(last) = $rU;" in desk(".where")
    assert desk("$var(last)") == ["int 0"]
    assert desk.code(".send") == "RP002"
    assert desk(".step")[0].endswith(":14, in ANSWER")
    assert desk("$var(last)") == ['str "gus"']
    assert desk(".continue") == []
    assert desk(".sent")[0].startswith("1  404")
    assert desk.code(".continue") == "RP002"


def test_next_steps_over_a_route(script: Path) -> None:
    desk = Desk(str(script))
    desk.all(".break 8", ".send INVITE sip:gus@example.com")
    assert ":9," in desk(".next")[0]
    assert ":10," in desk(".next")[0]
    desk.all(".undo 4")
    assert desk("$sht(seen=>gus)") == ["int 0"]


def test_trace(script: Path) -> None:
    desk = Desk(str(script))
    desk.all(".trace on", ".send INVITE sip:gus@example.com", ".trace off")
    traced = [event for event in desk.heard if type(event).__name__ == "Trace"]
    assert [event.statement for event in traced][-1] == "exit"  # type: ignore[union-attr]
    desk.heard.clear()
    desk.all(".send")
    assert not [event for event in desk.heard if type(event).__name__ == "Trace"]


def test_looking(desk: Desk) -> None:
    desk.all("$xavp(a=>b) = 5;", '$xavp(a[0]=>c) = "x";', "$avp(v) = 3;", "route[LOOK] { exit; }")
    assert desk(".xavp") == ["$xavp", "  a", '    c = "x"', "    b = 5"]
    assert "$avp(v)  3" in desk(".vars")
    assert desk(".routes") == ["route[LOOK]  <input>:1"]
    assert desk(".route LOOK") == ["    1 | route[LOOK] { exit; }"]
    assert desk.code(".route LOK") == "RP002"
    assert desk('.print "$rm is $avp(none)"') == ["OPTIONS is <null>"]
    assert desk(".doc t_relay")[0] == "t_relay()"
    assert desk(".clock")[0].startswith("2023-11-14 22:13:20 UTC")
    assert len(desk(".help")) >= 25
    assert desk.evaluator.evaluate(".rpc no.such").failed
    desk.all('modparam("htable", "htable", "a=>size=4")', ".rpc htable.listTables")


def test_step_limit_and_what_is_not_simulated() -> None:
    desk = Desk()
    desk.all("max_while_loops = 0")
    assert desk.code("while (1) { $var(i) = $var(i) + 1; }") == "RN002"
    assert desk("$var(i) > 1000") == ["int 1"]


def test_interrupt_stops_the_input_only(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.all("$var(a) = 1;")
    evaluator: Evaluator = desk.evaluator
    monkeypatch.setattr(evaluator, "_code", _interrupted)
    outcome = evaluator.evaluate("$var(a) = 2;")
    assert outcome.failed
    monkeypatch.undo()
    assert desk("$var(a)") == ["int 1"]


def _interrupted(entry: object) -> None:
    raise KeyboardInterrupt


def test_interrupt_of_an_undo_leaves_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.all("$var(a) = 1;", "$var(a) = 2;")
    monkeypatch.setattr(desk.evaluator, "_code", _interrupted)
    assert desk(".undo") == ["stopped: nothing is undone"]
    monkeypatch.undo()
    assert desk("$var(a)") == ["int 2"]
    assert desk(".undo") == ["undone: $var(a) = 2;"]
    assert desk("$var(a)") == ["int 1"]


def test_exit_leaves(desk: Desk) -> None:
    assert desk.evaluator.evaluate(".exit").leave


def test_two_sessions_do_not_meet() -> None:
    one, other = Evaluator(Setup()), Evaluator(Setup())
    one.evaluate("$var(x) = 1;")
    assert other.session.run.vars["x"] == 0
