"""auth: digest challenges and their verification; the passwords come from elsewhere."""

from sroute.modules.auth import functions
from sroute.modules.auth.module import auth

__all__ = ["auth", "functions"]
