"""The conversation of `flow/`: the same for the real Kamailio and for sroute; what comes out is told in a line for each message."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "flow"
STEPS: list[dict[str, str | int]] = json.loads((FOLDER / "steps.json").read_text())
RECORDED = FOLDER / "sent.json"
SHOWN = re.compile(r"^(X-[A-Za-z]+: .*|Record-Route: .*)\r$", re.M)


def script(engine: str, program: Path) -> str:
    """The script that routes in a file."""
    module = "app_lua" if engine == "lua" else "app_python3"
    text = (FOLDER / "k.cfg").read_text()
    return f'#!KAMAILIO\n{text}\nloadmodule "{module}.so"\nmodparam("{module}", "load", "{program}")\ncfgengine "{engine}"\n'


def request(step: dict[str, str | int]) -> bytes:
    """The request of a step."""
    method, ident = str(step["send"]), str(step["id"])
    lines = [f"{method} sip:bob@127.0.0.1:15060 SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:15070;branch=z9hG4bK-{ident}"]
    lines += ["From: <sip:alice@127.0.0.1>;tag=a", f"To: <sip:bob@127.0.0.1>{';tag=b' if method == 'ACK' else ''}", f"Call-ID: {ident}"]
    lines += [f"CSeq: 1 {method}", "Max-Forwards: 70", *([str(step["header"])] if "header" in step else []), "Content-Length: 0"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def reply(step: dict[str, str | int], relayed: str) -> bytes:
    """The reply of a step to the request that was relayed last."""
    kept = re.findall(r"^((?:Via|From|Call-ID|CSeq|Record-Route): .*)\r$", relayed, re.M)
    lines = [f"SIP/2.0 {step['reply']} R", *kept, "To: <sip:bob@127.0.0.1>;tag=b", "Content-Length: 0"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def told(message: str) -> str:
    """A message in a line: its first one, and the headers that the routing adds."""
    return " | ".join([message.split("\r\n", 1)[0], *SHOWN.findall(message)])


def is_request(message: str) -> bool:
    """Whether a message can be replied to."""
    return not message.startswith(("SIP/2.0", "ACK"))
