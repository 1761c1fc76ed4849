"""siputils: tests of messages and URIs, small changes of them, answers to OPTIONS."""

from sroute.modules.siputils import addresses, contacts, messages, newer, parties, texts
from sroute.modules.siputils.module import siputils

__all__ = ["addresses", "contacts", "messages", "newer", "parties", "siputils", "texts"]
