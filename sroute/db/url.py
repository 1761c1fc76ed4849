"""Kamailio's DB URLs: `sqlite:////var/db/k.db`, `text:///etc/kamailio/dbtext`, `mysql://user:password@host:port/name`."""

import re
from dataclasses import dataclass
from typing import Literal

from sroute.db.database import DbError

Engine = Literal["sqlite", "text", "mysql", "postgresql"]

_SCHEMES: dict[str, Engine] = {"sqlite": "sqlite", "text": "text", "mysql": "mysql", "mariadb": "mysql", "postgres": "postgresql"}
MODULES: dict[Engine, str] = {"sqlite": "db_sqlite", "text": "db_text", "mysql": "db_mysql", "postgresql": "db_postgres"}
"""The module of Kamailio that a script loads for an engine."""
_NETWORK = re.compile(
    r"(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?(?P<host>\[[^\]]*\]|[^:/]*)(?::(?P<port>[0-9]+))?/(?P<database>[^?]*)"
)


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

    Raises DbError.
    """
    scheme, colon, rest = text.partition("://")
    if not colon and (scheme_only := text.partition(":"))[0] in _SCHEMES:
        scheme, rest = scheme_only[0], scheme_only[2]
    engine = _SCHEMES.get(scheme)
    if engine is None:
        raise DbError(f"no database behind {text!r}: sroute knows {', '.join(f'{name}://' for name in _SCHEMES)}")
    if engine == "text":
        return DbUrl(text, engine, rest)
    if engine == "sqlite":
        return DbUrl(text, engine, rest.removeprefix("/"))
    parts = _NETWORK.match(rest)
    if parts is None:
        raise DbError(f"{text!r} is no database URL: {scheme}://user:password@host:port/name")
    found = {name: value or "" for name, value in parts.groupdict().items()}
    return DbUrl(text, engine, found["database"], found["user"], found["password"], found["host"], int(found["port"] or 0))
