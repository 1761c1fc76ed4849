"""event_callback of modules other than htable: the function gets the event's name."""

from pathlib import Path

import pytest

from sroute.instance.api import Options, load, start
from sroute.instance.events import Failed
from sroute.instance.instance import Instance
from sroute.sip.endpoint import Endpoint

SCRIPT = """
listen=tcp:127.0.0.1:5060
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "xhttp.so"
loadmodule "app_python3.so"
modparam("xhttp", "event_callback", "on_http")
modparam("registrar", "event_callback", "on_expired")
modparam("tm", "event_callback", "on_tm")
cfgengine "python"
event_route[xhttp:request] { xhttp_reply("500", "No", "text/plain", "never"); }
request_route { $ru = "sip:x@127.0.0.1:5061"; save("location");
    t_uac_send("OPTIONS", "sip:y@127.0.0.1:5061;transport=tcp", "", "", "HEADERS", "");
}
""".replace("HEADERS", "From: <sip:a@b>;tag=1\\r\\nTo: <sip:y@b>\\r\\n")
FILE = """
import KSR
def mod_init():
    return Handler()
class Handler:
    def on_http(self, msg, event):
        KSR.xhttp.xhttp_reply(200, "OK", "text/plain", event + " " + KSR.xhttp.get_hu())
    def on_expired(self, msg, event):
        KSR.err(event + "\\n")
    def on_tm(self, msg, event):
        KSR.err(event + " " + KSR.pv.get("$rm") + "\\n")
"""
HTTP = b"POST /RPC?a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
CLIENT = Endpoint("tcp", "127.0.0.1", 5061)
REGISTER = b"""REGISTER sip:127.0.0.1 SIP/2.0\r
Via: SIP/2.0/TCP 127.0.0.1:5061;branch=z9hG4bK1\r
From: <sip:a@127.0.0.1>;tag=1\r
To: <sip:a@127.0.0.1>\r
Call-ID: one\r
CSeq: 1 REGISTER\r
Contact: <sip:a@127.0.0.1:5061>;expires=60\r
Content-Length: 0\r
\r
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    (tmp_path / "k.py").write_text(FILE)
    return start(load(tmp_path / "k.cfg", SCRIPT), Options(kemi=tmp_path / "k.py"))


def test_http_requests_go_to_the_function(instance: Instance) -> None:
    instance.receive(HTTP, CLIENT)
    assert instance.sent[-1].message.startswith("HTTP/1.1 200 OK")
    assert instance.sent[-1].message.endswith("xhttp:request /RPC?a")


def test_tm_and_registrar_call_theirs(instance: Instance) -> None:
    instance.receive(REGISTER, CLIENT)
    assert "tm:local-request OPTIONS" in instance.logs
    instance.advance(200)
    assert "usrloc:contact-expired" in instance.logs


CALLS = """
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "app_MODULE.so"
modparam("app_MODULE", "load", "FILE")
request_route {
    CALL("f"); xlog("L_ERR", "$rc\\n");
    CALL("g", "a$rm"); xlog("L_ERR", "$rc $var(g)\\n");
    CALL("nope"); xlog("L_ERR", "$rc\\n");
    CALL("bad"); xlog("L_ERR", "$rc\\n");
    CALL("none"); xlog("L_ERR", "$rc\\n");
    CALL("ex"); xlog("L_ERR", "$rc\\n");
    CALL("zero"); xlog("L_ERR", "$rc\\n");
}
"""
METHODS = """
import KSR
def mod_init(): return H()
class H:
    def f(self, msg): return 5
    def g(self, msg, a): KSR.pv.sets("$var(g)", a); return True
    def bad(self, msg): raise ValueError("x")
    def none(self, msg): pass
    def ex(self, msg): exit()
    def zero(self, msg): return 0
"""
FUNCTIONS = """
function f() return 5 end
function g(a) KSR.pv.sets("$var(g)", a) return -3 end
function bad() error("oops") end
function none() end
function ex() KSR.x.exit() end
function zero() return 0 end
"""
# As Kamailio 5.6.3 gave them; a Python method that gives 0 ends the script.
CALLED = [
    ("python3", "python_exec", METHODS, "k.py", ["5", "1 aREGISTER", "-1", "-1", "-1", "-1"]),
    ("lua", "lua_run", FUNCTIONS, "k.lua", ["1", "1 aREGISTER", "-1", "-1", "1", "1", "1"]),
]


@pytest.mark.parametrize(("module", "call", "text", "name", "codes"), CALLED)
def test_a_script_calls_functions_of_the_file(tmp_path: Path, module: str, call: str, text: str, name: str, codes: list[str]) -> None:
    if module == "lua":
        pytest.importorskip("lupa")
    (tmp_path / name).write_text(text)
    script = CALLS.replace("MODULE", module).replace("CALL", call).replace("FILE", name)
    instance = start(load(tmp_path / "k.cfg", script), Options(kemi=tmp_path / name))
    instance.receive(REGISTER, CLIENT)
    assert instance.logs == codes
    lost = start(load(tmp_path / "k.cfg", script))
    lost.receive(REGISTER, CLIENT)
    assert [event for event in lost.events if isinstance(event, Failed) and "--kemi FILE" in event.finding.message]
