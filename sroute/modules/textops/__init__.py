"""textops: tests and changes of headers, bodies and texts."""

from sroute.modules.pv import re_subst
from sroute.modules.textops import bodies, headers, messages, newer, parts, replacing, substitutions, texts
from sroute.modules.textops.module import textops

re_subst.declare(textops)

__all__ = ["bodies", "headers", "messages", "newer", "parts", "replacing", "substitutions", "textops", "texts"]
