"""auth_db: digest authentication against the subscriber table of a database."""

from dataclasses import dataclass, field
from typing import Any

from sroute.db.database import Database, DbError, DbValue, NotOpenedError, version
from sroute.db.databases import open_database
from sroute.db.url import driver
from sroute.errors import NotSimulatedError
from sroute.exports.fixups import Constant, FixupError, Names, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.modules.auth.functions import NOT_EMPTY, NUMBER, lacks, user_check
from sroute.modules.auth.module import PROXY, WWW, Auth, Found
from sroute.modules.auth.nonces import Result
from sroute.runtime.run import Run, Write
from sroute.sip import uri as uris

TABLE_VERSION = 7


@dataclass(slots=True)
class AuthDb:
    """The module's parameters, the database, and where the columns of load_credentials go."""

    db_url: str = "mysql://kamailioro:kamailioro@localhost/kamailio"
    user_column: str = "username"
    domain_column: str = "domain"
    password_column: str = "ha1"
    password_column_2: str = "ha1b"
    calculate_ha1: int = 0
    use_domain: int = 0
    version_table: int = 1
    force_generate_avps: int = 0
    credentials: list[tuple[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    targets: list[Write] = field(default_factory=list)
    database: Database | None = None
    why_closed: str = ""
    scope: Any = None

    @property
    def auth(self) -> Auth:
        """The module that knows nonces and digests."""
        found = self.scope.services.state("auth")
        assert isinstance(found, Auth)
        return found

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        self.scope.services.diag("ERROR", text, "auth_db", run.at)

    def open(self) -> Database:
        """The database.

        Raises NotSimulatedError where the run does not allow it to be opened.
        """
        if self.database is None:
            raise NotSimulatedError(self.why_closed or "auth_db has no database: db_url is empty")
        return self.database

    def row(self, table: str, columns: list[str], user: str, domain: str | None) -> tuple[DbValue, ...] | None:
        """The first row of a user (of a domain, unless that is None)."""
        where: list[tuple[str, Any, DbValue]] = [(self.user_column, "=", user)]
        if domain is not None:
            where.append((self.domain_column, "=", domain))
        return next(iter(self.open().query(table, columns, where)), None)

    def store(self, run: Run, values: tuple[DbValue, ...]) -> None:
        """Puts the columns of load_credentials where they belong."""
        for write, value in zip(self.targets, values, strict=True):
            if value is not None:
                write(run, value if isinstance(value, int | str) else str(value))


auth_db = Module("auth_db", AuthDb, "Digest authentication against a database.", requires=("auth",))
auth_db.setting("db_url", "str", doc="The database.")
auth_db.setting("user_column", "str", doc="The column with the user name (username).")
auth_db.setting("domain_column", "str", doc="The column with the domain (domain).")
auth_db.setting("password_column", "str", doc="The column with the HA1, or the password if calculate_ha1 is set (ha1).")
auth_db.setting("password_column_2", "str", doc="The column with the HA1 of user@domain (ha1b).")
auth_db.setting("calculate_ha1", "int", doc="The password column holds plain passwords (0).")
auth_db.setting("use_domain", "int", doc="Look users up with their domain (0).")
auth_db.setting("version_table", "int", doc="Check the version of the tables at start (1).")
auth_db.setting("force_generate_avps", "int", doc="Set the AVPs of load_credentials also when the password is wrong (0).")


@auth_db.param("load_credentials", "str")
def load_credentials(state: AuthDb, text: str) -> None:
    """Which columns go into which variables when a user is verified: `$avp(x)=column;column2` (a bare name is an AVP)."""
    state.credentials = []
    parts = text.split(";") if text else []
    if parts and not parts[-1].strip():
        parts.pop()
    for part in parts:
        target, _, column = (piece.strip() for piece in part.partition("="))
        if not target.startswith("$"):
            target, column = f"$avp({part.strip()})", part.strip()
        if not column or column.endswith("="):
            raise ParamError(f"no column in {text!r}")
        state.credentials.append((column, target))


def _init(state: AuthDb, scope: Scope) -> None:
    state.scope = scope
    state.columns = [column for column, _ in state.credentials]
    try:
        state.targets = [scope.write(scope.names.pv(target)) for _, target in state.credentials]
    except FixupError as error:
        raise InitError(f"load_credentials: {error.message}") from None
    if not state.db_url:
        return
    if not scope.services.loaded(driver(state.db_url)):
        raise InitError(f'unable to bind to a database driver: loadmodule "{driver(state.db_url)}.so" is missing')
    try:
        state.database = open_database(state.db_url, scope.services)
    except NotOpenedError as error:
        state.why_closed = str(error)
    except DbError as error:
        raise InitError(str(error)) from None


auth_db.hooks.init.append(_init)


class TableName:
    """A table; variables in its name are plain text."""

    form = "table"

    def parse(self, text: str, names: Names) -> str:
        """The name."""
        if not text:
            raise FixupError("an empty parameter is not allowed")
        return text

    def bind(self, parsed: str, scope: Scope) -> Constant[str]:
        """The name of a table that has the right version."""
        state = scope.services.state("auth_db")
        assert isinstance(state, AuthDb)
        if state.database is not None and state.version_table:
            _check_version(state.database, parsed)
        return Constant(parsed)


def _check_version(database: Database, name: str) -> None:
    """Refuses a table of another version, as the start does."""
    try:
        found = version(database, name)
    except DbError as error:
        raise FixupError(str(error)) from None
    if found != TABLE_VERSION:
        hint = "make the tables with `sroute db create`"
        raise FixupError(f"invalid version {found} for table {name} found, expected {TABLE_VERSION}", hint=hint)


TABLE = TableName()


def _authenticate(state: AuthDb, run: Run, realm: str, table: str, kind: str, method: str) -> int:
    auth = state.auth
    found = auth.find(run, realm, kind)
    if not isinstance(found, Found):
        return found
    has = found.credentials
    with_domain = "@" in (has.username or "")
    domain = (has.domain if with_domain else has.realm or "") if state.use_domain else None
    second = state.password_column_2 and with_domain and not state.calculate_ha1
    password_column = state.password_column_2 if second else state.password_column
    try:
        row = state.row(table, [password_column, *state.columns], has.user, domain)
    except DbError as error:
        state.complain(run, str(error))
        return Result.ERROR
    if row is None:
        return Result.USER_UNKNOWN
    code = _proved(state, run, found, method, str(row[0] or ""))
    if code == Result.OK or state.force_generate_avps:
        state.store(run, row[1:])
    return code


def _proved(state: AuthDb, run: Run, found: Found, method: str, secret: str) -> int:
    if state.calculate_ha1:
        return state.auth.password_check(run, found, method, secret)
    return state.auth.check(run, found, method, secret)


def _declare(name: str, kind: str, doc: str) -> None:
    def with_table(state: AuthDb, run: Run, realm: str | None, table: str) -> int:
        if lacks(state, run, "realm", realm):
            return Result.ERROR
        return _authenticate(state, run, realm or "", table, kind, run.message.method)

    with_table.__doc__ = f'{doc}\n\nExample: if (!{name}("$td", "subscriber")) {{ exit; }}'
    auth_db.function(name, NOT_EMPTY, TABLE)(with_table)


CODES = "1 ok, -1 error, -2 wrong password, -3 unknown user, -4 stale nonce, -5 no credentials for the realm."
_declare("www_authenticate", WWW, f"Checks Authorization against the table. {CODES}")
_declare("www_authorize", WWW, f"Checks Authorization against the table (old name). {CODES}")
_declare("proxy_authenticate", PROXY, f"Checks Proxy-Authorization against the table. {CODES}")
_declare("proxy_authorize", PROXY, f"Checks Proxy-Authorization against the table (old name). {CODES}")


@auth_db.function("www_authenticate", NOT_EMPTY, TABLE, NOT_EMPTY)
def www_authenticate_method(state: AuthDb, run: Run, realm: str | None, table: str, method: str | None) -> int:
    """As with two arguments, for a digest that was made for another method."""
    if lacks(state, run, "realm", realm) or lacks(state, run, "method", method):
        return Result.ERROR
    return _authenticate(state, run, realm or "", table, WWW, method or "")


@auth_db.function("auth_check", NOT_EMPTY, TABLE, NUMBER)
def auth_check(state: AuthDb, run: Run, realm: str | None, table: str, flags: int | None) -> int:
    """Checks the header that belongs to the method: Authorization of a REGISTER, else Proxy-Authorization.

    With flags 1 the user must be that of To (REGISTER) or From, else -8. Other codes as www_authenticate().

    Example: if (!auth_check("$fd", "subscriber", "1")) { auth_challenge("$fd", "0"); exit; }
    """
    method = run.message.method
    if method in ("ACK", "CANCEL"):
        return Result.OK
    if lacks(state, run, "realm", realm):
        return Result.ERROR
    if flags is None:
        state.complain(run, "invalid flags value")
        return Result.ERROR
    code = _authenticate(state, run, realm or "", table, WWW if method == "REGISTER" else PROXY, method)
    if code == Result.OK and flags & 1:
        return user_check(state.auth, run)
    return code


@auth_db.function("is_subscriber", NOT_EMPTY, TABLE, NUMBER)
def is_subscriber(state: AuthDb, run: Run, uri: str | None, table: str, flags: int | None) -> int:
    """True if the user of a URI (with flags 1: and its domain) is in the table; -2 if not, -1 on an error.

    Needs load_credentials: without columns to read 5.6.3 always fails.

    Example: if (is_subscriber("$fu", "subscriber", "1")) xlog("known\\n");
    """
    if lacks(state, run, "uri", uri):
        return -1
    if flags is None:
        state.complain(run, "invalid flags value")
        return -1
    parsed = uris.parse(uri or "")
    if parsed is None or not state.columns:
        state.complain(run, "failed to query database" if parsed else "failed to parse the URI")
        return -1
    try:
        row = state.row(table, state.columns, parsed.user, parsed.host if flags & 1 else None)
    except DbError as error:
        state.complain(run, str(error))
        return -1
    if row is None:
        return -2
    state.store(run, row)
    return 1
