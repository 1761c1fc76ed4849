"""What a record holds, and how it is written: one line in the log, a row for each leg in a database."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from sroute.db.database import DbError, DbValue
from sroute.exports.fixups import reader
from sroute.modules.acc.declaration import Acc
from sroute.modules.acc.extras import Extra, LegPart
from sroute.runtime.run import Run
from sroute.runtime.services import LEVELS
from sroute.sip.message import Message

_ERROR = -1


@dataclass(frozen=True, slots=True)
class Event:
    """What is accounted: the tags as they are to appear, the code ("" for none) and its reason."""

    from_tag: str
    to_tag: str
    code: str
    reason: str


def log(state: Acc, run: Run, title: str, event: Event) -> None:
    """Accounts in the log."""
    message = run.message
    fields = [
        ("timestamp", str(int(state.instance.clock.now()))),
        *_times(state, for_log=True),
        *zip(("method", "from_tag", "to_tag", "call_id", "code", "reason"), _core(message, event), strict=True),
        *((extra.name, _text(extra, run)) for extra in state.log_extras),
    ]
    for leg in _legs(state, run):
        fields += leg
    level = LEVELS[max(0, min(LEVELS.index("ERROR") + state.log_level - _ERROR, len(LEVELS) - 1))]
    text = ";".join(f"{name}={value}" for name, value in fields)
    state.instance.diag(level, f"ACC: {title}: {text}", "acc", run.at)


def insert(state: Acc, run: Run, table: str, event: Event) -> bool:
    """Accounts in the database; False when that fails."""
    if state.database is None:
        return True
    empty = None if state.db_url.startswith("sqlite") or state.acc_extra_nullable else ""
    columns = ("method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason")
    row: dict[str, DbValue] = {
        getattr(state, f"acc_{name}_column"): value or (None if state.db_url.startswith("sqlite") else "")
        for name, value in zip(columns, _core(run.message, event), strict=True)
    }
    row[state.acc_time_column] = int(state.instance.clock.now())
    row.update(_times(state, for_log=False))
    row.update({extra.name: _text(extra, run) or empty for extra in state.db_extras})
    try:
        for leg in _legs(state, run) if state.legs else ([],):
            state.database.insert(table, {**row, **{name: value or empty for name, value in leg}})
    except DbError as error:
        state.complain(str(error), run)
        state.complain("failed to insert into database", run)
        return False
    return True


def _core(message: Message, event: Event) -> tuple[str, ...]:
    method = message.cseq.method if message.cseq is not None else message.method
    return method, event.from_tag, event.to_tag, message.call_id or "", event.code, event.reason


def _text(extra: Extra, run: Run) -> str:
    value = extra.read(run)
    return "" if value is None else str(value)


def _times(state: Acc, *, for_log: bool) -> Iterator[tuple[str, str]]:
    """The time once more, as time_mode says."""
    now, mode = state.instance.clock.now(), state.time_mode
    if mode == 1:
        if state.time_attr and not for_log:
            yield state.time_attr, str(int(now))
        if state.time_exten:
            yield state.time_exten, str(int(now % 1 * 1_000_000))
    elif state.time_attr and mode == 2:
        yield state.time_attr, f"{now:.3f}"
    elif state.time_attr and mode in (3, 4):
        yield state.time_attr, time.strftime(state.time_format, (time.localtime if mode == 3 else time.gmtime)(now))


def _legs(state: Acc, run: Run) -> Iterator[list[tuple[str, str]]]:
    """The legs: the newest values of the AVPs, the ones before them, until none is left; always one."""
    if not state.legs:
        return
    values = [_values(run, part) for part in state.legs]
    for at in range(max(1, *map(len, values))):
        yield [(part.name, str(kept[at]) if at < len(kept) else "") for part, kept in zip(state.legs, values, strict=True)]


def _values(run: Run, part: LegPart) -> list[int | str]:
    name = part.avp(run)
    return [] if name is None else run.avps.all(name)


def table_of(state: Acc, run: Run, *, missed: bool) -> str:
    """The table of a record."""
    return reader(state.missed_table if missed else state.answered_table)(run)
