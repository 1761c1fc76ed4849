"""Writes declarations as JSON: one line a fact, keys that say nothing left out, always in the same order."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path

from sroute.modules.declared.facts import Declared

KINDS = ("functions", "params", "variables", "transformations", "rpc", "event_routes", "selects")


def module(declared: Declared) -> str:
    """The file of one module."""
    parts = [f'"{key}":{json.dumps(value)}' for key, value in _plain(declared).items() if not isinstance(value, list)]
    parts += [f'"{key}":[\n{_lines(value)}\n]' for key, value in _plain(declared).items() if isinstance(value, list)]
    return "{" + ",\n".join(parts) + "}\n"


def index(modules: Iterable[Declared]) -> str:
    """The file that says in which modules a name is found."""
    found: dict[str, dict[str, list[str]]] = {kind: defaultdict(list) for kind in ("modules", *KINDS)}
    for declared in modules:
        found["modules"][declared.name] += [declared.param_name, declared.since, declared.until]
        for kind in KINDS:
            names = found[kind]
            for name in dict.fromkeys(f if isinstance(f, str) else f.name for f in getattr(declared, kind)):
                names[name].append(declared.name)
    parts = (f'"{kind}":{{\n' + ",\n".join(_entry(n, names[n]) for n in sorted(names)) + "\n}" for kind, names in found.items())
    return "{" + ",\n".join(parts) + "}\n"


def _entry(name: str, modules: list[str]) -> str:
    return f"{json.dumps(name)}:{json.dumps(modules, separators=(',', ':'))}"


def _lines(items: list[object]) -> str:
    return ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)


def _plain(fact: object) -> dict[str, object]:
    """The fields of a fact that differ from their defaults."""
    plain: dict[str, object] = {}
    for field in fields(fact):  # type: ignore[arg-type]
        value = getattr(fact, field.name)
        if field.default is MISSING or value != field.default:
            plain[field.name] = _value(value)
    return plain


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return [v if isinstance(v, str | int) else _value(v) for v in value]
    return _plain(value) if is_dataclass(value) else value


def all_files(folder: Path, modules: Iterable[Declared]) -> None:
    """Writes every module's file and the index; files of modules that are gone are removed."""
    listed = sorted(modules, key=lambda m: m.name)
    for old in folder.glob("*.json"):
        old.unlink()
    for declared in listed:
        (folder / f"{declared.name}.json").write_text(module(declared))
    (folder / "index.json").write_text(index(listed))
