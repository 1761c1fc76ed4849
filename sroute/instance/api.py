"""The Python API: load a script, start an instance, feed it, look at what it did.

Example::

    from sroute import load, start

    instance = start(load("kamailio.cfg"))
    instance.receive(open("register.sip", "rb").read())
    instance.advance(30)
    print(instance.logs, instance.sent[-1].message)
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sroute.dialect import DEFAULT, Dialect
from sroute.errors import ScriptError, UsageError
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.modules.catalog import Catalog
from sroute.resolve.program import Program
from sroute.resolve.resolver import resolve
from sroute.runtime.clock import VirtualClock
from sroute.runtime.world import World
from sroute.source.diagnostic import Diagnostic
from sroute.syntax.parser import parse
from sroute.syntax.reader import MAX_SIZE, read_file

DEPTH = 100_000
"""Python calls that nested closures may need: Kamailio's own parser bounds the nesting of a script at 10,000."""


def load(
    path: str | Path,
    text: str | None = None,
    *,
    defines: Mapping[str, str | None] | None = None,
    dialect: Dialect = DEFAULT,
    max_size: int = MAX_SIZE,
) -> Program:
    """Reads a script and settles its names; text (latin-1) is used instead of the file's where given.

    Raises UsageError when the file can't be read, ScriptError when Kamailio would refuse the script.
    """
    program, findings = check(path, text, defines=defines, dialect=dialect, max_size=max_size)
    if program is None or program.refused:
        raise ScriptError(str(path), findings)
    return program


def check(
    path: str | Path,
    text: str | None = None,
    *,
    defines: Mapping[str, str | None] | None = None,
    dialect: Dialect = DEFAULT,
    max_size: int = MAX_SIZE,
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """As load, but gives the findings instead of raising; the program is None where the text has syntax errors."""
    source = _read(str(path), max_size) if text is None else text
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEPTH))
    parsed = parse(str(path), source, defines=defines, dialect=dialect, env=dict(os.environ))
    if parsed.script is None or not parsed.ok:
        return None, parsed.diagnostics
    program = resolve(parsed.script, dialect, Catalog(dialect))
    program.diagnostics[:0] = parsed.diagnostics
    return program, tuple(program.diagnostics)


def check_start(program: Program) -> tuple[Diagnostic, ...]:
    """What a start refuses beyond the check: parameters, init of the modules, arguments that need their state.

    Nothing of the script runs, no database or file is opened.
    """
    known = len(program.diagnostics)
    instance = Instance(program, Options(world=World(closed=True), keep_events=False, begins=False))
    return tuple(instance.findings[known:])


def _read(path: str, max_size: int) -> str:
    try:
        return read_file(path, max_size)
    except OSError as error:
        raise UsageError(str(error) if error.strerror is None else f"{path}: {error.strerror.lower()}") from None


def start(program: Program, options: Options | None = None, *, clock: VirtualClock | None = None) -> Instance:
    """Starts an instance of a program on a virtual clock.

    Raises ScriptError when it dies at start, as Kamailio would.
    """
    instance = Instance(program, options, clock=clock)
    if instance.refused:
        raise ScriptError(program.script.sources[0].name, tuple(instance.findings))
    return instance


__all__ = ["Instance", "Options", "ScriptError", "UsageError", "check", "check_start", "load", "start"]
