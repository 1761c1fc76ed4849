"""The pv module: variables, transformations, XAVPs and the functions on them."""

from sroute.modules.pv import network, request, stores, strings
from sroute.modules.pv.module import pv

__all__ = ["network", "pv", "request", "stores", "strings"]
