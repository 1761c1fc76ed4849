"""Options that several commands share, and how their values are read."""

import re
import sys
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import click

from sroute.dialect import DEFAULT, Dialect, dialect
from sroute.errors import UsageError
from sroute.sip.endpoint import Endpoint

F = TypeVar("F", bound=Callable[..., Any])
UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ms|[smhd]?)\Z")
LONGEST = 100 * 365 * 86400.0


def duration(text: str) -> float:
    """Seconds of a duration.

    Raises UsageError.
    """
    match = _DURATION.match(text)
    if match is None or (seconds := float(match[1]) * UNITS[match[2]]) > LONGEST:
        raise UsageError(f"not a duration: {text!r} (like 30, 30s, 0.5, 15m, 2h, 1d)")
    return seconds


def endpoint(text: str | None) -> Endpoint | None:
    """An address option; its host must be an IP address.

    Raises UsageError.
    """
    if not text:
        return None
    found = Endpoint.parse(text)
    try:
        ip_address(found.ip)
    except ValueError:
        raise UsageError(f"not an address: {text!r} (like udp:127.0.0.1:5060 or tcp:[::1]:5060)") from None
    return found


def defines(values: tuple[str, ...]) -> dict[str, str | None]:
    """`-A NAME[=VALUE]`, repeated; a name twice is a mistake as for Kamailio."""
    found: dict[str, str | None] = {}
    for item in values:
        name, equals, value = item.partition("=")
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise UsageError(f"-A {item}: not a name that can be defined")
        if name in found:
            raise UsageError(f"-A {item}: {name} is defined twice")
        found[name] = value if equals else None
    return found


def script_options(command: F) -> F:
    """`-A` and `--kamailio`."""
    command = click.option("-A", "define", multiple=True, metavar="NAME[=VALUE]", help="Define for the preprocessor.")(command)
    return click.option("--kamailio", default=DEFAULT.name, metavar="VERSION", help="5.6 (default), 6.1 or dev.")(command)


def chosen_dialect(name: str) -> Dialect:
    """The dialect of --kamailio."""
    return dialect(name)


def read_text(path: str) -> str:
    """The bytes of a file as latin-1 text; `-` is stdin.

    Raises UsageError when it can't be read.
    """
    if path == "-":
        return sys.stdin.buffer.read().decode("latin-1")
    try:
        return Path(path).read_bytes().decode("latin-1")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
