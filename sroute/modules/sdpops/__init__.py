"""sdpops: tests and changes of session descriptions."""

from sroute.modules.sdpops import codecs, functions
from sroute.modules.sdpops.module import sdpops

__all__ = ["codecs", "functions", "sdpops"]
