"""What the core itself exports to scripts: event routes and RPC commands. Its statements are in `interpreter`."""

from sroute.modules.core import rpc
from sroute.modules.core.module import core

__all__ = ["core", "rpc"]
