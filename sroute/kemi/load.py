"""Which engine runs a KEMI file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sroute.errors import UsageError
from sroute.exports.module import Module
from sroute.kemi.engine import Context, Engine
from sroute.kemi.lua import LuaEngine
from sroute.kemi.python import PythonEngine


def load(path: Path, context: Context, modules: Sequence[Module[Any]]) -> Engine:
    """Loads a file by its suffix.

    Raises UsageError.
    """
    if path.suffix == ".py":
        return PythonEngine(path, context, modules)
    if path.suffix == ".lua":
        return LuaEngine(path, context, modules)
    raise UsageError(f"--kemi {path}: a .py or .lua file is needed")
