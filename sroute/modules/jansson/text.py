"""JSON as the jansson library reads and writes it: strict, UTF-8, each key once, objects and arrays only."""

import json
import math
import re
from typing import Any, Union

Json = Union[dict[str, "Json"], list["Json"], str, int, float, bool, None]  # noqa: UP007 - a string cannot be joined by |

_SPECIAL = re.compile(r'["\\\x00-\x1f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LIMIT = 1 << 63


_DEEPEST = 2048
_NESTING = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.S)


def too_deep(text: str) -> bool:
    """Whether objects and arrays are nested deeper than jansson reads them."""
    depth = 0
    for match in _NESTING.finditer(text):
        char = match[0]
        depth += (char in "[{") - (char in "]}")
        if depth > _DEEPEST:
            return True
    return False


class BadJson(Exception):
    """A text that jansson refuses; args[0] says why."""


def read(text: str) -> Json:
    """The value of a text (latin-1 standing for bytes).

    Raises BadJson.
    """
    if too_deep(text):
        raise BadJson("json error: maximum parsing depth reached")
    try:
        value: Json = json.loads(text.encode("latin-1").decode("utf-8"), **_HOOKS)
    except json.JSONDecodeError as error:
        raise BadJson(f"json error at line {error.lineno}: {error.msg}") from None
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadJson(f"json error: {error}") from None
    if not isinstance(value, dict | list):
        raise BadJson("json error at line 1: '[' or '{' expected")
    _check(value)
    return value


def _object(members: list[tuple[str, Json]]) -> Json:
    made = dict(members)
    if len(made) != len(members):
        raise BadJson("json error: duplicate object key")
    return made


def _integer(text: str) -> int:
    if len(text) > 20 or not -_LIMIT <= int(text) < _LIMIT:
        raise BadJson("json error: too big integer")
    return int(text)


def _real(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise BadJson(f"json error: real number overflow near '{text}'")
    return number


def _constant(text: str) -> float:
    raise BadJson(f"json error: invalid token near '{text}'")


_HOOKS: dict[str, Any] = {"object_pairs_hook": _object, "parse_int": _integer, "parse_float": _real, "parse_constant": _constant}


def _check(value: Json) -> None:
    """Refuses strings that are no text: NUL, half a surrogate pair."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            if "\0" in found or any("\ud800" <= char <= "\udfff" for char in found):
                raise BadJson("json error: invalid Unicode or \\u0000")
        elif isinstance(found, dict):
            waiting += found.keys()
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found


def written(value: Json, comma: str = ",", colon: str = ":") -> str:
    """The text of a value, without blanks unless the separators have some (latin-1 standing for bytes)."""
    out: list[str] = []
    waiting: list[tuple[bool, Json]] = [(False, value)]
    while waiting:
        plain, found = waiting.pop()
        if plain:
            out.append(str(found))
        elif isinstance(found, dict):
            waiting.append((True, "}"))
            for number, (key, member) in enumerate(reversed(found.items()), 1 - len(found)):
                waiting += [(False, member), (True, f"{comma if number else ''}{_string(key)}{colon}")]
            out.append("{")
        elif isinstance(found, list):
            waiting.append((True, "]"))
            for number, member in enumerate(reversed(found), 1 - len(found)):
                waiting += [(False, member), (True, comma if number else "")]
            out.append("[")
        else:
            out.append(_scalar(found))
    return "".join(out).encode("utf-8").decode("latin-1")


def _scalar(value: str | int | float | bool | None) -> str:
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _precise(value) if isinstance(value, float) else str(value)


def _string(text: str) -> str:
    def escaped(match: "re.Match[str]") -> str:
        return _ESCAPES.get(match[0], f"\\u{ord(match[0]):04X}")

    return f'"{_SPECIAL.sub(escaped, text)}"'


def _precise(number: float) -> str:
    """A real with 17 digits, which shows that it is one."""
    digits, e, exponent = f"{number:.17g}".partition("e")
    if e:
        return f"{digits}e{int(exponent)}"
    return digits if "." in digits else f"{digits}.0"


def plain(value: Json) -> str | int | None:
    """A value as a variable gets it: strings bare, true and false as 1 and 0, reals and large numbers as text."""
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1")
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, int):
        return value if -(1 << 31) <= value < 1 << 31 else str(value)
    return written(value)
