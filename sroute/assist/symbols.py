"""The symbols of a script: its blocks, where they stand, and where they are called."""

from dataclasses import dataclass

from sroute.resolve.places import TITLES
from sroute.source.text import Span
from sroute.syntax.nodes import Literal, Route, RouteCall, Script
from sroute.syntax.walk import nodes_of


@dataclass(frozen=True, slots=True)
class Symbol:
    """A block: how a script calls it, its name alone, its span and that of its name."""

    title: str
    name: str | None
    span: Span
    name_span: Span


def symbols(script: Script) -> list[Symbol]:
    """The blocks of a script in order."""
    made = []
    for item in script.items:
        if isinstance(item, Route):
            title = TITLES[item.kind] if item.name is not None else {"request": "request_route"}.get(item.kind, TITLES[item.kind])
            shown = f"{title}[{item.name}]" if item.name is not None else title
            made.append(Symbol(shown, item.name, item.span, item.name_span or item.span))
    return made


def calls(script: Script, name: str) -> list[Span]:
    """Where a request route is called by its written name."""
    return [
        node.target.span
        for node in nodes_of(script)
        if isinstance(node, RouteCall) and isinstance(node.target, Literal) and str(node.target.value) == name
    ]
