"""`--here`: what the machine has and has not."""

from pathlib import Path

import pytest

from sroute.linter.linter import Request, lint
from sroute.linter.machine import local_addresses

LIST = '#!KAMAILIO\nloadmodule "dispatcher.so"\nmodparam("dispatcher", "list_file", "{}")\nrequest_route {{ exit; }}\n'


def found(text: str, code: str, *, here: bool, path: str = "x.cfg") -> list[str]:
    return [
        f"{finding.diagnostic.severity}: {finding.diagnostic.message}"
        for finding in lint(path, text, Request(here=here)).findings
        if finding.code == code
    ]


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    missing = tmp_path / "dispatcher.list"
    text = LIST.format(missing)
    assert found(text, "MD021", here=False) == []
    assert found(text, "MD021", here=True) == [f"error: there is no file {missing}: Kamailio does not start"]
    missing.write_text("1 sip:10.0.0.1\n")
    assert found(text, "MD021", here=True) == []


def test_a_file_beside_the_script(tmp_path: Path) -> None:
    text = LIST.format("dispatcher.list")
    (tmp_path / "dispatcher.list").write_text("")
    assert found(text, "MD021", here=False, path=str(tmp_path / "x.cfg"))[0].startswith("warning: ")
    assert found(text, "MD021", here=True, path=str(tmp_path / "x.cfg")) == []


@pytest.mark.skipif(local_addresses() is None, reason="the system does not tell its addresses")
def test_addresses() -> None:
    text = "#!KAMAILIO\nlisten=udp:{}:5060\nrequest_route {{ exit; }}\n"
    assert found(text.format("203.0.113.77"), "MD032", here=False) == []
    assert len(found(text.format("203.0.113.77"), "MD032", here=True)) == 1
    for address in local_addresses() or ():
        written = f"[{address}]" if ":" in address else address
        assert found(text.format(written), "MD032", here=True) == []
