"""`sroute repl` without a terminal: -c, piped input, status."""

import importlib
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path


def repl(*arguments: str, typed: str | None = None, where: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sroute", "repl", *arguments], input=typed or "", capture_output=True, text=True, timeout=60, cwd=where
    )


def test_inputs_of_the_command_line() -> None:
    done = repl("-c", "$var(x) = 40;", "-c", "$var(x) + 2", "-c", '"1" + 25', "-c", "$avp(none)", "-c", 'xlog("L_INFO", "log $rm\\n");')
    assert done.stdout.splitlines() == ["int 42", 'str "125"', "null", "    INFO log OPTIONS"]
    assert (done.returncode, done.stderr) == (0, "")


def test_status_1_at_the_first_error() -> None:
    done = repl("-c", "1", "-c", "$nosuch", "-c", "2")
    assert (done.returncode, done.stdout) == (1, "int 1\n")
    assert "PV001" in done.stderr
    assert "^^^^^^^" in done.stderr


def test_keep_going() -> None:
    done = repl("--keep-going", typed="1\n$nosuch\n2\n")
    assert (done.returncode, done.stdout) == (1, "int 1\nint 2\n")


def test_piped_blocks_and_messages() -> None:
    typed = (
        "route[A] {\n  $var(u) = $rU;\n}\nINVITE sip:kim@example.com SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\n"
        "From: <sip:a@b>;tag=1\nTo: <sip:kim@example.com>\nCall-ID: 1\nCSeq: 1 INVITE\n\nroute(A);\n$var(u)\n.exit\n1\n"
    )
    done = repl(typed=typed)
    assert (done.returncode, done.stdout) == (0, 'str "kim"\n')


def test_options(tmp_path: Path) -> None:
    script = tmp_path / "a.cfg"
    script.write_text('loadmodule "pv.so"\n#!ifdef ONE\nrequest_route { $var(a) = ONE; }\n#!endif\n')
    done = repl(str(script), "-A", "ONE=1", "--set", "$var(b)=7", "-c", ".send", "-c", "$var(a) + $var(b)", "-c", "ONE")
    assert done.stdout.splitlines()[-2:] == ["int 8", "int 1"]
    stubbed = repl(
        "--stub", "ds_select_dst=1; $du=sip:x@y", "-c", 'loadmodule "dispatcher.so"', "-c", 'ds_select_dst("1","4")', "-c", "$du"
    )
    assert stubbed.stdout == 'str "sip:x@y"\n'


def test_newer_kamailio() -> None:
    text = "1 << 40"
    assert repl("-c", text).stdout != repl("--kamailio", "dev", "-c", text).stdout


def test_refused_script() -> None:
    done = repl("nosuch.cfg", "-c", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nosuch.cfg" in done.stderr


def test_script_that_kamailio_refuses(tmp_path: Path) -> None:
    script = tmp_path / "bad.cfg"
    script.write_text("request_route { nosuch(); }\n")
    done = repl(str(script), "-c", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "MD009" in done.stderr


def test_wrong_set() -> None:
    done = repl("--set", "$nosuch=1", "-c", "1")
    assert done.returncode == 2
    assert "$nosuch" in done.stderr


def test_interrupt_ends_what_has_no_terminal() -> None:
    command = [sys.executable, "-m", "sroute", "repl", "--keep-going", "--max-steps", "1000000000", "-c", "max_while_loops = 0"]
    command += ["-c", 'xlog("L_INFO", "now\\n");', "-c", "while (1) { $var(i) = $var(i) + 1; }", "-c", "1"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert "now" in running.stdout.readline()
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=10)
    assert (running.returncode, out) == (130, "stopped\n")


def test_pygments_plugin_is_our_lexer() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["pygments.lexers"]["kamailio"].partition(":")
    assert "kamailio" in getattr(importlib.import_module(module), name).aliases
