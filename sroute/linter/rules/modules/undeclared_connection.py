"""MD020."""

from sroute.linter.rule import Bad, LoadRule


class UndeclaredConnection(LoadRule):
    """A database connection is used that no parameter names.

    `sql_query("ca", ...)` needs a `modparam("sqlops", "sqlcon", "ca=>...")`. `kamailio -c` does not look; the start fails.
    """

    code = "MD020"
    stage = "start"
    bad = (Bad('sql_query("nope", "select 1", "ra");', ('"nope"',)),)
    good = ('sql_query("ca", "select 1", "ra");',)
