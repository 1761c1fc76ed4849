"""How Kamailio names itself in what it makes: `server_header`, `user_agent_header` and `server_signature`."""

from sroute.runtime.services import Services
from sroute.sip.reply import SERVER

AGENT = "User-Agent" + SERVER.removeprefix("Server")


def server_line(services: Services) -> str:
    """The Server header of replies; empty where there is none."""
    return _line(services, "server_header", SERVER)


def agent_line(services: Services) -> str:
    """The User-Agent header of requests; empty where there is none."""
    return _line(services, "user_agent_header", AGENT)


def _line(services: Services, setting: str, default: str) -> str:
    if services.cfg("core", "server_signature") == 0:
        return ""
    return str(services.cfg("core", setting) or default)
