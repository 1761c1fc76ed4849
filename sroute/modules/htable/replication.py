"""Replication over DMQ: what is told to other nodes, and what they tell."""

import json
import math
from collections.abc import Callable
from typing import Any, Protocol, cast

from sroute.exports.module import InitError
from sroute.modules.htable import match
from sroute.modules.htable.table import NEVER, Item, Table
from sroute.modules.htable.tables import Tables
from sroute.runtime import jsontext
from sroute.sip.message import Message
from sroute.source.text import Span

JSON = "application/json"
SYNC, SET, EXPIRE, DELETE, BY_REGEX, BY_PREFIX, BY_SUFFIX, CONTAINING = range(1, 9)
_MATCHING = {"re": BY_REGEX, "sw": BY_PREFIX, "ew": BY_SUFFIX, "in": CONTAINING}
_OPERATORS = {BY_REGEX: "re", BY_PREFIX: "sw"}
_FIELDS = frozenset({"action", "htname", "cname", "type", "strval", "intval", "mode"})
_CELL = frozenset({"htname", "cname", "type", "strval", "intval", "expire"})
INTEGER, STRING = 0, 2
FULL = 60000
"""Bytes of a sync message at which it is sent."""
_CELL_OVERHEAD = 80
Answer = tuple[int, str]
OK: Answer = (200, "OK")
BAD: Answer = (400, "Bad Request")
FAILED: Answer = (500, "Server Internal Error")
_NEWER = "6.2"


class Queue(Protocol):
    """The module dmq, as a module sees it that sends by it. Importing it would load tm for every script with tables."""

    def register(self, name: str, receive: Callable[[Message, Any], Answer], begin: Callable[[], None]) -> bool:
        """Adds a channel: receive gets a message and the node that sent it (None: not known); False before dmq has started."""

    def broadcast(self, peer: str, body: str, content_type: str) -> bool:
        """Sends to all active nodes."""

    def send(self, peer: str, node: Any, body: str, content_type: str) -> bool:
        """Sends to one node."""


def connect(state: Tables) -> None:
    """Registers the channel of htable with dmq, and takes the place of NoPeer.

    Raises InitError.
    """
    dmq = cast(Queue, state.services.state("dmq"))
    replication = Replication(state, dmq)
    if not dmq.register(replication.name, replication.receive, replication.begin):
        raise InitError("error in register_dmq_peer")
    for table in state.all.values():
        if table.definition.dmqreplicate:
            table.changes = replication


