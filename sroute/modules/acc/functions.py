"""Accounting at once: acc_log_request(), acc_db_request(), acc_request()."""

import re

from sroute.exports.fixups import Arg, FixupError, Format, Names, Scope
from sroute.exports.variable import Pv
from sroute.modules.acc import records
from sroute.modules.acc.declaration import Acc, acc
from sroute.modules.acc.records import Event
from sroute.runtime.run import Run

ACCOUNTED = "request accounted"
_CODE = re.compile(r"([0-9]{3})\s*")


class Comment:
    """A comment, which may begin with a code; not the empty text."""

    form = "comment"

    def parse(self, text: str, names: Names) -> tuple[str | Pv, ...]:
        """The pieces of the text."""
        if not text:
            raise FixupError("first parameter is empty")
        return Format().parse(text, names)

    def bind(self, parsed: tuple[str | Pv, ...], scope: Scope) -> Arg[str]:
        """The text."""
        return scope.text(parsed)


class Table(Comment):
    """The name of a table; a text that is no format stands for itself."""

    form = "table"

    def parse(self, text: str, names: Names) -> tuple[str | Pv, ...]:
        """The pieces of the name."""
        if not text:
            raise FixupError("second parameter is empty")
        try:
            return Format().parse(text, names)
        except FixupError:
            return (text,)


COMMENT, TABLE, FORMAT = Comment(), Table(), Format()


def _event(run: Run, comment: str) -> Event:
    request = run.message
    match = _CODE.match(comment)
    code, reason = (match[1], comment[match.end() :]) if match is not None else ("", comment)
    from_tag, to_tag = (party.tag if party is not None else None for party in (request.from_, request.to))
    return Event(from_tag or "", to_tag or "", code, reason)


@acc.function("acc_log_request", COMMENT)
def acc_log_request(state: Acc, run: Run, comment: str) -> int:
    """Accounts the request in the log at once; three digits at the begin of the comment are the code, the rest is the reason.

    Example: acc_log_request("404 Nobody here");
    """
    records.log(state, run, ACCOUNTED, _event(run, comment))
    return 1


@acc.function("acc_db_request", COMMENT, TABLE)
def acc_db_request(state: Acc, run: Run, comment: str, table: str) -> int:
    """Accounts the request in a table of the database at once; -1 where there is no database, or it refuses.

    Example: acc_db_request("404 Nobody here", "missed_calls");
    """
    if not state.db_url:
        state.complain("db support not configured", run)
        return -1
    return 1 if records.insert(state, run, table, _event(run, comment)) else -1


@acc.function("acc_request", FORMAT, FORMAT)
def acc_request(state: Acc, run: Run, comment: str, table: str) -> int:
    """Accounts the request in the log and, where there is a database, in a table of it.

    Example: acc_request("200 Received", "acc");
    """
    acc_log_request(state, run, comment)
    if not state.db_url:
        return 1
    state.instance.note("acc_request() of Kamailio 5.6.3 spoils the name of the table; here it is taken as it is", run.at)
    return 1 if records.insert(state, run, table, _event(run, comment)) else -1
