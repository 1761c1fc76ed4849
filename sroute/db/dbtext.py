"""The files of db_text: one file per table, a line of columns, then one line per row, fields separated by `:`.

As strict as Kamailio: comment lines, spaces around numbers, a NULL where the column does not allow it and lines with too
many or too few fields make a file unreadable. A last line without line end is not read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sroute.db.database import Column, DbError, DbValue, Kind, Row

_COLUMN = re.compile(r"([^( \t]+)\(([^)]*)\)[ \t]*").match
_ESCAPES = {":": ":", "\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
_WRITTEN = {":": "\\:", "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_INTEGER = re.compile(r"-?[0-9]+\Z").match
_REAL = re.compile(r"-?[0-9]+(\.[0-9]*)?\Z").match


@dataclass(slots=True)
class TextTable:
    """The content of one file; heading is its first line as it stands.

    highest is, by place, the highest number that a column which is filled by itself has had, deleted rows included.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: list[Row] = field(default_factory=list)
    highest: dict[int, int] = field(default_factory=dict)

    def next(self, place: int) -> int:
        """A new number for a column that is filled by itself."""
        self.highest[place] = self.highest.get(place, 0) + 1
        return self.highest[place]


def parse(name: str, text: str) -> TextTable:
    """Reads a file.

    Raises DbError.
    """
    heading, _, body = text.partition("\n")
    table = TextTable(heading, _columns(name, heading))
    lines = body.split("\n")[:-1]
    for number, line in enumerate(lines, 2):
        if line:
            fields = _fields(name, number, line)
            if len(fields) != len(table.columns):
                raise _bad(name, number, f"{len(fields)} fields instead of {len(table.columns)}")
            table.rows.append(_row(name, number, fields, table))
    return table


def _columns(name: str, heading: str) -> tuple[Column, ...]:
    at, found = 0, []
    while at < len(heading):
        column = _COLUMN(heading, at)
        if column is None:
            raise _bad(name, 1, "the first line does not name the columns: key_name(string) expires(int,null)")
        found.append(_column(name, column[1], column[2].split(",")))
        at = column.end()
    if not found:
        raise _bad(name, 1, "there are no columns")
    return tuple(found)


def _column(name: str, column: str, words: Sequence[str]) -> Column:
    kind = _kind(words[0])
    auto = "auto" in words[1:]
    if kind is None or any(word not in ("auto", "null") for word in words[1:]) or (auto and kind is not Kind.INT):
        raise _bad(name, 1, f"column {column} has an unknown type ({','.join(words)})")
    return Column(column, kind, "null" in words[1:], auto, auto)


def _kind(word: str) -> Kind | None:
    """db_text looks at the first letter (and for `d` whether it is datetime)."""
    match word[:1].lower():
        case "i":
            return Kind.INT
        case "s":
            return Kind.STRING
        case "d":
            return Kind.DATETIME if word.lower().startswith("datetime") else Kind.DOUBLE
        case "b":
            return Kind.BLOB
        case "t":
            return Kind.DATETIME
        case _:
            return None


def _fields(name: str, number: int, line: str) -> list[str | None]:
    """The fields of a line, escapes resolved; an empty one is None."""
    fields: list[str | None] = []
    text: list[str] = []
    ended = False
    at = 0
    while at < len(line):
        char = line[at]
        if char == ":":
            fields.append("".join(text) or None)
            text, ended = [], False
        elif char == "\\":
            at += 1
            escape = line[at : at + 1]
            if escape == "0":
                ended = True
            elif escape in _ESCAPES:
                char = _ESCAPES[escape]
                if not ended:
                    text.append(char)
            else:
                raise _bad(name, number, f"unknown escape \\{escape}")
        elif not ended:
            text.append(char)
        at += 1
    fields.append("".join(text) or None)
    return fields


def _row(name: str, number: int, fields: list[str | None], table: TextTable) -> Row:
    row: list[DbValue] = []
    for at, (text, column) in enumerate(zip(fields, table.columns, strict=True)):
        if text is None:
            if column.auto:
                row.append(table.next(at))
            elif column.null:
                row.append(None)
            else:
                raise _bad(name, number, f"NULL in column {column.name}")
        else:
            value = _value(name, number, text, column)
            if column.auto and isinstance(value, int):
                table.highest[at] = max(table.highest.get(at, 0), value)
            row.append(value)
    return tuple(row)


def _value(name: str, number: int, text: str, column: Column) -> DbValue:
    match column.kind:
        case Kind.INT | Kind.BIGINT | Kind.DATETIME:
            if not _INTEGER(text) or len(text) > 20:
                raise _bad(name, number, f"{text!r} in column {column.name} is no number")
            return int(text)
        case Kind.DOUBLE:
            if not _REAL(text) or len(text) > 400:
                raise _bad(name, number, f"{text!r} in column {column.name} is no number")
            return float(text)
        case Kind.STRING | Kind.BLOB:
            return text


def _bad(name: str, number: int, why: str) -> DbError:
    return DbError(f"db_text table {name}, line {number}: {why}")


def compose(table: TextTable) -> str:
    """The text of a file."""
    lines = [table.heading]
    lines.extend(":".join(map(_written, row)) for row in table.rows)
    return "\n".join(lines) + "\n"


def _written(value: DbValue) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return "".join(_WRITTEN.get(c, c) for c in str(value))
