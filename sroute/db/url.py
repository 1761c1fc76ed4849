"""Kamailio's DB URLs: `sqlite:////var/db/k.db`, `text:///etc/kamailio/dbtext`, `mysql://user:password@host:port/name`."""

import re
from dataclasses import dataclass
from typing import Literal

from sroute.db.database import DbError, NotOpenedError

Engine = Literal["sqlite", "text", "mysql", "postgresql"]

_SCHEMES: dict[str, Engine] = {"sqlite": "sqlite", "text": "text", "mysql": "mysql", "mariadb": "mysql", "postgres": "postgresql"}
_NETWORK = re.compile(
    r"(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?(?P<host>\[[^\]]*\]|[^:/]*)(?::(?P<port>[0-9]+))?/(?P<database>[^?]*)"
)


def driver(text: str) -> str:
    """The module of Kamailio that a script loads for a URL."""
    return f"db_{text.partition(':')[0]}"


@dataclass(frozen=True, slots=True)
class DbUrl:
    """A URL in its parts; database is the path of a file or directory for `sqlite` and `text`."""

    text: str
    engine: Engine
    database: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: int = 0

    @property
    def networked(self) -> bool:
        """Whether a server has to be asked."""
        return self.engine in ("mysql", "postgresql")

    @property
    def public(self) -> str:
        """The URL without its password, for messages."""
        return self.text.replace(f":{self.password}@", ":***@") if self.password else self.text


def parse(text: str) -> DbUrl:
    """Takes a URL apart.

    Raises DbError, and NotOpenedError for a kind of database that sroute does not open.
    """
    scheme, _, rest = text.partition("://")
    engine = _SCHEMES.get(scheme)
    if engine is None:
        known = ", ".join(f"{name}://" for name in _SCHEMES)
        raise NotOpenedError(f"sroute opens no database like {text!r} (only {known}); map it with --db '{text}=URL'")
    if engine == "text":
        return DbUrl(text, engine, rest)
    if engine == "sqlite":
        return DbUrl(text, engine, rest.removeprefix("/"))
    parts = _NETWORK.match(rest)
    if parts is None:
        raise DbError(f"{text!r} is no database URL: {scheme}://user:password@host:port/name")
    found = {name: value or "" for name, value in parts.groupdict().items()}
    return DbUrl(text, engine, found["database"], found["user"], found["password"], found["host"], int(found["port"] or 0))
