"""The real sipp talks to `sroute serve`: calls that are relayed to its own uas, OPTIONS, REGISTER, over UDP and TCP."""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.serve.served import Served, free_port, served

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed (Debian: sip-tester)")

SCRIPT = """
LISTEN
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "htable.so"
modparam("htable", "htable", "calls=>size=8;")
request_route {
    if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
    if (is_method("OPTIONS")) { sl_send_reply("200", "Alive"); exit; }
    if (is_method("REGISTER")) { if (!save("location")) sl_reply_error(); exit; }
    $du = "sip:127.0.0.1:UAS";
    if (has_totag()) {
        if (is_method("ACK")) { t_relay(); exit; }
    } else {
        t_check_trans();
        $var(n) = $shtinc(calls=>$rm);
        if ($var(n) == 0) $sht(calls=>$rm) = 1;
    }
    if (!t_relay()) sl_reply_error();
}
"""
REQUEST = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="one request">
<send retrans="500"><![CDATA[
METHOD sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:user[call_number]@example.org>;tag=[call_number]
To: <sip:user[call_number]@example.org>
Call-ID: [call_id]
CSeq: 1 METHOD
Contact: <sip:user[call_number]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
"""


@contextmanager
def answering(folder: Path, port: int) -> Iterator[None]:
    """sipp's own uas at a port."""
    words = ["sipp", "-sn", "uas", "-i", "127.0.0.1", "-p", str(port), "-mi", "127.0.0.1", "-nostdin"]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def sipp(folder: Path, live: Served, *options: str) -> None:
    """Runs sipp against the served instance: every call has to succeed."""
    words = ["sipp", "-i", "127.0.0.1", "-nostdin", "-timeout", "60", "-timeout_error", *options, f"127.0.0.1:{live.sip}"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stdout[-2500:] + done.stderr[-500:]
    assert re.search(r"Failed call\s+\|\s+0\s+\|\s+0 ", done.stdout)


def script(listen: str = "") -> tuple[str, int]:
    uas = free_port()
    return SCRIPT.replace("LISTEN", listen).replace("UAS", str(uas)), uas


def test_three_hundred_calls_are_relayed(tmp_path: Path) -> None:
    text, uas = script()
    with served(tmp_path, text) as live, answering(tmp_path, uas):
        sipp(tmp_path, live, "-sn", "uac", "-p", str(free_port()), "-m", "300", "-r", "60", "-d", "100")
        if shutil.which("kamcmd"):
            assert "name: INVITE\n\t\t\tvalue: 300\n" in live.kamcmd("htable.dump", "calls")
            assert re.search(r"2xx: 600\n", live.kamcmd("tm.stats"))
        assert live.stop(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("method", ["OPTIONS", "REGISTER"])
def test_requests_are_answered(tmp_path: Path, method: str) -> None:
    (tmp_path / "one.xml").write_text(REQUEST.replace("METHOD", method))
    with served(tmp_path, script()[0]) as live:
        sipp(tmp_path, live, "-sf", "one.xml", "-p", str(free_port()), "-m", "100", "-r", "50")
        if method == "REGISTER" and shutil.which("kamcmd"):
            assert live.kamcmd("ul.dump", "brief").count("AoR: ") == 100


@pytest.mark.parametrize("mode", ["t1", "tn"])
def test_calls_over_tcp(tmp_path: Path, mode: str) -> None:
    port = free_port()
    text, uas = script(f"listen=udp:127.0.0.1:{port}\nlisten=tcp:127.0.0.1:{port}")
    with served(tmp_path, text, sip=port) as live, answering(tmp_path, uas):
        sipp(tmp_path, live, "-sn", "uac", "-t", mode, "-p", str(free_port()), "-m", "40", "-r", "20", "-d", "50", "-max_socket", "60")
        assert live.stop()[0] == 130
