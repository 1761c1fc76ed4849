"""Which call the cursor is in, and which of its parameters."""

import re
from dataclasses import dataclass

from sroute.assist.complete import first_line
from sroute.resolve.names import NameTable

_NAME = re.compile(r"(?<![\w$@.])([A-Za-z_]\w*)[ \t]*$")
FARTHEST = 4000


@dataclass(frozen=True, slots=True)
class Signature:
    """One form of a function; active counts parameters from 0."""

    name: str
    module: str
    parameters: tuple[str, ...]
    active: int
    doc: str


def signatures(text: str, cursor: int, names: NameTable) -> list[Signature]:
    """The forms of the function whose arguments the cursor is in; those that have room for the parameter first."""
    found = _call(text[max(0, cursor - FARTHEST) : cursor])
    if found is None:
        return []
    name, active = found
    made = [
        Signature(name, function.module, function.names, active, first_line(function.doc))
        for module in names.modules
        for (known, _), function in module.functions.items()
        if known == name and (not function.since or names.dialect.newer)
    ]
    return sorted(made, key=lambda one: (len(one.parameters) <= active, len(one.parameters)))


def _call(before: str) -> tuple[str, int] | None:
    """The name in front of the innermost open parenthesis of a call, and how many commas stand behind it."""
    stack: list[tuple[str, int]] = []
    quote = ""
    at = 0
    while at < len(before):
        char = before[at]
        if quote:
            if char == "\\" and quote == '"':
                at += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char == "(":
            name = _NAME.search(before, max(0, at - 80), at)
            stack.append((name[1] if name else "", 0))
        elif char == ")" and stack:
            stack.pop()
        elif char == "," and stack:
            stack[-1] = (stack[-1][0], stack[-1][1] + 1)
        elif char in ";{}" and not any(name for name, _ in stack):
            stack.clear()
        at += 1
    return next(((name, commas) for name, commas in reversed(stack) if name), None)
