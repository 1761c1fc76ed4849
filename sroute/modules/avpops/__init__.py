"""avpops: AVPs compared, copied, deleted, computed and changed by functions, and kept in a database."""

from sroute.modules.avpops import database, module
from sroute.modules.avpops.declaration import avpops

__all__ = ["avpops", "database", "module"]
