"""counters: counters of the script in groups, and the RPC commands that show all of them."""

from sroute.modules.counters.module import counters

__all__ = ["counters"]
