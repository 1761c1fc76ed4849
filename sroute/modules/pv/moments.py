"""Time: `$Ts`, `$Tf`, `$TV(...)`, `$time(...)`. All of it comes from the instance's clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import TEXT, Arg, Scope
from sroute.exports.variable import Index
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.pv.module import pv
from sroute.runtime.clock import VirtualClock
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value

_EXTRA = "pv.moment"


@dataclass(slots=True)
class Moment:
    """What a message has seen of the clock: cached variables keep their first reading."""

    now: float
    """Read at the first `$Ts`, `$Tf` or `$TV(s)`."""
    last: float = 0.0
    """Read at the last `$TV(sn)`."""


def _moment(run: Run, clock: VirtualClock) -> Moment:
    kept = run.extra.get(_EXTRA)
    if not isinstance(kept, Moment):
        kept = run.extra[_EXTRA] = Moment(clock.now())
    return kept


def _micros(when: float) -> int:
    return round(when * 1_000_000) % 1_000_000


def _seconds(when: float) -> int:
    return round(when * 1_000_000) // 1_000_000


def _ctime(when: float) -> str:
    return time.ctime(_seconds(when))


def _clocked(name: str, doc: str, read: Callable[[Run, VirtualClock], Value], number: Callable[[Run, VirtualClock], Value] | None) -> None:
    def factory(scope: Scope, inner: None, index: Index) -> Read:
        clock = scope.services.clock
        return lambda run: read(run, clock)

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name}\\n");'
    made = pv.variables_of(name)(factory)
    if number is not None:
        as_number = number

        def numbers(scope: Scope, inner: None, index: Index) -> Read:
            clock = scope.services.clock
            return lambda run: as_number(run, clock)

        made.number = numbers


def _cached_seconds(run: Run, clock: VirtualClock) -> Value:
    return _seconds(_moment(run, clock).now)


def _current_seconds(run: Run, clock: VirtualClock) -> Value:
    return _seconds(clock.now())


_clocked("Ts", "Unix time, the same all through a message.", _cached_seconds, None)
_clocked("TS", "Unix time now.", _current_seconds, None)
_clocked(
    "Tf",
    "Date and time as text, the same all through a message.",
    lambda run, clock: _ctime(_moment(run, clock).now),
    _cached_seconds,
)
_clocked("TF", "Date and time as text, now.", lambda run, clock: _ctime(clock.now()), _current_seconds)
_clocked("Tb", "Unix time at which the server began.", lambda run, clock: _seconds(clock.started), None)


@pv.variables_of("TV", inner=OneOf(("s", "u", "sn", "un", "Sn", "Fn"), ("Sm",)))
def tv(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """Time to the microsecond: s seconds and u microseconds, the same all through a message; sn seconds now and un what belongs to them.

    Sn is `seconds.microseconds` now, Fn `2026-11-21 20:03:28.837902`.

    Example: xlog("$TV(Sn)\\n");
    """
    clock = scope.services.clock
    return _TV[key(inner)](clock)


def _tv_now(clock: VirtualClock) -> Read:
    def read(run: Run) -> Value:
        moment = _moment(run, clock)
        moment.last = clock.now()
        return _seconds(moment.last)

    return read


def _dotted(clock: VirtualClock) -> Read:
    def read(run: Run) -> Value:
        now = clock.now()
        return f"{_seconds(now)}.{_micros(now):06d}"

    return read


def _full(clock: VirtualClock) -> Read:
    def read(run: Run) -> Value:
        now = clock.now()
        return f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(_seconds(now)))}.{_micros(now):06d}"

    return read


def _monotonic(clock: VirtualClock) -> Read:
    return lambda run: str(int(clock.uptime() * 1_000_000))


_TV: dict[str, Callable[[VirtualClock], Read]] = {
    "s": lambda clock: lambda run: _seconds(_moment(run, clock).now),
    "u": lambda clock: lambda run: _micros(_moment(run, clock).now),
    "sn": _tv_now,
    "un": lambda clock: lambda run: _micros(_moment(run, clock).last),
    "Sn": _dotted,
    "Fn": _full,
    "Sm": _monotonic,
}
_PARTS: dict[str, Callable[[time.struct_time], int]] = {
    "sec": lambda t: t.tm_sec,
    "min": lambda t: t.tm_min,
    "hour": lambda t: t.tm_hour,
    "mday": lambda t: t.tm_mday,
    "mon": lambda t: t.tm_mon,
    "year": lambda t: t.tm_year,
    "wday": lambda t: (t.tm_wday + 1) % 7 + 1,
    "yday": lambda t: t.tm_yday,
    "isdst": lambda t: t.tm_isdst,
}


def _broken_down(name: str, where: str, convert: Callable[[float], time.struct_time]) -> None:
    def factory(scope: Scope, inner: Arg[str], index: Index) -> Read:
        clock, part = scope.services.clock, _PARTS[key(inner)]
        return lambda run: part(convert(clock.now()))

    factory.__doc__ = (
        f"A part of the time in {where}: sec, min, hour, mday, mon (1 to 12), year, wday (1 is Sunday), yday (from 1), isdst.\n\n"
        f'Example: xlog("${name}(hour):${name}(min)\\n");'
    )
    pv.variables_of(name, inner=OneOf(tuple(_PARTS)), static="int")(factory)


_broken_down("time", "local time", time.localtime)
_broken_down("utime", "UTC", time.gmtime)


def _formatted(name: str, where: str, convert: Callable[[float], time.struct_time]) -> None:
    def factory(scope: Scope, inner: Arg[str], index: Index) -> Read:
        clock, form = scope.services.clock, key(inner)
        return lambda run: time.strftime(form, convert(clock.now())) or None

    factory.__doc__ = f'The time in {where} in a format of strftime.\n\nExample: xlog("${name}(%Y-%m-%d %H:%M:%S)\\n");'
    pv.variables_of(name, inner=TEXT)(factory)


_formatted("timef", "local time", time.localtime)
_formatted("utimef", "UTC", time.gmtime)
