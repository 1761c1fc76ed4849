"""The REPL in a pseudo-terminal: what a user types and sees."""

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

PROMPT = "sroute> "
INVITE = (
    "INVITE sip:dora@example.com SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bKpaste\nFrom: <sip:a@example.com>;tag=1\n"
    "To: <sip:dora@example.com>\nCall-ID: paste\nCSeq: 1 INVITE\nContent-Length: 0\n\n"
)
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07")


class Terminal:
    """A REPL under a pseudo-terminal."""

    def __init__(self, state: Path, *arguments: str, term: str = "xterm-256color") -> None:
        environment = {**os.environ, "TERM": term, "XDG_STATE_HOME": str(state)}
        command = [sys.executable, "-m", "sroute", "repl", *arguments]
        self.began = time.monotonic()
        self.raw = self.text = ""
        self.child = pexpect.spawn(command[0], command[1:], env=environment, dimensions=(40, 110), encoding="utf-8", timeout=15)

    def sees(self, pattern: str) -> float:
        """Waits until a text is on the screen behind what was seen before; the seconds that it took."""
        began = time.monotonic()
        while (found := re.search(pattern, self.text)) is None:
            assert time.monotonic() - began < 15, f"{pattern!r} does not appear in {self.text[-500:]!r}"
            self._read(0.05)
        self.text = self.text[found.end() :]
        return time.monotonic() - began

    def _read(self, seconds: float) -> bool:
        try:
            came = self.child.read_nonblocking(4096, seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            time.sleep(seconds)
            return False
        for _ in range(came.count("\x1b[6n")):
            self.child.send("\x1b[1;1R")  # a terminal says where its cursor is when it is asked
        self.raw += came
        whole, cut = self.raw, ""
        if (escape := whole.rfind("\x1b")) >= 0 and not _CONTROL.match(whole, escape):
            whole, cut = whole[:escape], whole[escape:]
        self.text += _CONTROL.sub("", whole)
        self.raw = cut
        return True

    def types(self, text: str) -> None:
        self.child.send(text)

    def settles(self) -> str:
        """What appears until nothing more does."""
        while self._read(0.4):
            pass
        seen, self.text = self.text, ""
        return seen

    def line(self, text: str, answer: str = "") -> None:
        """Types a line and waits for its answer and the next prompt."""
        self.settles()
        self.types(f"{text}\r")
        self.sees(f"(?s){answer}.*{PROMPT}" if answer else PROMPT)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    made.sees(PROMPT)
    yield made
    made.child.close(force=True)


def test_first_prompt_comes_soon(tmp_path: Path) -> None:
    times = []
    for _ in range(3):
        made = Terminal(tmp_path)
        made.sees(PROMPT)
        times.append(time.monotonic() - made.began)
        made.types("\x04")
        made.child.close(force=True)
    assert min(times) < 0.4 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)), times


def test_values_and_calls(terminal: Terminal) -> None:
    terminal.line("$var(x) = 40;")
    terminal.line("$var(x) + 2", "int 42")
    terminal.line('is_method("OPTIONS")', "returned 1")
    terminal.line("$ruu", r"did you mean ruri\?|did you mean \w+\?")


def test_block_over_several_lines(terminal: Terminal) -> None:
    terminal.types("route[TWICE] {\r")
    terminal.sees(r"\.\.\.>")
    terminal.types('$var(n) = 7;\rxlog("L_WARN", "seven $var(n)\\n");\r}\r')
    terminal.line("route(TWICE)", "seven 7")


def test_tab_completes(terminal: Terminal) -> None:
    terminal.line("$sht(x=>y) = 1", "Kamailio|error")
    terminal.types("$(ru{uri.us")
    terminal.settles()
    terminal.types("\t")
    terminal.settles()
    terminal.types("})\r")
    terminal.sees('str "bob"')


def test_toolbar_shows_the_parameter(terminal: Terminal) -> None:
    terminal.line("1 + 1", "int 2")
    terminal.types('sl_send_reply("404", ')
    seen = terminal.settles()
    assert "reason)" in seen
    assert "without a transaction" in seen


def test_pasted_message_becomes_current(terminal: Terminal) -> None:
    terminal.types(f"\x1b[200~{INVITE}\x1b[201~\r")
    terminal.sees("the current message is now: INVITE sip:dora@example.com")
    terminal.line("$rU", 'str "dora"')


def test_history_is_searched(tmp_path: Path) -> None:
    first = Terminal(tmp_path)
    first.sees(PROMPT)
    first.line("$var(long) = 1234 * 2;")
    first.line("$var(long)", "int 2468")
    first.types("\x04")
    first.child.expect(pexpect.EOF)
    second = Terminal(tmp_path)
    second.sees(PROMPT)
    second.types("\x121234")
    second.settles()
    second.types("\r")
    second.settles()
    second.types("\r")
    second.settles()
    second.line("$var(long)", "int 2468")
    second.child.close(force=True)


def test_ctrl_c_leaves_the_line(terminal: Terminal) -> None:
    terminal.types("$var(y) = 99")
    terminal.settles()
    terminal.types("\x03")
    terminal.sees(PROMPT)
    terminal.line("$var(y)", "int 0")


def test_ctrl_c_stops_a_loop(terminal: Terminal) -> None:
    terminal.line("max_while_loops = 0")
    terminal.settles()
    terminal.types("while (1) { $var(i) = $var(i) + 1; }\r")
    time.sleep(0.4)
    terminal.types("\x03")
    took = terminal.sees("stopped")
    assert took < 0.2 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    terminal.sees(PROMPT)
    terminal.line("$var(i) > 100", "int 1")


def test_ctrl_d_leaves(terminal: Terminal) -> None:
    terminal.settles()
    terminal.types("\x04")
    terminal.child.expect(pexpect.EOF)
    terminal.child.close()
    assert terminal.child.exitstatus == 0


def test_dumb_terminal(tmp_path: Path) -> None:
    made = Terminal(tmp_path, term="dumb")
    made.sees(PROMPT)
    made.line("1 + 2", "int 3")
    made.types("route[D] {\r")
    made.types("$var(d) = 5;\r")
    made.types("}\r")
    made.line("route(D)")
    made.line("$var(d)", "int 5")
    made.child.close(force=True)


def test_refused_script_says_why(tmp_path: Path) -> None:
    script = tmp_path / "bad.cfg"
    script.write_text("request_route { nosuch(); }\n")
    made = Terminal(tmp_path, str(script))
    made.sees(r"unknown function nosuch\(\)")
    made.child.expect(pexpect.EOF)
    made.child.close()
    assert made.child.exitstatus == 1


def test_script_with_a_database(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "examples" / "dictionary-attack"
    made = Terminal(tmp_path, str(folder / "kamailio.cfg"))
    made.sees(PROMPT)
    made.line(f".send {folder}/messages/1-no-credentials.sip", "401 Unauthorized")
    made.line(f".send {folder}/messages/2-wrong-password.sip", "401 Unauthorized")
    made.line("$sht(a=>alice::auth_count)", "int 1")
    made.line(".dump a", "alice::last_auth")
    made.child.close(force=True)
