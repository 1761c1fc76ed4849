"""acc: accounts transactions in the log and in a database, as flags of the message say."""

from sroute.modules.acc import following, functions
from sroute.modules.acc.declaration import acc

__all__ = ["acc", "following", "functions"]
