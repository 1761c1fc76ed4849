"""speeddial: short numbers of users, from a database."""

from dataclasses import dataclass

from sroute.db.database import Condition, Database, DbError
from sroute.exports.fixups import FORMAT, Scope
from sroute.exports.module import Module
from sroute.modules.connection import connect
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import uri as uris
from sroute.sip.uri import Uri

SCHEME = "sip:"


@dataclass(slots=True)
class SpeedDial:
    """The module's parameters."""

    db_url: str = "mysql://kamailioro:kamailioro@localhost/kamailio"
    user_column: str = "username"
    domain_column: str = "domain"
    sd_user_column: str = "sd_username"
    sd_domain_column: str = "sd_domain"
    new_uri_column: str = "new_uri"
    use_domain: int = 0
    domain_prefix: str = ""
    database: Database | None = None
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "speeddial", run.at)


speeddial = Module("speeddial", SpeedDial, "Short numbers of users, from a database.")
speeddial.setting("db_url", "str", doc="The database.")
speeddial.setting("user_column", "str", doc="The column with the owner (username).")
speeddial.setting("domain_column", "str", doc="The column with the owner's domain (domain).")
speeddial.setting("sd_user_column", "str", doc="The column with the short number (sd_username).")
speeddial.setting("sd_domain_column", "str", doc="The column with its domain (sd_domain).")
speeddial.setting("new_uri_column", "str", doc="The column with the URI that it stands for (new_uri).")
speeddial.setting("use_domain", "int", doc="1: the domains have to fit, too (0).")
speeddial.setting("domain_prefix", "str", doc="Taken off the domain of the short number before it is looked for.")


def _init(state: SpeedDial, scope: Scope) -> None:
    state.services = scope.services
    state.database = connect(state.db_url, state.instance, {}, without="there are no short numbers here")


speeddial.hooks.init.append(_init)


def _look_up(state: SpeedDial, run: Run, table: str, owner: Uri) -> int:
    called = run.message.parsed_uri
    if called is None or not called.user or state.database is None:
        return -1
    where: list[Condition] = [(state.user_column, "=", owner.user or "")]
    if state.use_domain:
        where.append((state.domain_column, "=", owner.host))
    where.append((state.sd_user_column, "=", called.user))
    if state.use_domain:
        where.append((state.sd_domain_column, "=", called.host.removeprefix(state.domain_prefix)))
    try:
        rows = list(state.database.query(table, [state.new_uri_column], where))
    except DbError as error:
        state.complain(run, str(error))
        state.complain(run, "failed to query database")
        return -1
    if not rows:
        return -1
    found = str(rows[0][0] or "")
    run.message.uri = found if found.startswith(SCHEME) else SCHEME + found
    return 1


@speeddial.function("sd_lookup", FORMAT)
def sd_lookup(state: SpeedDial, run: Run, table: str) -> int:
    """Puts what the called short number of the caller (From) stands for into the Request-URI; -1 when it is none.

    Example: if (sd_lookup("speed_dial")) { xlog("now $ru\\n"); }
    """
    caller = run.message.from_
    owner = uris.parse(caller.uri) if caller is not None else None
    if owner is None:
        state.complain(run, "failed to parse From header")
        return -1
    return _look_up(state, run, table, owner)


@speeddial.function("sd_lookup", FORMAT, FORMAT)
def sd_lookup_of(state: SpeedDial, run: Run, table: str, owner: str) -> int:
    """The same for the short numbers of another user, whose URI is given."""
    uri = uris.parse(owner)
    if uri is None:
        state.complain(run, "bad owner SIP address!")
        return -1
    return _look_up(state, run, table, uri)