class Replication:
    """Implements Changes, and receives what other nodes send."""

    def __init__(self, state: Tables, dmq: Queue) -> None:
        """For one instance."""
        self._state, self._dmq = state, dmq
        self._stamps = state.services.dialect.version >= _NEWER
        self.name = state.dmq_peer_id if self._stamps else "htable"
        self._written: dict[tuple[str, str], int] = {}
        """When items were last written, in milliseconds, where messages say so (newer)."""

    # ------------------------------------------------------------ telling others

    def _tell(self, fields: dict[str, Item]) -> bool:
        return self._dmq.broadcast(self.name, _json(fields), JSON)

    def stored(self, table: str, key: str, value: Item, at: Span | None) -> bool:
        """An item gets a value."""
        fields: dict[str, Item] = {"action": SET, "htname": table, "cname": key, **_value(value)}
        if self._stamps:
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
        if action in _OPERATORS:
            fields |= {"type": STRING, "strval": text}
        return self._tell({**fields, "mode": int(by_value)})

    def _known(self, table: str, key: str) -> int:
        found = self._state.all.get(table)
        return self._written.get((table, key), 0) if found is not None and key in found.values else 0

    def _stamp(self, table: str, key: str) -> int:
        now = int(self._state.services.clock.now() * 1000)
        return self._note(table, key, max(now, self._known(table, key) + 1))

    def _note(self, table: str, key: str, when: int) -> int:
        living = sum(len(found.values) for found in self._state.all.values())
        if len(self._written) > 2 * living + 1000:
            self._written = {(t, k): at for (t, k), at in self._written.items() if k in self._state.all[t].values}
        self._written[table, key] = when
        return when

    # ------------------------------------------------------------ sync

    def begin(self) -> None:
        """Nodes are known: asks them for their content, with dmq_init_sync."""
        if self._state.dmq_init_sync:
            self._tell({"action": SYNC})

    def _sync(self, asking: Any, only: str | None) -> Answer:
        cells: list[dict[str, Item]] = []
        size = 0
        for table in self._state.all.values():
            if not table.definition.dmqreplicate or (only is not None and table.name != only):
                continue
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
        return {**cell, "last_modified": self._known(table.name, key)} if self._stamps else cell

    def _send_cells(self, asking: Any, cells: list[dict[str, Item]]) -> None:
        body = json.dumps({"cells": cells}, ensure_ascii=False, separators=(",", ":"))
        if asking is None:
            self._dmq.broadcast(self.name, body, JSON)
        else:
            self._dmq.send(self.name, asking, body, JSON)

    # ------------------------------------------------------------ being told

    def receive(self, message: Message, sender: Any) -> Answer:
        """Applies a message of another node; nothing in it raises."""
        try:
            body = jsontext.loads((message.body or "").encode("latin-1"))
        except jsontext.JsonError:
            return BAD
        if not isinstance(body, dict) or not body:
            if not self._stamps:
                self._state.services.note("Kamailio 5.6.3 crashes at this DMQ message (fixed in 6.0.7 and 6.1.3); sroute answers 400")
            return BAD
        cells = body.get("cells")
        if isinstance(cells, list):
            return self._cells(cells)
        if not self._stamps and not body.keys() <= _FIELDS:
            return BAD
        return self._act(body, sender)

    def _act(self, body: dict[str, object], sender: Any) -> Answer:
        action, name, key = _int(body.get("action")), body.get("htname"), _text(body.get("cname"))
        if action == SYNC:
            return self._sync(sender, name if self._stamps and isinstance(name, str) else None)
        table = self._state.all.get(name) if isinstance(name, str) else None
        if table is None:
            self._state.complain(f"unable to get table {name}")
            return FAILED
        match action:
            case 2:
                return self._set(table, key, body)
            case 3:
                table.expire_in(key, _int(body.get("intval")))
            case 4:
                table.remove(key)
            case 5 | 6:
                return self._remove(table, _OPERATORS[action], _text(body.get("strval")), by_value=_int(body.get("mode")) == 1)
            case _:
                self._state.complain("unrecognized action")
                return FAILED
        return OK

    def _set(self, table: Table, key: str, body: dict[str, object]) -> Answer:
        if self._stamps and not {"strval", "intval"} & body.keys():
            return BAD
        when = body.get("last_modified")
        if self._stamps and table.definition.dmqreplicate and isinstance(when, int | float):
            if _int64(when) <= self._known(table.name, key):
                return OK
            self._note(table.name, key, _int64(when))
        table.store(key, _item(body))
        return OK

    def _remove(self, table: Table, operator: str, text: str, *, by_value: bool) -> Answer:
        try:
            test = match.deletion(operator, text, newer=table.dialect.newer)
        except match.BadExpressionError as error:
            self._state.complain(str(error))
            return FAILED
        for key in [key for key, value in table.values.items() if (isinstance(value, str) and test(value) if by_value else test(key))]:
            table.remove(key)
        return OK

    def _cells(self, cells: list[object]) -> Answer:
        for cell in cells:
            if not isinstance(cell, dict) or (not self._stamps and not cell.keys() <= _CELL):
                return BAD
            table = self._state.all.get(_text(cell.get("htname")))
            if table is None:
                self._state.complain(f"unable to get table {_text(cell.get('htname'))}", "WARNING")
                continue
            key, expiry = _text(cell.get("cname")), _int64(cell.get("expire"))
            table.store(key, _item(cell))
            if table.definition.autoexpire:
                table.expire_at(key, expiry if expiry > table.now() else table.now() + table.definition.autoexpire)
        return OK


def _value(value: Item) -> dict[str, Item]:
    return {"type": STRING, "strval": value} if isinstance(value, str) else {"type": INTEGER, "intval": value}


def _json(fields: dict[str, Item]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _item(body: dict[str, object]) -> Item:
    return _text(body.get("strval")) if _int(body.get("type")) == STRING else _int(body.get("intval"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _int(value: object) -> int:
    """A number as Kamailio reads it: what does not fit into 32 bits is the smallest."""
    number = _int64(value)
    return number if -(1 << 31) <= number < 1 << 31 else -(1 << 31)


def _int64(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return int(value)
