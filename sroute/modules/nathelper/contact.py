"""The contact that this module looks at and changes: of the first Contact header the value that 5.6.3 keeps in front, the last.

A changed contact is seen by later functions of the module and by save() until the changes are applied.
"""

from typing import NamedTuple

from sroute.modules.nathelper.module import NatHelper
from sroute.runtime.run import Run
from sroute.sip import contact as contacts
from sroute.sip import uri as uris
from sroute.sip.uri import Uri

_KEY = "nathelper"


class Found(NamedTuple):
    """A contact URI: its parts, where it stands in the message, and whether a function has changed it already."""

    uri: Uri
    start: int
    end: int
    changed: bool

    @property
    def host(self) -> int:
        """The offset of the host in the URI."""
        text = self.uri.text
        return text.rfind("@") + 1 or text.index(":") + 1

    @property
    def hostport_end(self) -> int:
        """The offset behind host and port in the URI."""
        return self.host + len(self.uri.host) + (len(self.uri.port) + 1 if self.uri.port else 0)


def first(state: NatHelper, run: Run) -> Found | None:
    """The contact; None without one, with a complaint when it can't be read."""
    row = run.message.row("contact")
    if row is None:
        return None
    body = contacts.parse(run.message.text, row[2], row[3])
    if body is None:
        state.complain(run, "failed to parse Contact body")
        return None
    if not body.values:
        return None
    value = body.values[-1]
    text, changed = value.uri, False
    kept = run.extra.get(_KEY)
    if isinstance(kept, tuple) and kept[0] is run.message.lumps:
        text, changed = kept[1], True
    uri = uris.parse(text)
    if uri is None or not uri.host:
        state.complain(run, f"failed to parse Contact URI [{text}]")
        return None
    return Found(uri, value.uri_start, value.uri_end, changed)


def replace(run: Run, found: Found, written: str, uri: str) -> None:
    """Writes another URI (as it is written, in brackets perhaps) in place of the contact's."""
    run.message.lumps.delete(found.start, found.end - found.start, contacts.CHANGED).add_after(written)
    run.extra[_KEY] = (run.message.lumps, uri)
