"""The pv module: variables, transformations, XAVPs and the functions on them."""

from sroute.modules.pv import (
    branches,
    content,
    credentials,
    destination,
    flags,
    headers,
    identities,
    moments,
    network,
    parties,
    request,
    stores,
    strings,
    vias,
)
from sroute.modules.pv.module import pv

__all__ = [
    "branches",
    "content",
    "credentials",
    "destination",
    "flags",
    "headers",
    "identities",
    "moments",
    "network",
    "parties",
    "pv",
    "request",
    "stores",
    "strings",
    "vias",
]
