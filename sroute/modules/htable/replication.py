"""Replication over DMQ: what is told to other nodes; what they tell is in `receiving`."""

import json
from collections.abc import Callable
from typing import Any, Protocol, cast

from sroute.exports.module import InitError
from sroute.modules.htable.table import NEVER, Item, Table
from sroute.modules.htable.tables import Tables
from sroute.sip.message import Message
from sroute.source.text import Span

JSON = "application/json"
SYNC, SET, EXPIRE, DELETE, BY_REGEX, BY_PREFIX, BY_SUFFIX, CONTAINING = range(1, 9)
_MATCHING = {"re": BY_REGEX, "sw": BY_PREFIX, "ew": BY_SUFFIX, "in": CONTAINING}
_WITH_TEXT = (BY_REGEX, BY_PREFIX)
INTEGER, STRING = 0, 2
FULL = 60000
"""Bytes of a sync message at which it is sent."""
_CELL_OVERHEAD = 80
Answer = tuple[int, str]
OK: Answer = (200, "OK")
_STAMPED = "6.2"


Receive = Callable[[Message, Any], Answer]


class Queue(Protocol):
    """The module dmq, as a module sees it that sends by it. Importing it would load tm for every script with tables."""

    def register(self, name: str, receive: Receive, begin: Callable[[], None]) -> bool:
        """Adds a channel: receive gets a message and the node that sent it (None: not known); False before dmq has started."""

    def broadcast(self, peer: str, body: str, content_type: str) -> bool:
        """Sends to all active nodes."""

    def send(self, peer: str, node: Any, body: str, content_type: str) -> bool:
        """Sends to one node."""


def connect(state: Tables, receiving: Callable[["Replication"], Receive]) -> None:
    """Registers the channel of htable with dmq, and takes the place of NoPeer; receiving makes what is done with messages.

    Raises InitError.
    """
    dmq = cast(Queue, state.services.state("dmq"))
    replication = Replication(state, dmq)
    receive = receiving(replication)
    if not dmq.register(replication.name, receive, replication.begin):
        raise InitError("error in register_dmq_peer")
    state.ask_nodes = replication.ask
    for table in state.all.values():
        if table.definition.dmqreplicate:
            table.changes = replication


class Replication:
    """Implements Changes, and answers those who ask for the content."""

    def __init__(self, state: Tables, dmq: Queue) -> None:
        """For one instance."""
        self.state, self._dmq = state, dmq
        self.stamps = state.services.dialect.version >= _STAMPED
        self.name = state.dmq_peer_id if self.stamps else "htable"
        self._written: dict[tuple[str, str], int] = {}
        """When items were last written, in milliseconds, where messages say so (newer)."""

    # ------------------------------------------------------------ telling others

    def _tell(self, fields: dict[str, Item]) -> bool:
        return self._dmq.broadcast(self.name, _json(fields), JSON)

    def stored(self, table: str, key: str, value: Item, at: Span | None) -> bool:
        """An item gets a value."""
        fields: dict[str, Item] = {"action": SET, "htname": table, "cname": key, **_value(value)}
        if self.stamps:
            fields["last_modified"] = self._stamp(table, key)
        return self._tell({**fields, "mode": 1})

    def expires(self, table: str, key: str, seconds: int, at: Span | None) -> bool:
        """An item is told how long it has to live."""
        return self._tell({"action": EXPIRE, "htname": table, "cname": key, "type": INTEGER, "intval": seconds, "mode": 0})

    def removed(self, table: str, key: str, at: Span | None) -> bool:
        """An item is deleted, or was to be and is not there."""
        return self._tell({"action": DELETE, "htname": table, "cname": key, "mode": 0})

    def removed_matching(self, table: str, operator: str, text: str, at: Span | None, *, by_value: bool) -> bool:
        """Items whose name or value matches are deleted; for `ew` and `in` the text is missing, as in Kamailio."""
        action = _MATCHING[operator]
        fields: dict[str, Item] = {"action": action, "htname": table}
        if action in _WITH_TEXT:
            fields |= {"type": STRING, "strval": text}
        return self._tell({**fields, "mode": int(by_value)})

    def known(self, table: str, key: str) -> int:
        """When an item was last written, in milliseconds; 0 where it is not known."""
        found = self.state.all.get(table)
        return self._written.get((table, key), 0) if found is not None and key in found.values else 0

    def _stamp(self, table: str, key: str) -> int:
        now = int(self.state.services.clock.now() * 1000)
        return self.note(table, key, max(now, self.known(table, key) + 1))

    def note(self, table: str, key: str, when: int) -> int:
        """Takes note of when an item was written."""
        living = sum(len(found.values) for found in self.state.all.values())
        if len(self._written) > 2 * living + 1000:
            self._written = {(t, k): at for (t, k), at in self._written.items() if k in self.state.all[t].values}
        self._written[table, key] = when
        return when

    # ------------------------------------------------------------ sync

    def begin(self) -> None:
        """Nodes are known: asks them for their content, with dmq_init_sync."""
        if self.state.dmq_init_sync:
            self.ask()

    def ask(self, table: str = "") -> bool:
        """Asks all active nodes for the content of a table, or of all."""
        return self._tell({"action": SYNC, "htname": table} if table else {"action": SYNC})

    def sync(self, asking: Any, only: str | None) -> Answer:
        """Sends the content of all replicated tables, or of one, to the node that asked."""
        cells: list[dict[str, Item]] = []
        size = 0
        for table in self.state.all.values():
            if not table.definition.dmqreplicate or (only is not None and table.name != only):
                continue
            self.state.waits(table, None, "a node that asks for the content")
            for key, value in table.items():
                cell = self._cell(table, key, value)
                if cell is None:
                    continue
                cells.append(cell)
                size += len(key) + len(table.name) + len(str(value)) + _CELL_OVERHEAD
                if size >= FULL:
                    self._send_cells(asking, cells)
                    cells, size = [], 0
        self._send_cells(asking, cells)
        return OK

    def _cell(self, table: Table, key: str, value: Item) -> dict[str, Item] | None:
        """An item for a sync; in tables with autoexpire expired and never-expiring ones are left out."""
        expiry = table.expiries.get(key, NEVER)
        if table.definition.autoexpire and expiry <= table.now():
            return None
        cell: dict[str, Item] = {"htname": table.name, "cname": key, **_value(value), "expire": expiry}
        return {**cell, "last_modified": self.known(table.name, key)} if self.stamps else cell

    def _send_cells(self, asking: Any, cells: list[dict[str, Item]]) -> None:
        body = json.dumps({"cells": cells}, ensure_ascii=False, separators=(",", ":"))
        if asking is None:
            self._dmq.broadcast(self.name, body, JSON)
        else:
            self._dmq.send(self.name, asking, body, JSON)


def _value(value: Item) -> dict[str, Item]:
    return {"type": STRING, "strval": value} if isinstance(value, str) else {"type": INTEGER, "intval": value}


def _json(fields: dict[str, Item]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
