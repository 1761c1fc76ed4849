"""textopsx: applies changes at once, edits values of headers, walks over headers and body lines."""

from sroute.modules.textopsx import message
from sroute.modules.textopsx.module import textopsx

__all__ = ["message", "textopsx"]
