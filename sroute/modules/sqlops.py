"""sqlops: `{sql.val}` and its like. Queries are declared only."""

from sroute.exports.module import Module
from sroute.modules.pv import sql_values


class SqlOps:
    """The transformations need no state."""


sqlops: Module[SqlOps] = Module("sqlops", SqlOps, "Values as SQL writes them; queries are declared only.")
sql_values.declare(sqlops)
