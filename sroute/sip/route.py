"""Route, Record-Route and Path headers: a list of addresses in angle brackets."""

from typing import NamedTuple

from sroute.sip import params as lists
from sroute.sip import uri as uris
from sroute.sip.message import Message
from sroute.sip.params import Param
from sroute.sip.uri import Uri


class Route(NamedTuple):
    """A value: name part as written, URI, parameters behind the bracket, and offsets into the text (`end` without blanks or comma)."""

    name: str
    uri: str
    params: list[Param]
    start: int
    uri_start: int
    end: int

    @property
    def parsed(self) -> Uri | None:
        """The URI in parts."""
        return uris.parse(self.uri)

    @property
    def lr(self) -> bool:
        """Whether the URI says `lr`."""
        parsed = self.parsed
        return parsed is not None and parsed.lr


def parse(text: str, at: int = 0, stop: int | None = None) -> list[Route] | None:
    """The values of a body between two offsets; None when Kamailio's parser refuses it (no angle brackets, text behind them)."""
    end = len(text) if stop is None else stop
    at = lists.skip(text, at, end)
    routes: list[Route] = []
    while True:
        opened = find_unquoted(text, "<", at, end)
        closed = find_unquoted(text, ">", opened + 1, end) if opened >= 0 else -1
        if closed < 0:
            return None
        after, value_end, found = lists.skip(text, closed + 1, end), closed + 1, list[Param]()
        if after < end and text[after] == ";":
            after = lists.skip(text, after + 1, end)
            taken = lists.parse(text, after, end) if after < end else None
            if taken is None:
                return None
            found, after = taken
            value_end = found[-1].end
        routes.append(Route(text[at:opened], text[opened + 1 : closed], found, at, opened + 1, value_end))
        if after >= end:
            return routes
        if text[after] != ",":
            return None
        at = lists.skip(text, after + 1, end)
        if at >= end:
            return None


def find_unquoted(text: str, char: str, at: int, end: int) -> int:
    """The offset of a character outside double quotes (which know `\\"`); -1 without one."""
    while True:
        found = text.find(char, at, end)
        quote = text.find('"', at, end if found < 0 else found)
        if quote < 0 or found < 0:
            return found
        close = text.find('"', quote + 1, end)
        while close > 0 and text[close - 1] == "\\":
            close = text.find('"', close + 1, end)
        if close < 0:
            return -1
        at = close + 1


def of(message: Message, kind: str = "route") -> list[Route] | None:
    """The values of all headers of a kind (`route`, `record-route`, `path`) in order; None when one is refused."""
    routes: list[Route] = []
    for row in message.rows:
        if row[0] == kind:
            values = parse(message.text, row[2], row[3])
            if values is None:
                return None
            routes += values
    return routes
