"""RPC as kamcmd speaks it: a line becomes a command with arguments, an answer becomes text."""

import re
import shlex
from collections.abc import Callable, Sequence
from typing import Any

from sroute.errors import UsageError
from sroute.exports.rpc import Flat, RpcFault, RpcValue
from sroute.instance.events import RpcAnswer

_INT = re.compile(r"[+-]?\d+\Z")
_FLOAT = re.compile(r"[+-]?\d+\.\d*\Z")


def parse_line(line: str) -> tuple[str, list[int | float | str]]:
    """The command and its arguments: digits are ints, `s:5` is the text 5.

    Raises UsageError for an open quote or an empty line.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"RPC command {line!r}: {error}") from None
    if not words:
        raise UsageError("an empty RPC command")
    return words[0], [argument(word) for word in words[1:]]


def answered(line: str, call: Callable[[str, Sequence[object]], RpcValue]) -> RpcAnswer:
    """What a command answers that is written as kamcmd takes it.

    Raises UsageError.
    """
    command, args = parse_line(line)
    try:
        result = call(command, args)
    except RpcFault as fault:
        return RpcAnswer(line, f"error: {fault.code} - {fault.message}\n", fault=(fault.code, fault.message))
    return RpcAnswer(line, kamcmd_text(result), result)


def argument(word: str) -> int | float | str:
    """One argument as kamcmd takes it."""
    if not word:
        return 0  # what kamcmd makes of an empty argument
    if word.startswith("s:"):
        return word[2:]
    if _INT.match(word):
        return int(word)
    return float(word) if _FLOAT.match(word) else word


def kamcmd_text(result: RpcValue) -> str:
    """An answer as kamcmd prints it."""
    lines: list[str] = []
    if isinstance(result, Flat):
        lines.append("{")
        for item in result:
            for key, inside in item.items() if isinstance(item, dict) else ():
                _member(key, inside, 1, lines)
        lines.append("}")
        return "".join(f"{line}\n" for line in lines)
    for value in result if isinstance(result, list) else [result]:
        _print(value, 0, lines)
    return "".join(f"{line}\n" for line in lines)


def _print(value: RpcValue, depth: int, lines: list[str]) -> None:
    pad = "\t" * depth
    if isinstance(value, dict):
        lines.append(pad + "{")
        for name, member in value.items():
            _member(name, member, depth + 1, lines)
        lines.append(pad + "}")
    elif isinstance(value, list):
        lines.append(pad + "{")
        for item in value:
            _print(item, depth + 1, lines)
        lines.append(pad + "}")
    elif value is not None:
        lines.append(pad + scalar(value))


def _member(name: str, value: RpcValue, depth: int, lines: list[str]) -> None:
    pad = "\t" * depth
    if isinstance(value, Flat):
        lines.append(f"{pad}{name}: {{")
        for item in value:
            for key, inside in item.items() if isinstance(item, dict) else ():
                _member(key, inside, depth + 1, lines)
        lines.append(pad + "}")
    elif isinstance(value, dict | list):
        lines.append(f"{pad}{name}: {{")
        inner: Any = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        for key, member in inner:
            if key is None:
                _print(member, depth + 1, lines)
            else:
                _member(key, member, depth + 1, lines)
        lines.append(pad + "}")
    else:
        lines.append(f"{pad}{name}: {scalar(value)}")


def scalar(value: int | float | str | None) -> str:
    """A simple value as kamcmd prints it."""
    if isinstance(value, float):
        return f"{value:f}"
    return "" if value is None else str(value)
