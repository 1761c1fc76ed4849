"""htable: hash tables that all workers share.

`definition` reads the text that defines a table, `table` holds the items, `order` knows in which order Kamailio walks
over them; the rest is what a script or an RPC client sees of it.
"""

from sroute.modules.htable import counts, functions, locking, rpc, setters, variables, walking
from sroute.modules.htable.module import htable

__all__ = ["counts", "functions", "htable", "locking", "rpc", "setters", "variables", "walking"]
