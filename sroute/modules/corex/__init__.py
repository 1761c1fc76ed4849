"""corex: what the core can do but has no words for: branches with q, raw sending, sockets, files, flags, `$cfg`, `{sock.*}`."""

from sroute.modules.corex import commands, files, flags, sending, sockets, transformations, variables
from sroute.modules.corex.module import corex

__all__ = ["commands", "corex", "files", "flags", "sending", "sockets", "transformations", "variables"]
