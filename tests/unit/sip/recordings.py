"""What Kamailio 5.6.3 did with the messages in `recorded/`, and the addresses of those runs."""

import json
from pathlib import Path
from typing import Any

from sroute.sip.endpoint import Endpoint

CLIENT = Endpoint("udp", "127.0.0.1", 15070)
SERVER = Endpoint("udp", "127.0.0.1", 15060)
Case = dict[str, Any]


def load(name: str) -> list[Case]:
    """The cases of a recording."""
    cases: list[Case] = json.loads((Path(__file__).parent / "recorded" / f"{name}.json").read_text())["cases"]
    return cases


def label(case: Case) -> str:
    """A short name for a case in pytest's output."""
    for key in ("name", "uri", "via", "body", "contact", "route", "authorization", "message"):
        if key in case:
            return str(case[key])[:50].encode("unicode_escape").decode()
    return ""
