"""registrar: REGISTER requests, and requests to those who have registered."""

from sroute.modules.registrar import functions, looking, profiles, saving
from sroute.modules.registrar.declaration import registrar

__all__ = ["functions", "looking", "profiles", "registrar", "saving"]
