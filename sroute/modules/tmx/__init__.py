"""tmx: variables of transactions, and functions beside those of tm."""

from sroute.modules.tmx import functions, variables
from sroute.modules.tmx.declaration import tmx

__all__ = ["functions", "tmx", "variables"]
