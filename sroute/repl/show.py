"""How outcomes look: plain lines for pipes and tests."""

from collections.abc import Callable
from typing import assert_never

from sroute.repl.outcome import Branch, Code, Doc, Ladder, Note, Outcome, Part, Problem, Result, Returned, Rows, Sip
from sroute.runtime.values import Value
from sroute.source.excerpt import readable, show

Echo = Callable[[str], object]


def value_text(value: Value) -> str:
    """A value as the language sees it: `int 5`, `str "5"`, `null`."""
    if value is None:
        return "null"
    return f"int {value}" if isinstance(value, int) else f'str "{readable(value)}"'


def cell(value: Value, head: str) -> str:
    """A value in a table; in a column of values a string has quotes, as it is none in others."""
    if isinstance(value, str):
        return f'"{readable(value)}"' if head == "value" else readable(value)
    return "null" if value is None else str(value)


class Plain:
    """Lines without colours; problems go elsewhere."""

    def __init__(self, echo: Echo, complain: Echo) -> None:
        """echo takes a line of output, complain one about an error."""
        self._echo = echo
        self._complain = complain

    def show(self, outcome: Outcome) -> None:
        """All parts of an outcome."""
        for part in outcome.parts:
            if isinstance(part, Problem):
                self._complain(show(part.finding))
            else:
                for line in lines(part):
                    self._echo(line)


def lines(part: Part) -> list[str]:
    """A part as plain lines."""
    match part:
        case Result(value):
            return [value_text(value)]
        case Returned():
            return []
        case Note(text, quiet):
            return [] if quiet else [readable(line) for line in text.split("\n")]
        case Problem(finding):
            return show(finding).split("\n")
        case Rows():
            return _columns(part)
        case Branch():
            return _tree(part, 0)
        case Sip(title, text):
            return [title, *(f"  | {readable(line)}" for line in text.splitlines())]
        case Code(text, first, mark):
            numbered = enumerate(text.splitlines(), first)
            return [f"{'>' if number == mark else ' '}{number:>4} | {readable(line)}" for number, line in numbered]
        case Ladder():
            return ladder(part)
        case Doc(found):
            return [line for one in found for line in (one.signature, f"  {one.kind} of {one.module}", *_indented(one.doc), "")][:-1]
        case _:
            assert_never(part)


def _indented(text: str) -> list[str]:
    return [f"  {line}".rstrip() for line in text.splitlines()]


def _columns(rows: Rows) -> list[str]:
    if not rows.rows:
        return [f"{rows.title}: none"]
    table = [[cell(value, head) for value, head in zip(row, rows.heads, strict=True)] for row in rows.rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _tree(branch: Branch, depth: int) -> list[str]:
    made, waiting = [], [(branch, depth)]
    while waiting:
        found, level = waiting.pop()
        made.append("  " * level + readable(found.label))
        waiting += [(child, level + 1) for child in reversed(found.below)]
    return made


GAP = 36


def ladder(flow: Ladder) -> list[str]:
    """Ends side by side, an arrow for each message."""
    ends = list(dict.fromkeys(end for arrow in flow.arrows for end in (arrow.source, arrow.destination)))
    if not ends:
        return ["no message yet"]
    at = {end: number * GAP for number, end in enumerate(ends)}
    width = at[ends[-1]] + 1
    made = ["".join(end[: GAP - 2].ljust(GAP) for end in ends).rstrip()]
    for arrow in flow.arrows:
        left, right = sorted((at[arrow.source], at[arrow.destination]))
        bars = ["|" if column in at.values() else " " for column in range(width)]
        label = f" {readable(arrow.label)} "[: max(right - left - 3, 0)]
        line = list(label.center(right - left - 1, "-"))
        if line:
            line[-1 if at[arrow.source] == left else 0] = ">" if at[arrow.source] == left else "<"
        bars[left + 1 : right] = line
        made.append("".join(bars).rstrip())
    return made
