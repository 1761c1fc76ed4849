"""Pings of four bytes that seem to come from elsewhere: Kamailio sends them by raw sockets, which the recorder does not see."""

import pytest

from sroute.instance.api import load, start
from sroute.instance.events import Send
from sroute.sip.endpoint import LOCAL, PEER

SCRIPT = """#!KAMAILIO
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
modparam("registrar", "use_path", 1)
modparam("registrar", "path_mode", 0)
modparam("nathelper", "natping_interval", 1)
{}
request_route {{ save("location"); }}
"""
REGISTER = (
    "REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK1\r\nFrom: <sip:alice@example.com>;tag=a1\r\n"
    "To: <sip:alice@example.com>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\nContact: <sip:alice@127.0.0.1:5062>\r\nSupported: path\r\n"
    "Path: <sip:127.0.0.1:5064;lr>, <sip:127.0.0.1:5065;lr>\r\nContent-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize(
    ("setting", "source"),
    [
        ("", "udp:127.0.0.1:5060"),
        ('modparam("nathelper", "natping_socket", "192.168.1.1:5006")', "udp:192.168.1.1:5006"),
        ('modparam("nathelper", "udpping_from_path", 1)', "udp:127.0.0.1:5065"),
    ],
)
def test_source(setting: str, source: str) -> None:
    instance = start(load("pings.cfg", SCRIPT.format(setting)))
    instance.receive(REGISTER, PEER, LOCAL)
    instance.advance(1.5)
    pings = [event for event in instance.events if isinstance(event, Send) and event.message == "\0\0\0\0"]
    assert [(str(ping.src), str(ping.dst)) for ping in pings] == [(source, "udp:127.0.0.1:5062")]
