"""How Kamailio's db_sqlite reads SQLite: a value has the type that its column declares, whatever is stored in it."""

import re

from sroute.db.database import DbValue, Kind
from sroute.runtime.values import wrap32, wrap64

_DECLARED = (
    ("BIGINT", Kind.BIGINT),
    ("INT", Kind.INT),
    ("SERIAL", Kind.INT),
    ("CHAR", Kind.STRING),
    ("CLOB", Kind.STRING),
    ("TEXT", Kind.STRING),
    ("BLOB", Kind.BLOB),
    ("REAL", Kind.DOUBLE),
    ("FLOA", Kind.DOUBLE),
    ("DOUB", Kind.DOUBLE),
    ("DATE", Kind.DATETIME),
    ("TIME", Kind.DATETIME),
)
_EPOCH = 2440587.5
"""1970-01-01 as a Julian day."""
_NUMBER = re.compile(r"[ \t\r\n]*([+-]?[0-9]+)").match
_REAL = re.compile(r"[ \t\r\n]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?").match


def kind(declared: str) -> Kind:
    """The type of a column by the words of its declaration; without a declaration it is text, an unknown one is a number."""
    if not declared:
        return Kind.STRING
    upper = declared.upper()
    return next((found for word, found in _DECLARED if word in upper), Kind.INT)


def inward(value: int | float | str | bytes | None, wanted: Kind) -> DbValue:
    """A stored value as a module sees it."""
    if value is None:
        return None
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    match wanted:
        case Kind.STRING | Kind.BLOB:
            return value if isinstance(value, str) else _text(value)
        case Kind.INT:
            return wrap32(_integer(value))
        case Kind.BIGINT:
            return wrap64(_integer(value))
        case Kind.DOUBLE:
            return _real(value)
        case Kind.DATETIME:
            return int((_real(value) - _EPOCH) * 86400 + 0.5)


def outward(value: DbValue, wanted: Kind) -> int | float | str | bytes | None:
    """A value as it is stored: text that is no UTF-8 as bytes, a time as a Julian day."""
    if isinstance(value, str):
        raw = value.encode("latin-1")
        try:
            return raw if wanted is Kind.BLOB else raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw
    if wanted is Kind.DATETIME and value is not None:
        # Half a second less, as db_sqlite writes it; reading adds it again, and often comes out one second early.
        return (value - 0.5) / 86400 + _EPOCH
    return value


def _integer(value: int | float | str) -> int:
    if isinstance(value, str):
        found = _NUMBER(value[:400])
        return int(found[1]) if found else 0
    if isinstance(value, float):
        return int(max(min(value, 9.2e18), -9.2e18)) if value == value else 0
    return value


def _real(value: int | float | str) -> float:
    if isinstance(value, str):
        found = _REAL(value[:400])
        return float(found[0]) if found else 0.0
    return float(value)


def _text(value: int | float) -> str:
    if isinstance(value, int):
        return str(value)
    text = f"{value:.15g}"
    return text if any(c in text for c in ".en") else text + ".0"
