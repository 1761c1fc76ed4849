"""debugger: a breakpoint ends a message loudly; without the module nothing is watched."""

from sroute.instance.api import check
from sroute.instance.events import Diag, Failed
from sroute.instance.instance import Instance
from sroute.sip import compose
from sroute.sip.endpoint import PEER

SCRIPT = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
%s
request_route {
    xlog("one\\n");
    xlog("two\\n");
}
"""


def start(modules: str) -> Instance:
    """An instance of the script with some modules and their parameters."""
    program, _ = check("script.cfg", SCRIPT % modules)
    assert program is not None
    instance = Instance(program)
    assert not instance.refused
    return instance


def failures(instance: Instance) -> list[str]:
    """What has ended messages."""
    return [event.finding.message for event in instance.events if isinstance(event, Failed)]


def test_breakpoint_by_rpc() -> None:
    instance = start('loadmodule "debugger.so"')
    message = compose.request(PEER, ruri="sip:a@b")
    instance.receive(message)
    assert instance.rpc("dbg.bp", ["on"]) == "200 ok"
    instance.receive(message)
    assert len(failures(instance)) == 1
    assert "dbg.bp" in failures(instance)[0]
    instance.rpc("dbg.bp", ["off"])
    instance.receive(message)
    assert instance.logs == ["one", "two", "one", "two"]


def test_processes() -> None:
    instance = start('loadmodule "debugger.so"\nmodparam("debugger", "cfgtrace", 1)')
    pid = instance.process().pid
    shown = {"entry": 1, "pid": pid, "set": 1, "state": 0, "in.pid": 0, "in.cmd": 0}
    assert instance.rpc("dbg.ls", []) == shown
    assert instance.rpc("dbg.trace", ["off", pid]) == "200 ok"
    assert instance.rpc("dbg.ls", [pid]) == shown | {"set": 0}


def test_the_file_is_named() -> None:
    instance = start('loadmodule "debugger.so"\nmodparam("debugger", "cfgtrace", 1)')
    instance.receive(compose.request(PEER, ruri="sip:a@b"))
    told = [event.text for event in instance.events if isinstance(event, Diag)]
    assert told[0] == "*** cfgtrace:dbg_cfg_trace(): request_route=[DEFAULT_ROUTE] c=[script.cfg] l=7 a=25 n=xlog"


def test_nothing_is_watched_without_it() -> None:
    instance = start("")
    assert instance.routes.binder.actions is None
