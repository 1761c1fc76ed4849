"""A tree as JSON, written piece by piece: trees may be deeper than any recursion."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from sroute.source.text import Source, Span


class _Raw(str):
    """Text that is JSON already."""

    __slots__ = ()


def chunks(value: object) -> Iterator[str]:
    """A value as JSON text: nodes, places, mappings, sequences, texts, numbers, true, false and null.

    A node is an object whose first key is `node`, the name of its class. Texts are shown as UTF-8 where they are.
    """
    waiting: list[object] = [value]
    while waiting:
        found = waiting.pop()
        match found:
            case _Raw():
                yield str(found)
            case str():
                yield json.dumps(found.encode("latin-1", "replace").decode("utf-8", "replace"), ensure_ascii=False)
            case None | bool() | int():
                yield json.dumps(found)
            case Source():
                waiting.append(found.name)
            case Span():
                waiting.append(_place(found))
            case Mapping():
                _push(waiting, "{", [(_Raw(json.dumps(str(key)) + ": "), item) for key, item in found.items()], "}")
            case tuple() | list():
                _push(waiting, "[", [(_Raw(""), item) for item in found], "]")
            case _ if is_dataclass(found):
                parts = [(_Raw(f'"{field.name}": '), getattr(found, field.name)) for field in fields(found)]
                _push(waiting, "{", [(_Raw('"node": '), type(found).__name__), *parts], "}")
            case _:
                raise AssertionError(f"{type(found).__name__} in a tree")


def _push(waiting: list[object], opener: str, parts: list[tuple[_Raw, object]], closer: str) -> None:
    waiting.append(_Raw(closer))
    for index in range(len(parts) - 1, -1, -1):
        head, item = parts[index]
        waiting += [item, _Raw((", " if index else "") + head)]
    waiting.append(_Raw(opener))


def _place(span: Span) -> dict[str, str | int]:
    begin, end = span.begin, span.finish
    return {
        "file": span.source.name,
        "line": begin.line,
        "column": begin.column,
        "end_line": end.line,
        "end_column": end.column,
    }
