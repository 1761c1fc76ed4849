"""Event routes: which modules raise which event."""

import re

from sroute.exports.catalog import Catalog
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call, Literal, ModParam

_OPEN = re.compile(r"<[^>]*>|\*")
_NAME = re.compile(r"[A-Za-z][\w-]*(?::[A-Za-z][\w-]*)+")


def of_name(name: str, catalog: Catalog) -> tuple[tuple[str, ...], list[str]]:
    """The modules that raise an event (`core` included), and the events that begin as it does."""
    if any(name == event for event in catalog.core().events):
        return ("core",), []
    parts = name.split(":")
    for length in range(len(parts), 0, -1):
        pattern = ":".join(parts[:length]) + (":*" if length < len(parts) else "")
        owners = catalog.owners("event", pattern)
        if owners:
            return owners, []
    module = catalog.module(parts[0]) if parts[0] in catalog.names() else None
    if module is not None and any(fits(event, name) for event in module.events):
        return (module.name,), []
    return (), [*(module.events if module else ()), *catalog.core().events]


def fits(event: str, name: str) -> bool:
    """Whether a name is that of an event, whose variable parts are written `<x>` or `*`."""
    return re.fullmatch(".+".join(re.escape(part) for part in _OPEN.split(event)), name) is not None


def mentioned(subject: Subject) -> frozenset[str]:
    """Names of the form of an event in arguments and parameters: some modules are told which block to run."""
    texts = [arg.value for call in subject.tree.each(Call) for arg in call.args if isinstance(arg, Literal)]
    texts += [node.value.value for node in subject.tree.each(ModParam) if isinstance(node.value, Literal)]
    return frozenset(name for text in texts if isinstance(text, str) for name in _NAME.findall(text))
