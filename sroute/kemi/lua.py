"""KEMI in Lua, as app_lua runs it: global functions, `KSR` a global table. Needs lupa (the extra `lua`)."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sroute.errors import UsageError
from sroute.exports.module import Module
from sroute.kemi.calls import KemiFunction, Kind, Result
from sroute.kemi.core import NoFunctionError, modf
from sroute.kemi.engine import Context, KemiError, source
from sroute.kemi.offer import offered

EXIT = "~~ksr~exit~~"
"""The Lua error by which app_lua leaves a function."""
_LEAVE = f'function() error("{EXIT}", 0) end'


class LuaEngine:
    """A Lua file in a Lua state of its own."""

    def __init__(self, path: Path, context: Context, modules: Sequence[Module[Any]]) -> None:
        """Runs the file.

        Raises UsageError.
        """
        try:
            import lupa
        except ImportError:
            raise UsageError("--kemi with a Lua file needs lupa: pip install 'sroute[lua]'") from None
        self.context = context
        self._error: type[Exception] = lupa.LuaError
        self._lua = lupa.LuaRuntime(
            encoding="latin-1", unpack_returned_tuples=False, register_eval=False, register_builtins=False, attribute_filter=_hidden
        )
        self._lua.globals()["python"] = None
        self._offer(modules)
        try:
            self._lua.execute(source(path).decode("latin-1"))
        except lupa.LuaError as error:
            raise UsageError(f"--kemi {path}: {error}") from None

    def _offer(self, modules: Sequence[Module[Any]]) -> None:
        ksr = self._lua.table()
        self._lua.globals()["KSR"] = ksr
        ksr["x"] = self._lua.table()
        for function in offered(modules):
            if function.module and ksr[function.module] is None:
                ksr[function.module] = self._lua.table()
            (ksr[function.module] if function.module else ksr)[function.name] = self._wrap(_callable(self.context, function))
        ksr["x"]["modf"] = self._wrap(_modf(self.context, list(modules)))
        ksr["x"]["exit"] = ksr["x"]["drop"] = self._lua.eval(_LEAVE)

    def _wrap(self, call: Callable[..., Any]) -> Any:
        """A Lua function, so that `type()` says so and no Python object is seen."""
        return self._lua.eval("function(f) return function(...) return f(...) end end")(call)

    def call(self, function: str, event: str) -> None:
        """Calls the global function (event).

        Raises KemiError.
        """
        found = self._lua.globals()[function]
        if found is None:
            raise KemiError(f"no such function [{function}] in lua scripts")
        try:
            found(event)
        except self._error as error:
            if EXIT not in str(error):
                raise KemiError(f"error from Lua: {error}") from None


def _hidden(found: object, name: str, setting: bool) -> str:
    raise AttributeError("Python is not to be seen from Lua")


def _callable(context: Context, function: KemiFunction) -> Callable[..., Any]:
    """Lua's own conversions hold: a number is taken as text, digits as a number."""
    label = f"{function.module}.{function.name}" if function.module else function.name

    def call(*args: object) -> Result:
        if len(args) < len(function.params):
            context.complain(f"not enough parameters for: {label}", "app_lua")
            return False
        return function.call(context, *(_taken(arg, kind) for arg, kind in zip(args, function.params, strict=False)))

    return call


def _taken(arg: object, kind: Kind) -> int | str:
    if kind == "str":
        return f"{arg:.14g}" if isinstance(arg, float) else str(arg) if isinstance(arg, int | str) and not isinstance(arg, bool) else ""
    try:
        number = int(float(arg)) if isinstance(arg, int | float | str) else 0
    except (ValueError, OverflowError):
        number = 0
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def _modf(context: Context, modules: list[Module[Any]]) -> Callable[..., int]:
    def call(name: str, *args: object) -> int:
        texts = tuple(_taken(arg, "str") for arg in args)
        if any(function.constant for module in modules for (known, count), function in module.functions.items() if known == name):
            context.complain(f"function '{name}' has fixup - cannot be used", "app_lua")
            return -1
        try:
            return modf(context, modules, name, tuple(map(str, texts)))
        except NoFunctionError:
            context.complain(f"function '{name}' is not available", "app_lua")
            return -1

    return call
