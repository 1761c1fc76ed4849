"""Paths into JSON: `a.b[2].c`, from the root."""

import re
from collections.abc import Iterator
from itertools import pairwise

from sroute.modules.jansson.text import Json

Step = str | int
_DELIMITER = re.compile(r"[.\[]")
_INDEX = re.compile(r"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)?\Z")


class BadPath(Exception):
    """A path that leads nowhere; args[0] says why."""


def _number(text: str) -> int:
    """An index as strtol reads it, with 0x and 0 in front for other bases."""
    match = _INDEX.match(text)
    if match is None or len(text) > 20 or (match[1] and not match[2]):
        raise BadPath("invalid array index")
    digits = match[2] or "0"
    base = 16 if digits[:2].lower() == "0x" else 8 if digits[0] == "0" else 10
    try:
        return int(match[1] + digits, base)
    except ValueError:
        raise BadPath("invalid array index") from None


def _steps(path: str) -> Iterator[Step]:
    """Keys and indices; a delimiter at the very end counts for nothing."""
    at, key = 0, not path.startswith("[")
    while at < len(path):
        if key:
            found = _DELIMITER.search(path, at)
            end = found.start() if found else len(path)
            yield path[at:end]
            at, key = end, False
        elif path[at] == ".":
            at, key = at + 1, True
        elif path[at] == "[":
            if at + 1 == len(path):
                return
            end = path.find("]", at)
            if end < 0:
                raise BadPath("unclosed bracket")
            yield _number(path[at + 1 : end])
            at = end + 1
        else:
            raise BadPath(f"invalid JSON path at pos {at}")


def _utf8(text: str) -> str:
    """A key of a script, where a character is a byte, as text; bytes that are no text match nothing."""
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def get(root: Json, path: str) -> Json:
    """What a path leads to.

    Raises BadPath.
    """
    found = root
    for step in _steps(_utf8(path)):
        if isinstance(found, dict):
            if step.__class__ is not str or step not in found:
                raise BadPath(f"failed to find {path} in json")
            found = found[str(step)]
        elif isinstance(found, list) and isinstance(step, int) and 0 <= step < len(found):
            found = found[step]
        else:
            raise BadPath(f"failed to find {path} in json")
    return found


def put(root: Json, path: str, value: Json, *, append: bool) -> None:
    """Sets what a path leads to, making the objects on the way; append adds to an array or object that is there.

    Raises BadPath.
    """
    path = _utf8(path)
    steps = list(_steps(path))
    if "" in steps or path[-1:] in (".", "["):
        raise BadPath("empty token")
    if not steps:
        _add(root if append else None, value)
        return
    holder = root
    for step, following in pairwise(steps):
        holder = _into(holder, step, following)
    _set(holder, steps[-1], value, append)


def _into(holder: Json, step: Step, following: Step) -> Json:
    if isinstance(step, int):
        return _elements(holder, step)[step]
    if not isinstance(holder, dict):
        raise BadPath("JSON object expected")
    if step not in holder:
        if isinstance(following, int):
            raise BadPath("new array is not allowed")
        holder[step] = {}
    return holder[step]


def _elements(holder: Json, index: int) -> list[Json]:
    if not isinstance(holder, list):
        raise BadPath("array expected")
    if not 0 <= index < len(holder):
        raise BadPath("array index out of bound")
    return holder


def _set(holder: Json, step: Step, value: Json, append: bool) -> None:
    if isinstance(step, int):
        _elements(holder, step)[step] = value
    elif not isinstance(holder, dict):
        raise BadPath("JSON object expected")
    elif append:
        _add(holder.get(step), value)
    else:
        holder[step] = value


def _add(holder: Json, value: Json) -> None:
    if isinstance(holder, list):
        holder.append(value)
    elif isinstance(holder, dict) and isinstance(value, dict):
        holder.update(value)
    else:
        raise BadPath("JSON array or object expected")
