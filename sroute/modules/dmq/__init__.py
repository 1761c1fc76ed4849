"""dmq: nodes that know each other and tell each other what changes, over SIP."""

from sroute.modules.dmq import functions
from sroute.modules.dmq.module import dmq

__all__ = ["dmq", "functions"]
