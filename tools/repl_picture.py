"""Draws a session of the REPL as SVG, for the README: `python -m tools.repl_picture [INPUTS] [PICTURE]`.

INPUTS has one input a line (`examples/repl-picture.txt`); what they come to is computed, not drawn by hand.
"""

import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click
from pygments import lex
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from rich.console import Console
from rich.text import Text

from sroute.cli.talking import tell
from sroute.instance.events import Event
from sroute.repl import inputs
from sroute.repl.evaluate import Evaluator
from sroute.repl.pictures import Pictures
from sroute.repl.session import Setup
from sroute.syntax.highlight import KamailioLexer

ROOT = Path(__file__).parents[1]
WIDTH = 104
COLOURS: tuple[tuple[_TokenType, str], ...] = (
    (Name.Variable, "cyan"),
    (String.Interpol, "cyan"),
    (Name.Function, "blue"),
    (Name.Builtin, "blue"),
    (Keyword, "magenta"),
    (String, "green"),
    (Number, "yellow"),
    (Comment, "bright_black"),
)


def main() -> None:
    """Draws the picture."""
    names = [Path(name).resolve() for name in sys.argv[1:]]
    source = names[0] if names else ROOT / "examples" / "repl-picture.txt"
    target = names[1] if len(names) > 1 else ROOT / "examples" / "repl.svg"
    os.chdir(ROOT)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    draw(source.read_text(encoding="utf-8"), console)
    target.write_text(console.export_svg(title="sroute repl", unique_id="repl"), encoding="utf-8")


def draw(text: str, console: Console) -> None:
    """Evaluates the inputs and prints them with what they come to."""

    def hear(event: Event) -> None:
        out = io.StringIO()
        with redirect_stdout(out), click.Context(click.Command("repl"), color=True):
            tell(event)
        console.print(Text.from_ansi(out.getvalue().rstrip("\n")))

    evaluator = Evaluator(Setup(), hear)
    pictures = Pictures(console)
    for given in inputs.split(text.splitlines()):
        console.print(_typed(given))
        pictures.show(evaluator.evaluate(given))


def _colour(token: _TokenType) -> str:
    return next((colour for kind, colour in COLOURS if kind in (token, *token.split())), "")


def _typed(given: str) -> Text:
    made = Text.assemble(("sroute> ", "bold green"))
    if given.lstrip().startswith("."):
        return made.append(given, "bold")
    for token, value in lex(given, KamailioLexer()):
        made.append(value.replace("\n", "\n   ...> "), _colour(token))
    made.rstrip()
    if made.plain.endswith("...>"):
        made.right_crop(len("\n   ...>"))
    return made


if __name__ == "__main__":
    main()
