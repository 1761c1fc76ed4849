"""textopsx: applies changes at once, edits values of headers, walks over headers and body lines."""

from sroute.modules.textopsx import binding, changing, fnmatch, iterators, message, selects, values
from sroute.modules.textopsx.module import textopsx

__all__ = ["binding", "changing", "fnmatch", "iterators", "message", "selects", "textopsx", "values"]
