"""Opens what a script names: read as it is, written in place only when the user says so.

A run has a registry of its own (`services.databases`), so that two modules that name one URL meet in one database.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from sroute.db import url as urls
from sroute.db.database import Database, NotOpenedError
from sroute.db.sqlitefile import SqliteFile
from sroute.db.textbase import TextDatabase
from sroute.db.url import DbUrl
from sroute.runtime.services import Services
from sroute.runtime.world import World


def open_database(text: str, services: Services) -> Database:
    """The database behind a URL of the script; the same one for everybody in an instance.

    Raises DbError, and NotOpenedError where the user has not allowed it.
    """
    known = services.databases.get(text)
    if known is None:
        known = services.databases[text] = opened(text, services.world, services.note)
    assert isinstance(known, Database)
    return known


def opened(text: str, world: World, note: Callable[[str], None]) -> Database:
    """Opens a URL; note is told when changes do not reach the database itself."""
    mapped = world.databases.get(text)
    url = urls.parse(mapped or text)
    if world.closed:
        raise NotOpenedError(f"{url.public} is not opened: nothing runs")
    if url.networked:
        if mapped is None and not world.allow_net:
            raise NotOpenedError(f"{url.public} is not opened: map it with --db '{url.public}=URL', or give --allow-net")
        return _networked(url, world)
    # What the script names is beside it, what the user names in the current directory.
    path = world.folder / url.database if mapped is None else Path(url.database)
    if mapped is None and not world.may_open(path):
        raise NotOpenedError(f"{url.public} is not opened: it is not beside the script; give --allow-path {path.parent}")
    drafted = _Remark(url, note)
    if url.engine == "text":
        return TextDatabase(text, path, write=world.write, drafted=drafted)
    return SqliteFile(text, path, write=world.write, drafted=drafted)


class _Remark:
    """Says once that changes go to a copy."""

    __slots__ = ("_note", "_text")

    def __init__(self, url: DbUrl, note: Callable[[str], None]) -> None:
        self._text = f"changes to {url.public} go to a temporary copy that is dropped at the end: --write is not given"
        self._note: Callable[[str], None] | None = note

    def __call__(self) -> None:
        if self._note is not None:
            self._note(self._text)
            self._note = None


def _networked(url: DbUrl, world: World) -> Database:
    # SQLAlchemy takes a while to import, and most scripts never get here.
    made: Database = import_module("sroute.db.session").open_network(url, write=world.write)
    return made
