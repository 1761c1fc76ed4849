"""debugger: the actions of a script in the log, log levels of single modules, variables and messages as they are now."""

from sroute.modules.debugger import commands, dumping, functions
from sroute.modules.debugger.declaration import debugger

__all__ = ["commands", "debugger", "dumping", "functions"]
