"""app_lua: functions of a Lua file called from the script. The file is the one that is given with --kemi."""

from sroute.exports.fixups import FORMAT, Scope
from sroute.exports.module import Module
from sroute.modules.kemi_file import Caller
from sroute.runtime.run import Run

app_lua = Module("app_lua", Caller, "Functions of a Lua file, given with --kemi.")


@app_lua.hooks.init.append
def _init(state: Caller, scope: Scope) -> None:
    state.services = scope.services


@app_lua.function("lua_run", FORMAT)
@app_lua.function("lua_run", FORMAT, FORMAT)
@app_lua.function("lua_run", FORMAT, FORMAT, FORMAT)
@app_lua.function("lua_run", FORMAT, FORMAT, FORMAT, FORMAT)
def lua_run(state: Caller, run: Run, function: str, first: str | None = None, second: str | None = None, third: str | None = None) -> int:
    """Calls a function of the Lua file with up to three texts: 1, whatever it gives; -1 when it is missing or fails.

    Example: lua_run("count_call", "$rU");
    """
    return state.call("lua_run", function, run, first, second, third)
