"""The pv module: variables, transformations, XAVPs and the functions on them."""

from sroute.modules.pv import strings
from sroute.modules.pv.module import pv

__all__ = ["pv", "strings"]
