"""The event routes a module runs.  Their names stand as text in its code; some are put together while running."""

import re

from tools.declare.elf import Image

NAME = re.compile(r"[a-z]+:[a-z][a-z-]*")
TABLES = frozenset({"event_rt"})
#: Only handed to a KEMI script, as the argument of its call-back; the last one is the beginning of `tm:branch-failure:NAME`.
NOT_RUN = frozenset(
    (
        *("tm:continue", "tmx:continue", "ccr:continue", "xmlrpc:request", "async:task-exec", "async:timer-exec", "async:task-data"),
        *("dialog:timeout", "tm:local-response-sent", "tm:branch-failure"),
    )
)
#: Names with a part that the script or a peer chooses.
FAMILIES = {
    "erlang": ("erlang:*",),
    "htable": ("htable:expired:*",),
    "kazoo": ("kazoo:consumer-event-*",),
    "nats": ("nats:*",),
    "tm": ("tm:branch-failure:*",),
}


def read(image: Image, module: str) -> tuple[str, ...]:
    """The names of a module's event routes, sorted; none if it never touches the table of event routes."""
    if not TABLES & image.imports:
        return ()
    plain = {text for text in image.strings() if NAME.fullmatch(text)} - NOT_RUN
    return tuple(sorted(plain | set(FAMILIES.get(module, ()))))
