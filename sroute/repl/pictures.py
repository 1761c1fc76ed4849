"""How outcomes look in a terminal: tables, trees and messages laid out, problems with their place in colour."""

from typing import assert_never

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from sroute.repl.outcome import Branch, Code, Doc, Ladder, Note, Outcome, Part, Problem, Result, Returned, Rows, Sip
from sroute.repl.show import cell, ladder, value_text
from sroute.runtime.values import Value
from sroute.source.excerpt import readable, show
from sroute.syntax.highlight import KamailioLexer

KINDS = {"int": "yellow", "str": "green", "null": "bright_black"}
ROLES = {"error": "1;31", "warning": "1;33", "info": "36", "place": "90", "caret": "32", "hint": "36"}
THEME = "ansi_dark"


class Pictures:
    """Shows outcomes on a rich console."""

    def __init__(self, console: Console) -> None:
        """console is where they appear."""
        self.console = console

    def show(self, outcome: Outcome) -> bool:
        """All parts of an outcome; whether the session goes on."""
        for part in outcome.parts:
            self.console.print(picture(part), highlight=False, soft_wrap=isinstance(part, Problem | Ladder | Note))
        return not outcome.leave


def picture(part: Part) -> RenderableType:
    """A part as rich draws it."""
    match part:
        case Result(value):
            return _value(value)
        case Returned(code, how):
            words = [f"returned {code}"] if code is not None else []
            return Text(", ".join([*words, *([how] if how else [])]), "bright_black")
        case Note(text, quiet):
            return Text(readable_lines(text), "bright_black" if quiet else "")
        case Problem(finding):
            return Text.from_ansi(show(finding, _painted))
        case Rows():
            return _table(part)
        case Branch():
            return _tree(part)
        case Sip(title, text):
            return Panel(_message(text), title=Text(title, "bright_black"), title_align="left", border_style="bright_black", expand=False)
        case Code(text, first, mark):
            marked = {mark} if mark else set()
            lexer = KamailioLexer()
            return Syntax(
                readable_lines(text),
                lexer,
                theme=THEME,
                line_numbers=True,
                start_line=first,
                highlight_lines=marked,
                background_color="default",
            )
        case Ladder():
            return Text("\n".join(ladder(part)))
        case Doc():
            return _doc(part)
        case _:
            assert_never(part)


def readable_lines(text: str) -> str:
    """Text of several lines for people."""
    return "\n".join(readable(line.expandtabs(4)) for line in text.split("\n"))


def _painted(text: str, role: str) -> str:
    return f"\x1b[{ROLES[role]}m{text}\x1b[0m" if role in ROLES else text


def _value(value: Value) -> Text:
    kind, _, rest = value_text(value).partition(" ")
    return Text.assemble((kind, "bright_black" if rest else KINDS["null"]), " " if rest else "", (rest, KINDS.get(kind, "")))


def _table(rows: Rows) -> RenderableType:
    if not rows.rows:
        return Text(f"{rows.title}: none", "bright_black")
    table = Table(title=None, header_style="bold", border_style="bright_black")
    for head in rows.heads:
        table.add_column(head, overflow="fold")
    for row in rows.rows:
        styles = ["yellow" if isinstance(value, int) else "bright_black" if value is None else "" for value in row]
        table.add_row(*(Text(cell(value, head), style) for value, head, style in zip(row, rows.heads, styles, strict=True)))
    return table


def _tree(branch: Branch) -> Tree:
    made = Tree(Text(readable(branch.label), "cyan"), guide_style="bright_black")
    waiting = [(made, branch)]
    while waiting:
        tree, found = waiting.pop(0)
        for child in found.below:
            waiting.append((tree.add(Text(readable(child.label))), child))
    return made


def _message(text: str) -> Text:
    made = Text()
    in_body = False
    for number, line in enumerate(text.splitlines()):
        if number:
            made.append("\n")
        name, colon, value = readable(line).partition(":")
        if number == 0:
            made.append(readable(line), "bold")
        elif in_body or not colon:
            made.append(readable(line))
        else:
            made.append(name, "cyan")
            made.append(colon + value)
        in_body |= not line
    return made


def _doc(doc: Doc) -> Group:
    pieces: list[RenderableType] = []
    for one in doc.found:
        pieces.append(Text(one.signature, "bold"))
        pieces.append(Text(f"  {one.kind} of {one.module}", "bright_black"))
        pieces += [Text(f"  {line}") for line in one.doc.splitlines()]
        if one.routes:
            pieces.append(Text(f"  allowed in: {', '.join(one.routes)}", "bright_black"))
        if one.example:
            pieces.append(Text(f"  example: {one.example}", "bright_black"))
    return Group(*pieces)
