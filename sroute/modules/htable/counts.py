"""The variables that count items, `$shtcn` and `$shtcv`."""

from typing import Protocol

from sroute.exports.fixups import Arg, reader
from sroute.exports.variable import Index
from sroute.modules.htable import match
from sroute.modules.htable.keys import TABLE_AND_KEY, Place
from sroute.modules.htable.module import htable
from sroute.modules.htable.table import Table
from sroute.modules.htable.variables import Bound, located
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value


class Count(Protocol):
    """One way of counting."""

    def __call__(self, table: Table, expression: str, *, living: bool) -> int:
        """The number of items.

        Raises BadExpressionError.
        """


def _counting(scope: Bound, inner: Arg[Place], count: Count) -> Read:
    state, table, place = located(scope, inner)
    if table is None:
        return lambda run: None
    expression_of, held = reader(place.key), table.locks.held
    living = scope.services.dialect.newer

    def read(run: Run) -> Value:
        expression = expression_of(run)
        everything = expression.startswith(match.ALL)
        if held and not everything:
            state.meets_any(table, run)
        if table.expiries and not living and not everything and match.some_expired(table):
            state.services.note(
                f"items of htable [{table.name}] that have expired, and that the timer has not removed yet, are counted in "
                "Kamailio 5.6.3 (fixed in 5.8.5)",
                run.at,
            )
        try:
            return count(table, expression, living=living)
        except match.BadExpressionError as error:
            state.complain(str(error), error.level, run.at)
            return 0

    return read


@htable.variables_of("shtcn", inner=TABLE_AND_KEY)
def shtcn(scope: Bound, inner: Arg[Place], index: Index) -> Read:
    """How many items have a name that matches: a regular expression, or `~%end`, `%~start`, `==name`, `**` for all.

    Example: xlog("banned: $shtcn(ipban=>**)\\n");
    """
    return _counting(scope, inner, match.count_names)


@htable.variables_of("shtcv", inner=TABLE_AND_KEY)
def shtcv(scope: Bound, inner: Arg[Place], index: Index) -> Read:
    """How many items have a value that matches: a regular expression for strings, `eq5` for integers, `**` for all.

    Example: if ($shtcv(calls=>eq0) > 0) { xlog("idle\\n"); }
    """
    return _counting(scope, inner, match.count_values)
