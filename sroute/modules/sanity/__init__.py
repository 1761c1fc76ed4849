"""sanity: checks whether a message is sane, and answers when it is not."""

from sroute.modules.sanity import functions
from sroute.modules.sanity.module import sanity

__all__ = ["functions", "sanity"]
