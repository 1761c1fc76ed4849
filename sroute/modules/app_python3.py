"""app_python3: methods of a Python file called from the script. The file is the one that is given with --kemi."""

from sroute.exports.fixups import FORMAT, Scope
from sroute.exports.module import Module
from sroute.modules.kemi_file import Caller
from sroute.runtime.run import Run

app_python3 = Module("app_python3", Caller, "Methods of a Python file, given with --kemi.")


@app_python3.hooks.init.append
def _init(state: Caller, scope: Scope) -> None:
    state.services = scope.services


@app_python3.function("python_exec", FORMAT)
@app_python3.function("python_exec", FORMAT, FORMAT)
def python_exec(state: Caller, run: Run, method: str, text: str | None = None) -> int:
    """Calls a method of the object that mod_init() gave, with the message and perhaps a text: the number that it returns.

    -1 when it is missing, fails, or returns none.

    Example: python_exec("count_call", "$rU");
    """
    return state.call("python_exec", method, run, text)
