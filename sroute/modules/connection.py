"""How a module meets the database of its db_url: driver, permission to open it, versions of its tables."""

from collections.abc import Mapping

from sroute.db.database import Database, DbError, NotOpenedError, version
from sroute.db.databases import open_database
from sroute.db.url import driver
from sroute.exports.module import InitError
from sroute.runtime.services import Services


def connect(url: str, services: Services, versions: Mapping[str, int], *, without: str) -> Database | None:
    """The database of a URL, whose tables have these versions; None where the run does not open it.

    `without` tells the user what that means. Raises InitError.
    """
    try:
        module = driver(url)
        if not services.loaded(module):
            raise InitError(f'no database module found: loadmodule "{module}.so" is missing')
        database = open_database(url, services)
        for table, wanted in versions.items():
            check_version(database, table, wanted)
    except NotOpenedError as error:
        services.note(f"{without}: {error}")
        return None
    except DbError as error:
        raise InitError(str(error)) from None
    return database


def check_version(database: Database, table: str, wanted: int) -> None:
    """Refuses a table of another version.

    Raises InitError and DbError.
    """
    found = version(database, table)
    if found != wanted:
        raise InitError(f"invalid version {found} for table {table} found, expected {wanted} (`sroute db create` makes the tables)")
