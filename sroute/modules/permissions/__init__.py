"""permissions: who may send what, by files of rules and tables of addresses."""

from sroute.modules.permissions import addressing, routing, rpc, trusting
from sroute.modules.permissions.declaration import permissions

__all__ = ["addressing", "permissions", "routing", "rpc", "trusting"]
