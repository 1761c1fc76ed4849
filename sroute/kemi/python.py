"""KEMI in Python, as app_python3 runs it: methods of the object that `mod_init()` gives, with `KSR` as a module."""

import builtins
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from sroute.errors import NotSimulatedError, StepLimitError, UsageError
from sroute.exports.module import Module
from sroute.kemi import steps
from sroute.kemi.calls import KemiFunction, Result
from sroute.kemi.engine import Context, KemiError, source
from sroute.kemi.facts import Kind
from sroute.kemi.offer import offered
from sroute.kemi.own.core import NoFunctionError, modf
from sroute.runtime.flow import DROP, EXIT, NEXT

FIRST_WORKER = 1
FAILED = -1


class PythonEngine:
    """A Python file; nothing of it is seen by another instance."""

    language = "python"

    def __init__(self, path: Path, context: Context, modules: Sequence[Module[Any]]) -> None:
        """Runs the file, its mod_init, and child_init where there is one.

        Raises UsageError.
        """
        self.context = context
        self._depth = 0
        self.code = FAILED
        ksr = _ksr(context, modules)
        space: dict[str, Any] = {"__name__": path.stem, "__file__": str(path), "__builtins__": _builtins(ksr), "KSR": ksr}
        try:
            code, needed = steps.compiled(source(path), str(path), context.step)
            assert isinstance(code, CodeType)
            exec(code, _filled(space, needed))
            self._handler = space["mod_init"]() if callable(space.get("mod_init")) else None
        except Exception as error:
            raise UsageError(f"--kemi {path}: {_told(error)}") from None
        if self._handler is None:
            raise UsageError(f"--kemi {path}: it needs a function mod_init that gives an object")
        begin = getattr(self._handler, "child_init", None)
        if callable(begin):
            self._begin(path, begin)

    def _begin(self, path: Path, begin: Callable[[int], object]) -> None:
        try:
            begin(FIRST_WORKER)
        except Exception as error:
            raise UsageError(f"--kemi {path}: child_init: {_told(error)}") from None

    def has(self, function: str) -> bool:
        """Whether the handler has a method of that name."""
        return callable(getattr(self._handler, function, None))

    def call(self, function: str, *args: str) -> int:
        """Calls the method (msg, args...).

        Raises KemiError, NotSimulatedError, StepLimitError.
        """
        method = getattr(self._handler, function, None)
        if not callable(method):
            raise KemiError(f"Python method {function} is not found or not callable")
        run, before = self.context.running, self.context.running.flow
        run.flow = NEXT
        failure = self._run(method, args)
        dropped, run.flow = run.flow == DROP, before
        stopped = self.context.stopped
        if stopped is not None:
            self.context.stopped = stopped if self._depth else None
            raise stopped
        if isinstance(failure, Exception):
            raise KemiError(f"{function}: {_told(failure)}")
        return DROP if dropped else EXIT if failure is not None else NEXT

    def _run(self, method: Callable[..., object], args: tuple[str, ...]) -> BaseException | None:
        """Runs a method: what ended it, if it did not return. `exit()` is no failure."""
        self._depth += 1
        self.code = FAILED
        try:
            given = method(None, *(_out(arg) for arg in args))
            self.code = int(given) if isinstance(given, int) else FAILED
        except (NotSimulatedError, StepLimitError):
            return None
        except (Exception, SystemExit) as error:
            return error
        finally:
            self._depth -= 1
        return None


def _filled(space: dict[str, Any], needed: dict[str, object]) -> dict[str, Any]:
    """The names of the file: those that count its steps stand among the builtins, where no list of globals shows them."""
    space["__builtins__"] |= needed
    return space


def _told(error: BaseException) -> str:
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
        name = function.export.module
        if name and not hasattr(ksr, name):
            setattr(ksr, name, ModuleType(f"KSR.{name}"))
        setattr(getattr(ksr, name) if name else ksr, function.export.name, _callable(context, function))
    ksr.x = ModuleType("KSR.x")  # type: ignore[attr-defined]
    ksr.x.modf = _modf(context, list(modules))
    return ksr


def _callable(context: Context, function: KemiFunction) -> Callable[..., Any]:
    export, bits = function.export, context.services.dialect.int_bits

    def call(*args: object) -> Any:
        if export.params and len(args) != len(export.params):
            raise SystemError(f"{export.name} takes {len(export.params)} arguments, not {len(args)}")
        held = [_taken(arg, kind, export.name, bits) for arg, kind in zip(args, export.params, strict=False)]
        try:
            found = function.call(context, *held)
        except (NotSimulatedError, StepLimitError) as error:
            context.stopped = error
            raise
        if export.gives == "bool":
            return found is not False and found != -1
        return 0 if export.gives == "none" else _out(found)

    call.__name__ = call.__qualname__ = export.name
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
        except (NotSimulatedError, StepLimitError) as error:
            context.stopped = error
            raise

    return call
