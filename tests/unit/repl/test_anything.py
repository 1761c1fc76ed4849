"""Whatever is typed, the session goes on."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sroute.repl.evaluate import Evaluator
from sroute.repl.host import Host
from sroute.repl.inputs import unfinished
from sroute.repl.session import Setup
from sroute.repl.show import lines

WORDS = (
    "$var(x)", "$avp(a)", "=", "==", "+", "(", ")", "{", "}", ";", "if", "while", "switch", "case", "route", "[A]", '"', "'", "1", "0",
    ".undo", ".msg", ".advance", ".break", ".step", ".send", ".dump", "INVITE sip:a@b SIP/2.0\n", "Via: x\n", "\n", "#!define X", "#!ifdef",
    "xlog", '"$rU"', "exit", "return", "modparam", "loadmodule", ",", "$(ru{s.len})", "$sht(a=>b)", "@ruri", "@reply 1 200 OK\n", "\\", " ",
    "drop", "request_route", "t_relay", "/", "sl_send_reply", '("404","x")', "-", "99999999999999999999", "\x00", "\xff", "$", "{s.",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
EVALUATOR = Evaluator(Setup())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_input_has_an_outcome(typed: str) -> None:
    text = typed.encode("utf-8", "replace").decode("latin-1")
    if ".save" in text:
        return
    unfinished(text)
    host = Host(EVALUATOR)
    host.complete(text, len(text))
    host.toolbar(text, len(text))
    for part in EVALUATOR.evaluate(text).parts:
        lines(part)
    EVALUATOR.talk.debugger.abandon()
    EVALUATOR.talk.past.clear()
    host.status()
