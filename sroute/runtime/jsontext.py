"""JSON from outside: nested no deeper than a parser can bear, its texts held as bytes in latin-1."""

import json

DEEPEST = 100


class JsonError(Exception):
    """A text that is no JSON, or is nested too deeply."""


def loads(data: bytes) -> object:
    """The value of a JSON text.

    Raises JsonError.
    """
    value, rest = _read(data)
    if rest.strip(_BLANK):
        raise JsonError("there is more behind the value")
    return value


def first(data: bytes) -> object:
    """The value at the beginning of a text, whatever follows it.

    Raises JsonError.
    """
    return _read(data)[0]


def _read(data: bytes) -> tuple[object, str]:
    if _depth(data) > DEEPEST:
        raise JsonError("nested too deeply")
    text = data.decode("utf-8", "surrogateescape").lstrip(_BLANK)
    try:
        value, end = _DECODER.raw_decode(text)
    except ValueError as error:
        raise JsonError(str(error)) from None
    return _held(value), text[end:]


def _depth(data: bytes) -> int:
    """How deep a text could be nested; brackets inside of strings count too, where there are many."""
    most = data.count(b"[") + data.count(b"{")
    if most <= DEEPEST:
        return most
    depth = most = 0
    quoted = escaped = False
    for byte in data:
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = byte == 0x5C, byte != 0x22
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            most = max(most, depth)
        elif byte in b"]}":
            depth -= 1
    return most


def _number(digits: str) -> int | float:
    """An integer; of one with very many digits the size is kept."""
    return int(digits) if len(digits) < 20 else float(digits)


_DECODER = json.JSONDecoder(parse_int=_number)
_BLANK = " \t\r\n"


def _held(value: object) -> object:
    if isinstance(value, str):
        return _bytes(value)
    if isinstance(value, dict):
        return {_bytes(name): _held(member) for name, member in value.items()}
    return [_held(item) for item in value] if isinstance(value, list) else value


def _bytes(text: str) -> str:
    try:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError:  # half of a pair of \u escapes
        return text.encode("utf-8", "replace").decode("latin-1")
