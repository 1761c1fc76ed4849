"""textopsx: applies changes at once, edits values of headers, walks over headers and body lines."""

from sroute.modules.textopsx import changing, fnmatch, iterators, message, selects, values
from sroute.modules.textopsx.module import textopsx

__all__ = ["changing", "fnmatch", "iterators", "message", "selects", "textopsx", "values"]
