"""HTTP requests that are odd: none of them raises."""

import pytest

from sroute.instance.api import check
from sroute.instance.events import Diag
from sroute.instance.instance import Instance

SCRIPT = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "xhttp.so"
loadmodule "jsonrpcs.so"
request_route { xlog("sip\\n"); }
event_route[xhttp:request] { xlog("$hu\\n"); BODY }
"""


def started(body: str) -> Instance:
    program, _ = check("x.cfg", SCRIPT.replace("BODY", body))
    assert program is not None
    return Instance(program)


@pytest.mark.parametrize("statement", ['forward("127.0.0.1");', "t_newtran();", "t_relay();"])
def test_sip_forwarding_of_http_sends_nothing_and_says_why(statement: str) -> None:
    instance = started(statement)
    instance.receive("GET sip:a@127.0.0.1 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert instance.logs == ["sip:a@127.0.0.1"]
    assert instance.sent == []
    assert any(isinstance(event, Diag) and event.level == "ERROR" for event in instance.events)


@pytest.mark.parametrize(
    "text",
    ["GET / HTTP/1.1", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n", "\r\n"],
)
def test_what_is_no_http_request_runs_nothing(text: str) -> None:
    instance = started("exit;")
    instance.receive(text)
    assert instance.logs == []


@pytest.mark.parametrize("body", ["", "{", "[" * 5000, "[]", '{"jsonrpc": "2.0", "method": {}, "params": 5, "id": []}', "\xff"])
def test_json_rpc_that_is_none(body: str) -> None:
    instance = started("jsonrpc_dispatch();")
    instance.receive(f"POST /RPC HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}")
    assert instance.logs == ["/RPC"]
