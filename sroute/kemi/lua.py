"""KEMI in Lua, as app_lua runs it: Lua 5.1, global functions, `KSR` a global table. Needs lupa (the extra `lua`)."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sroute.errors import NotSimulatedError, StepLimitError, UsageError
from sroute.exports.module import Module
from sroute.kemi.calls import KemiFunction, Result
from sroute.kemi.engine import Context, KemiError, source
from sroute.kemi.facts import Kind
from sroute.kemi.offer import offered
from sroute.kemi.own.core import NoFunctionError, modf
from sroute.runtime.flow import DROP, EXIT, NEXT

EXIT_MARK = "~~ksr~exit~~"
"""The Lua error by which app_lua leaves a function."""
INSTRUCTIONS = 1000
"""How many instructions of Lua are counted at once; each is a step."""
_PRELUDE = f"""
return function(step, drop)
  local sethook, create, resume = debug.sethook, coroutine.create, coroutine.resume
  local hook
  hook = function()
    if not step({INSTRUCTIONS}) then
      sethook(hook, "", 1)
      error("~~ksr~limit~~", 0)
    end
  end
  debug.sethook = function() error("debug.sethook is kept: steps are counted by it", 2) end
  coroutine.create = function(f)
    local made = create(f)
    sethook(made, hook, "", {INSTRUCTIONS})
    return made
  end
  coroutine.wrap = function(f)
    local made = coroutine.create(f)
    local function handed(ok, ...)
      if not ok then error((...), 0) end
      return ...
    end
    return function(...) return handed(resume(made, ...)) end
  end
  python = nil
  return {{
    begin = function() sethook(hook, "", {INSTRUCTIONS}) end,
    finish = function() sethook() end,
    load = function(text, name)
      local chunk, wrong = loadstring(text, "@" .. name)
      if not chunk then error(wrong, 0) end
      chunk()
    end,
    wrap = function(f) return function(...) return f(...) end end,
    leave = function() error("{EXIT_MARK}", 0) end,
    drop = function() drop() error("{EXIT_MARK}", 0) end,
  }}
end
"""


class LuaEngine:
    """A Lua file in a Lua state of its own."""

    language = "lua"
    code = 1

    def __init__(self, path: Path, context: Context, modules: Sequence[Module[Any]]) -> None:
        """Runs the file.

        Raises UsageError.
        """
        try:
            from lupa import lua51 as lupa
        except ImportError:
            raise UsageError("--kemi with a Lua file needs lupa: pip install 'sroute[lua]'") from None
        self.context = context
        self._depth = 0
        self._error: type[Exception] = lupa.LuaError
        self._lua = lupa.LuaRuntime(
            encoding="latin-1", unpack_returned_tuples=False, register_eval=False, register_builtins=False, attribute_filter=_hidden
        )
        self._tools = self._lua.execute(_PRELUDE)(self._step, self._drop)
        self._offer(modules)
        text = source(path).decode("latin-1")
        failure = self._run(self._tools["load"], (text, str(path))) or context.stopped
        context.stopped = None
        if failure is not None:
            raise UsageError(f"--kemi {path}: {_told(failure)}")

    def _offer(self, modules: Sequence[Module[Any]]) -> None:
        ksr = self._lua.table()
        self._lua.globals()["KSR"] = ksr
        ksr["x"] = self._lua.table()
        for function in offered(modules):
            name = function.export.module
            if name and ksr[name] is None:
                ksr[name] = self._lua.table()
            (ksr[name] if name else ksr)[function.export.name] = self._wrap(_callable(self.context, function))
        ksr["x"]["modf"] = self._wrap(_modf(self.context, list(modules)))
        ksr["x"]["exit"], ksr["x"]["drop"] = self._tools["leave"], self._tools["drop"]

    def _wrap(self, call: Callable[..., Any]) -> Any:
        """A Lua function, so that `type()` says so and no Python object is seen."""
        return self._tools["wrap"](call)

    def _step(self, count: int) -> bool:
        """Counts instructions; False when there were too many. Between calls, nothing is counted."""
        if not self._depth:
            return True
        try:
            self.context.step(count)
        except StepLimitError:
            return False
        return True

    def _drop(self) -> None:
        self.context.running.flow = DROP

    def has(self, function: str) -> bool:
        """Whether there is a global function of that name."""
        return self._lua.globals()[function] is not None

    def call(self, function: str, *args: str) -> int:
        """Calls a global function.

        Raises KemiError, NotSimulatedError, StepLimitError.
        """
        found = self._lua.globals()[function]
        if found is None:
            raise KemiError(f"no such function [{function}] in lua scripts")
        run, before = self.context.running, self.context.running.flow
        run.flow = NEXT
        failure = self._run(found, args)
        dropped, run.flow = run.flow == DROP, before
        stopped = self.context.stopped
        if stopped is not None:
            self.context.stopped = stopped if self._depth else None
            raise stopped
        if failure is not None and EXIT_MARK not in str(failure):
            raise KemiError(f"error from Lua: {_told(failure)}")
        return DROP if dropped else EXIT if failure is not None else NEXT

    def _run(self, function: Callable[..., object], args: tuple[str, ...]) -> Exception | None:
        """Runs a function: the Lua error that ended it. Steps are counted from the outermost call on."""
        self._depth += 1
        try:
            if self._depth == 1:
                self._tools["begin"]()
            function(*args)
        except self._error as error:
            return error
        except (NotSimulatedError, StepLimitError):
            return None
        finally:
            self._depth -= 1
            if not self._depth:
                self._tools["finish"]()
        return None


def _told(error: Exception) -> str:
    """What went wrong, without Lua's stack."""
    return str(error).partition("\nstack traceback")[0]


def _hidden(found: object, name: str, setting: bool) -> str:
    raise AttributeError("Python is not to be seen from Lua")


def _callable(context: Context, function: KemiFunction) -> Callable[..., Any]:
    """Lua's own conversions hold: a number is taken as text, digits as a number."""
    export = function.export
    gives = export.gives

    def call(*args: object) -> Result:
        if args and not export.params:
            context.complain(f"invalid parameters for: {export.label}", "app_lua")
            return False
        if len(args) < len(export.params):
            context.complain(f"invalid number of parameters for: {export.label}", "app_lua")
            return False
        values = [_taken(arg, kind) for arg, kind in zip(args, export.params, strict=False)]
        try:
            found = function.call(context, *values)
        except (NotSimulatedError, StepLimitError) as error:
            context.stopped = error
            raise
        if gives == "bool":
            return found is not False and found != -1
        return False if gives == "none" else found

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
        texts = tuple(str(_taken(arg, "str")) for arg in args)
        if any(function.params for module in modules for (known, count), function in module.functions.items() if known == name and count):
            context.complain(f"function '{name}' has fixup - cannot be used", "app_lua")
            return -1
        try:
            return modf(context, modules, name, texts)
        except NoFunctionError:
            context.complain(f"function '{name}' is not available", "app_lua")
            return -1
        except (NotSimulatedError, StepLimitError) as error:
            context.stopped = error
            raise

    return call
