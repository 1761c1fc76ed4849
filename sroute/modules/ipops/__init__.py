"""ipops: tests of IP addresses, and names that the instance knows."""

from sroute.modules.ipops import addresses, names, records
from sroute.modules.ipops.module import ipops

__all__ = ["addresses", "ipops", "names", "records"]
