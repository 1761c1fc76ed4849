"""pike: finds addresses that flood."""

from sroute.modules.pike.module import pike

__all__ = ["pike"]
