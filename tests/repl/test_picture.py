"""The picture of a session shows what the REPL prints now."""

import io
import re
from pathlib import Path

import pytest

drawing = pytest.importorskip("tools.repl_picture")
FOLDER = Path(__file__).parents[2] / "examples"
_TEXT = re.compile(r"<text [^>]*>(.*?)</text>")


def test_picture_is_of_now() -> None:
    console = drawing.Console(record=True, width=drawing.WIDTH, file=io.StringIO(), force_terminal=True)
    drawing.draw((FOLDER / "repl-picture.txt").read_text(encoding="utf-8"), console)
    now = console.export_svg(title="sroute repl", unique_id="repl")
    assert _TEXT.findall(now) == _TEXT.findall((FOLDER / "repl.svg").read_text(encoding="utf-8"))
