"""jansson: JSON texts read, changed and made by paths."""

from sroute.modules.jansson.module import jansson

__all__ = ["jansson"]
