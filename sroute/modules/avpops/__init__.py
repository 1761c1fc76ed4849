"""avpops: AVPs compared, copied, deleted, computed and changed by functions. The database is declared only."""

from sroute.modules.avpops.module import avpops

__all__ = ["avpops"]
