"""rr: Record-Route headers are added, Route headers followed."""

from sroute.modules.rr import functions
from sroute.modules.rr.declaration import rr

__all__ = ["functions", "rr"]
