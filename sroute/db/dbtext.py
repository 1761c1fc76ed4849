"""The files of db_text: one file per table, a line of columns, then one line per row, fields separated by `:`.

As strict as Kamailio: comment lines, spaces around numbers, a NULL where the column does not allow it and lines with too
many or too few fields make a file unreadable. A last line without line end is not read.
"""

import re
from dataclasses import dataclass, field

from sroute.db.database import Column, DbError, DbValue, Kind, Row

_COLUMN = re.compile(r" *([^( ]+)\(([^),]+)(?:, *([^),]*))?[^)]*\) *").match
_ESCAPES = {":": ":", "\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
_WRITTEN = {":": "\\:", "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_INTEGER = re.compile(r"-?[0-9]+\Z").match
_REAL = re.compile(r"-?[0-9]+(\.[0-9]*)?\Z").match
_KINDS = {"i": ("int", Kind.INT), "d": ("double", Kind.DOUBLE), "b": ("blob", Kind.BLOB), "t": ("time", Kind.DATETIME)}
"""Types by their first letter: how they are written, and what they are. Texts are `str` unless the word is `string`."""


@dataclass(slots=True)
class TextTable:
    """The content of one file; heading is its first line as it is written.

    highest is the highest number that a column which is filled by itself has had, deleted rows included; rows in the file
    that leave it open are filled from 1 on, whatever the others have.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: list[Row] = field(default_factory=list)
    highest: int = 0
    filled: int = 0

    def next(self) -> int:
        """The number for a new row."""
        self.highest += 1
        return self.highest


def parse(name: str, text: str) -> TextTable:
    """Reads a file.

    Raises DbError.
    """
    heading, ended, body = text.partition("\n")
    if not ended:
        raise _bad(name, 1, "the first line, which names the columns, has no end")
    table = _headed(name, heading)
    *lines, last = body.split("\n")
    for number, line in enumerate(lines, 2):
        if line:
            table.rows.append(_row(name, number, line, table))
    if last:
        # It does not become a row, but its number is taken.
        _row(name, len(lines) + 2, last, table)
    return table


def _headed(name: str, heading: str) -> TextTable:
    at, columns, words = 0, list[Column](), list[str]()
    while at < len(heading):
        found = _COLUMN(heading, at)
        if found is None:
            raise _bad(name, 1, "the first line does not name the columns: key_name(string) expires(int,null)")
        column, word = _column(name, found[1], found[2].strip(), found[3] or "")
        columns.append(column)
        words.append(word)
        at = found.end()
    if not columns:
        raise _bad(name, 1, "there are no columns")
    return TextTable(" ".join(words), tuple(columns))


def _column(name: str, column: str, written: str, flag: str) -> tuple[Column, str]:
    """A column, and how Kamailio writes it; only the first of its flags counts."""
    if written[:1].lower() == "s":
        word, kind = "string" if written.lower() == "string" else "str", Kind.STRING
    elif written[:1].lower() in _KINDS:
        word, kind = _KINDS[written[:1].lower()]
    else:
        raise _bad(name, 1, f"column {column} has an unknown type ({written})")
    auto, null = flag[:1].lower() == "a", flag[:1].lower() == "n"
    if (flag and not auto and not null) or (auto and kind is not Kind.INT):
        raise _bad(name, 1, f"column {column} has an unknown type ({written},{flag})")
    return Column(column, kind, null, auto, auto), f"{column}({word}{',auto' if auto else ',null' if null else ''})"


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


def _row(name: str, number: int, line: str, table: TextTable) -> Row:
    fields = _fields(name, number, line)
    if len(fields) != len(table.columns):
        raise _bad(name, number, f"{len(fields)} fields instead of {len(table.columns)}")
    row: list[DbValue] = []
    for text, column in zip(fields, table.columns, strict=True):
        value = None if text is None else _value(name, number, text, column)
        if column.auto and value is None:
            value = table.filled = table.filled + 1
        if value is None and not column.null:
            raise _bad(name, number, f"NULL in column {column.name}")
        if column.auto and isinstance(value, int):
            table.highest = max(table.highest, value)
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
