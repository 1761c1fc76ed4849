"""The routing in Lua that comes with Kamailio's Debian package runs as it is; what it sends is what the real one was recorded to send."""

import re
from pathlib import Path

import pytest

from sroute.instance.api import Options, load, start
from sroute.sip.endpoint import Endpoint

FOLDER = Path("/usr/share/doc/kamailio/examples/kemi")
SCRIPT, ROUTING = FOLDER / "kamailio-basic-kemi.cfg", FOLDER / "kamailio-basic-kemi-lua.lua"
HERE, CLIENT = Endpoint("udp", "127.0.0.1", 15060), Endpoint("udp", "127.0.0.1", 15070)
REQUESTS = [("OPTIONS", "127.0.0.1:15060", "x"), ("REGISTER", "127.0.0.1:15060", "bob")]
REQUESTS += [("INVITE", "bob@127.0.0.1:15060", "bob"), ("INVITE", "nobody@127.0.0.1:15060", "nobody")]
# Recorded from Kamailio 5.6.3 with that file.
SENT = [
    "SIP/2.0 200 Keepalive",
    "SIP/2.0 200 OK | Contact: <sip:bob@127.0.0.1:15070>;expires=3600",
    "SIP/2.0 100 trying -- your call is important to us",
    "INVITE sip:bob@127.0.0.1:15070 SIP/2.0 | Record-Route: <sip:127.0.0.1:15060;lr=on> | Contact: <sip:a@127.0.0.1:15070>",
    "SIP/2.0 404 Not Found",
]


def request(number: int, method: str, uri: str, to: str) -> bytes:
    lines = [f"{method} sip:{uri} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bK{number}"]
    lines += [f"From: <sip:{'bob' if method == 'REGISTER' else 'a'}@127.0.0.1>;tag=1", f"To: <sip:{to}@127.0.0.1>", f"Call-ID: c{number}"]
    lines += [f"CSeq: 1 {method}", f"Contact: <sip:{'bob' if method == 'REGISTER' else 'a'}@127.0.0.1:15070>", "Content-Length: 0"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def told(message: str) -> str:
    return " | ".join([message.split("\r\n", 1)[0], *re.findall(r"^((?:Record-Route|Contact): .*)\r$", message, re.M)])


@pytest.mark.skipif(not ROUTING.exists(), reason=f"{ROUTING} is not installed")
def test_the_packaged_routing_in_lua(tmp_path: Path) -> None:
    pytest.importorskip("lupa")
    text = re.sub(r"^#!define WITH_.*$", "", SCRIPT.read_text("latin-1"), flags=re.M)
    program = load(tmp_path / "k.cfg", text, defines={"WITH_CFGLUA": None, "WITH_NAT": None})
    instance = start(program, Options(kemi=ROUTING, listen=HERE))
    for number, (method, uri, to) in enumerate(REQUESTS):
        instance.receive(request(number, method, uri, to), CLIENT)
    assert [told(sent.message) for sent in instance.sent] == SENT
