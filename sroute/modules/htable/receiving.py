"""What other nodes tell over DMQ: each message is applied as a change of our own would be, and nothing in it raises.

Fields of the wrong kind end the process in Kamailio 5.6.3; here they are refused, with a note.
"""

import math
from typing import Any

from sroute.modules.htable import match
from sroute.modules.htable.replication import BY_PREFIX, BY_REGEX, INTEGER, OK, STRING, SYNC, Answer, Replication
from sroute.modules.htable.table import Item, Table
from sroute.runtime import jsontext
from sroute.sip.message import Message

BAD: Answer = (400, "Bad Request")
FAILED: Answer = (500, "Server Internal Error")
_OPERATORS = {BY_REGEX: "re", BY_PREFIX: "sw"}
_FIELDS = frozenset({"action", "htname", "cname", "type", "strval", "intval", "mode"})
_CELL = frozenset({"htname", "cname", "type", "strval", "intval", "expire"})
_TEXTS = ("htname", "cname", "strval")
_UNKNOWN = "unrecognized field in json object"


class CrashError(Exception):
    """A message at which a process of Kamailio 5.6.3 crashes."""


class Receiver:
    """What is done with the messages of one instance's channel."""

    def __init__(self, replication: Replication) -> None:
        """For the instance of the replication."""
        self._own = replication
        self._state = replication.state

    def receive(self, message: Message, sender: Any) -> Answer:
        """Applies a message of another node."""
        text = message.body or ""
        try:
            body = jsontext.first(text.encode("latin-1"))
        except jsontext.JsonError:
            self._state.complain(f"invalid json doc [[{text}]]")
            return BAD
        try:
            answer = self._applied(body, sender)
        except CrashError:
            if not self._own.stamps:
                self._state.services.note("Kamailio 5.6.3 crashes at this DMQ message; sroute answers 400")
            return BAD
        if answer is FAILED:
            self._state.complain("failed to replay action")
        return answer

    def _applied(self, body: object, sender: Any) -> Answer:
        if not isinstance(body, dict) or not body:
            raise CrashError
        if "cells" in body:
            cells = body["cells"]
            return self._cells(cells) if isinstance(cells, list) else OK
        known = _FIELDS | ({"last_modified"} if self._own.stamps else set())
        if not body.keys() <= known:
            self._state.complain(_UNKNOWN, "WARNING" if self._own.stamps else "ERROR")
            if not self._own.stamps:
                return BAD
        _checked(body)
        return self._act(body, sender)

    def _act(self, body: dict[str, object], sender: Any) -> Answer:
        action, name, key = _int(body.get("action")), body.get("htname"), body.get("cname")
        if action == SYNC:
            return self._own.sync(sender, name if self._own.stamps and isinstance(name, str) else None)
        if name is None:
            self._state.complain("invalid name parameter")
        table = self._state.all.get(name) if isinstance(name, str) else None
        if table is None:
            self._state.complain(f"unable to get table {_text(name)}")
            return FAILED
        if table.locks.held:
            self._state.waits(table, key if isinstance(key, str) else None, "a message of another node")
        match action:
            case 2 | 3 | 4 if not isinstance(key, str):
                self._state.complain("invalid name parameter")
                return FAILED
            case 2:
                return self._set(table, _text(key), body)
            case 3:
                table.expire_in(_text(key), _int(body.get("intval")))
            case 4:
                table.remove(_text(key))
            case 5 | 6:
                return self._remove(table, _OPERATORS[action], _text(body.get("strval")), by_value=_int(body.get("mode")) == 1)
            case _:
                self._state.complain("unrecognized action")
                return FAILED
        return OK

    def _set(self, table: Table, key: str, body: dict[str, object]) -> Answer:
        if self._own.stamps and not {"strval", "intval"} & body.keys():
            return BAD
        when = body.get("last_modified")
        if self._own.stamps and table.definition.dmqreplicate and isinstance(when, int | float):
            if _int64(when) <= self._own.known(table.name, key):
                return OK
            self._own.note(table.name, key, _int64(when))
        table.store(key, _item(body))
        return OK

    def _remove(self, table: Table, operator: str, text: str, *, by_value: bool) -> Answer:
        if not text:
            return FAILED
        try:
            test = match.deletion(operator, text, newer=table.dialect.newer)
        except match.BadExpressionError as error:
            self._state.complain(str(error))
            return FAILED
        for key in [key for key, value in table.values.items() if (isinstance(value, str) and test(value) if by_value else test(key))]:
            table.remove(key)
        return OK

    def _cells(self, cells: list[object]) -> Answer:
        """The content of another node: what is no item is left out."""
        for cell in cells:
            if not isinstance(cell, dict):
                continue
            if not cell.keys() <= _CELL and not self._own.stamps:
                self._state.complain(_UNKNOWN)
            _checked(cell)
            if isinstance(cell.get("cname"), str):
                self._cell(cell)
        return OK

    def _cell(self, cell: dict[str, object]) -> None:
        table = self._state.all.get(_text(cell.get("htname")))
        if table is None:
            self._state.complain(f"unable to get table {_text(cell.get('htname'))}", "WARNING")
            return
        key, expiry = _text(cell["cname"]), _int64(cell.get("expire"))
        self._state.waits(table, key, "the content of another node")
        table.store(key, _item(cell))
        if table.definition.autoexpire:
            table.expire_at(key, expiry if expiry > table.now() else table.now() + table.definition.autoexpire)


def _checked(fields: dict[str, object]) -> None:
    """Texts have to be texts, and the type one of the two that there are. Raises CrashError."""
    if any(name in fields and not isinstance(fields[name], str) for name in _TEXTS):
        raise CrashError
    if _int(fields.get("type")) not in (INTEGER, STRING):
        raise CrashError


def _item(body: dict[str, object]) -> Item:
    return _text(body.get("strval")) if _int(body.get("type")) == STRING else _int(body.get("intval"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _int(value: object) -> int:
    """A number as Kamailio reads it: true is 1, a text 0, what does not fit into 32 bits the smallest."""
    number = _int64(value)
    return number if -(1 << 31) <= number < 1 << 31 else -(1 << 31)


def _int64(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0
