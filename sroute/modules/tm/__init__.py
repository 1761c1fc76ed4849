"""tm: transactions on the instance's clock."""

from sroute.modules.tm import functions, handlers
from sroute.modules.tm.declaration import tm

__all__ = ["functions", "handlers", "tm"]
