"""A proxy in memory, and short ways to drive it."""

import re
from pathlib import Path

from sroute.instance.api import load, start
from sroute.instance.events import Diag, Event, Log, Send
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.sip.endpoint import Endpoint

ALICE = Endpoint("udp", "127.0.0.1", 5061)
BOB = Endpoint("udp", "127.0.0.1", 5081)
CAROL = Endpoint("udp", "127.0.0.1", 5082)
PROXY = Endpoint("udp", "127.0.0.1", 5060)
HEAD = "#!KAMAILIO\n" + "".join(f'loadmodule "{name}.so"\n' for name in ("tm", "tmx", "sl", "rr", "pv", "xlog", "corex", "textops"))
_KEPT = re.compile(r"(?:Via|From|To|Call-ID|CSeq|Record-Route):")


class Proxy:
    """An instance of a script, and what it has sent and said."""

    def __init__(self, folder: Path, script: str) -> None:
        """Starts; script is what follows the modules."""
        path = folder / "proxy.cfg"
        path.write_text(HEAD + script)
        self.instance: Instance = start(load(path), Options(keep_events=False))
        self.sent: list[Send] = []
        self.log: list[str] = []
        self.said: list[str] = []
        self.instance.journal.listeners.append(self._note)

    def _note(self, event: Event) -> None:
        if isinstance(event, Send):
            self.sent.append(event)
        elif isinstance(event, Log):
            self.log.append(event.text.rstrip("\n"))
        elif isinstance(event, Diag) and event.level in ("ERROR", "WARNING", "CRITICAL"):
            self.said.append(event.text)

    def request(self, method: str = "INVITE", uri: str = BOB.uri, *, call: str = "call", cseq: int = 1) -> list[Send]:
        """Alice sends a request: what left because of it. ACK and CANCEL belong to the INVITE with their number."""
        branch = f"z9hG4bK-{call}-{cseq}-{'INVITE' if method in ('ACK', 'CANCEL') else method}"
        return self.receive(
            f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {ALICE.ip}:{ALICE.port};branch={branch}\r\nFrom: <sip:alice@example.com>;tag=a\r\n"
            f"To: <sip:bob@example.com>\r\nCall-ID: {call}\r\nCSeq: {cseq} {method}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            ALICE,
        )

    def reply(self, to: Send, status: str) -> list[Send]:
        """Whoever got a request answers it: what left because of it."""
        lines = [line + ";tag=t" if line.startswith("To:") else line for line in to.message.split("\r\n") if _KEPT.match(line)]
        return self.receive("\r\n".join([f"SIP/2.0 {status}", *lines, "Content-Length: 0", "", ""]), to.dst)

    def receive(self, text: str, source: Endpoint) -> list[Send]:
        """A message arrives: what left because of it."""
        before = len(self.sent)
        self.instance.receive(text, source, PROXY)
        return self.sent[before:]

    def advance(self, seconds: float) -> list[Send]:
        """Time passes: what left in it."""
        before = len(self.sent)
        self.instance.advance(seconds)
        return self.sent[before:]


def first_line(sent: Send) -> str:
    """The first line of a message that left."""
    return sent.message.partition("\r\n")[0]


def lines(sent: list[Send]) -> list[str]:
    """The first lines of messages that left, requests by their method only, with the port that they went to."""
    return [f"{line if (line := first_line(one)).startswith('SIP') else line.split()[0]} -> {one.dst.port}" for one in sent]
