"""Calls of KSR and what the real app_lua and app_python3 gave: files `calls/NAME.txt` (script, message, calls) with `calls/NAME.json`.

`python -m tests.unit.kemi.record [NAME ...]` writes the JSON files from the installed Kamailio.
"""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "calls"
ENGINES = ("lua", "python")
SUFFIXES = {"lua": "lua", "python": "py"}
END = "end"
LUA = """
local function told(ok, value)
  if not ok then return "error" end
  if type(value) == "table" or type(value) == "function" then return type(value) end
  return type(value) .. ":" .. (tostring(value):gsub("\\r", "\\\\r"):gsub("\\n", "\\\\n"))
end
function ksr_request_route()
  local out = io.open(PATH, "a")
CALLS
  out:write("end\\n")
  out:close()
end
function ksr_other() end
"""
PYTHON = """
import KSR as KSR
def told(call):
    try:
        value = call()
    except BaseException as error:
        return type(error).__name__
    return repr(value)
def mod_init():
    return Handler()
class Handler:
    def child_init(self, rank):
        return 0
    def ksr_other(self, msg):
        return 1
    def ksr_request_route(self, msg):
        out = open(PATH, "a")
CALLS
        out.write("end\\n")
        out.close()
        return 1
"""


@dataclass(frozen=True, slots=True)
class Calls:
    """One file: the head of a script, a message, and the calls that are made while it is routed."""

    name: str
    head: str
    message: bytes
    calls: tuple[str, ...]

    def script(self, engine: str, program: Path) -> str:
        """The script that routes in a file."""
        module = "app_lua" if engine == "lua" else "app_python3"
        return f'#!KAMAILIO\n{self.head}\nloadmodule "{module}.so"\nmodparam("{module}", "load", "{program}")\ncfgengine "{engine}"\n'

    def program(self, engine: str, results: Path) -> str:
        """The file: what each call gives is written as a line."""
        if engine == "lua":
            lines = [f'  out:write(told(pcall(function() return {call} end)) .. "\\n") out:flush()' for call in self.calls]
            return LUA.replace("PATH", f'"{results}"').replace("CALLS", "\n".join(lines))
        lines = [f"        out.write(told(lambda: {call}) + '\\n'); out.flush()" for call in self.calls]
        return PYTHON.replace("PATH", repr(str(results))).replace("CALLS", "\n".join(lines))

    @property
    def results(self) -> Path:
        """Where the recorded results are."""
        return FOLDER / f"{self.name}.json"


def read(name: str) -> Calls:
    """A file of calls."""
    head, message, calls = (FOLDER / f"{name}.txt").read_text().split("---\n")
    lines = tuple(line for line in calls.splitlines() if line.strip() and not line.startswith("#"))
    return Calls(name, head, message.strip("\n").replace("\n", "\r\n").replace("\\r\\n", "\r\n").encode() + b"\r\n\r\n", lines)


def names() -> list[str]:
    """All files of calls."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def known(name: str) -> dict[str, list[str]]:
    """What the real engines gave, by engine, call by call."""
    found: dict[str, dict[str, str]] = json.loads((FOLDER / f"{name}.json").read_text())
    return {engine: [row[engine] for row in found.values()] for engine in ENGINES}
