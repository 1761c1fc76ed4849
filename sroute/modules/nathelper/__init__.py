"""nathelper: finds clients behind NAT and writes addresses under which they can be reached."""

from sroute.modules.nathelper import aliases, behind, functions, pinging, sdp, selects
from sroute.modules.nathelper.module import nathelper

__all__ = ["aliases", "behind", "functions", "nathelper", "pinging", "sdp", "selects"]
