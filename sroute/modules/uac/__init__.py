"""uac: what a user agent does: other parties in From and To, answers to challenges, requests of the script's own, registrations."""

from sroute.modules.uac import authenticating, registering, registrations, replacing, requests, rpc
from sroute.modules.uac.declaration import uac

__all__ = ["authenticating", "registering", "registrations", "replacing", "requests", "rpc", "uac"]
