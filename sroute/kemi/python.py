"""KEMI in Python, as app_python3 runs it: methods of the object that `mod_init()` gives, with `KSR` as a module."""

import builtins
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sroute.errors import UsageError
from sroute.exports.module import Module
from sroute.kemi.calls import KemiFunction, Kind, Result
from sroute.kemi.core import NoFunctionError, modf
from sroute.kemi.engine import Context, KemiError, source
from sroute.kemi.offer import offered


class PythonEngine:
    """A Python file; nothing of it is seen by another instance."""

    def __init__(self, path: Path, context: Context, modules: Sequence[Module[Any]]) -> None:
        """Runs the file and its mod_init.

        Raises UsageError.
        """
        self.context = context
        text = source(path)
        ksr = _ksr(context, modules)
        space: dict[str, Any] = {"__name__": path.stem, "__file__": str(path), "__builtins__": _builtins(ksr), "KSR": ksr}
        try:
            exec(compile(text, str(path), "exec"), space)
            self._handler = space["mod_init"]() if callable(space.get("mod_init")) else None
        except Exception as error:
            raise UsageError(f"--kemi {path}: {_told(error)}") from None
        if self._handler is None:
            raise UsageError(f"--kemi {path}: it needs a function mod_init that gives an object")

    def call(self, function: str, event: str) -> None:
        """Calls the method (msg, event).

        Raises KemiError.
        """
        method = getattr(self._handler, function, None)
        if not callable(method):
            raise KemiError(f"Python method {function} is not found or not callable")
        try:
            method(None, _out(event))
        except Exception as error:
            raise KemiError(f"{function}: {_told(error)}") from None


def _told(error: Exception) -> str:
    lines = traceback.format_exception_only(error)
    place = traceback.extract_tb(error.__traceback__)
    return lines[-1].strip() + (f" ({place[-1].filename}:{place[-1].lineno})" if place else "")


def _builtins(ksr: ModuleType) -> dict[str, Any]:
    """Python's own names, with an import that knows KSR."""

    def importing(name: str, *args: Any, **named: Any) -> Any:
        return ksr if name == "KSR" else builtins.__import__(name, *args, **named)

    return {**vars(builtins), "__import__": importing}


def _ksr(context: Context, modules: Sequence[Module[Any]]) -> ModuleType:
    ksr = ModuleType("KSR")
    for function in offered(modules):
        if function.module:
            if not hasattr(ksr, function.module):
                setattr(ksr, function.module, ModuleType(f"KSR.{function.module}"))
            setattr(getattr(ksr, function.module), function.name, _callable(context, function))
        else:
            setattr(ksr, function.name, _callable(context, function))
    ksr.x = ModuleType("KSR.x")  # type: ignore[attr-defined]
    ksr.x.modf = _modf(context, list(modules))
    return ksr


def _callable(context: Context, function: KemiFunction) -> Callable[..., Any]:
    bits = context.services.dialect.int_bits

    def call(*args: object) -> Any:
        if len(args) != len(function.params):
            raise SystemError(f"{function.name} takes {len(function.params)} arguments, not {len(args)}")
        held = [_taken(arg, kind, function.name, bits) for arg, kind in zip(args, function.params, strict=True)]
        if function.name in ("info", "err", "warn", "notice", "crit", "dbg") and not function.module:
            function.call(context, *held)
            return 0
        return _out(function.call(context, *held))

    call.__name__ = call.__qualname__ = function.name
    return call


def _taken(arg: object, kind: Kind, name: str, bits: int) -> int | str:
    """An argument of the right type: 5.6.3 raises SystemError for all others."""
    if kind == "str" and isinstance(arg, str):
        return arg.encode("utf-8", "surrogateescape").decode("latin-1")
    if kind == "int" and isinstance(arg, int) and -(1 << bits - 1) <= arg < 1 << bits - 1:
        return int(arg)
    raise SystemError(f"{name}: {arg!r} is not {'a text' if kind == 'str' else f'an integer of {bits} bits'}")


def _out(value: Result) -> Result:
    """A text for Python.

    Raises UnicodeDecodeError for bytes that are no UTF-8, as app_python3 does.
    """
    return value.encode("latin-1").decode("utf-8") if isinstance(value, str) else value


def _modf(context: Context, modules: list[Module[Any]]) -> Callable[..., int]:
    def call(name: str, *args: str) -> int:
        for number, arg in enumerate(args, 2):
            if not isinstance(arg, str):
                raise TypeError(f"call_function() argument {number} must be str, not {type(arg).__name__}")
        try:
            return modf(context, modules, name, tuple(arg.encode("utf-8", "surrogateescape").decode("latin-1") for arg in args))
        except NoFunctionError:
            raise RuntimeError("no such function") from None

    return call
