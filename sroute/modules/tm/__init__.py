"""tm: transactions on the instance's clock."""

from sroute.modules.tm import asking, contacts, functions, handlers, rpc, rpc_requests, selects, sending, sisters
from sroute.modules.tm.declaration import tm

__all__ = ["asking", "contacts", "functions", "handlers", "rpc", "rpc_requests", "selects", "sending", "sisters", "tm"]
