"""What a transaction keeps of the changes that the script has made to its request."""

from sroute.modules.tm.transaction import Transaction
from sroute.sip.message import Message


def save_changes(t: Transaction, message: Message) -> None:
    """The pending changes of the request go into the transaction, for its failure routes."""
    t.request.lumps = message.lumps.copy()
    t.request.body_lumps = message.body_lumps.copy()
    t.request.reply_lumps = message.reply_lumps.copy()
    t.lumps_saved = True
