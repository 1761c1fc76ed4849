"""usrloc: who is registered where."""

from sroute.modules.usrloc import database, rpc
from sroute.modules.usrloc.declaration import usrloc

__all__ = ["database", "rpc", "usrloc"]
