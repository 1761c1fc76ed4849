"""uri_db: whether a user may use a URI, and whether the user of the Request-URI exists."""

from dataclasses import dataclass

from sroute.db.database import Database, DbError, DbValue, Operator
from sroute.exports.fixups import FORMAT, TEXT, Scope
from sroute.exports.module import InitError, Module
from sroute.modules.auth.module import Found
from sroute.modules.connection import connect
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import uri as uris
from sroute.sip.nameaddr import NameAddr

SUBSCRIBER_VERSION, URI_VERSION = 7, 1
OK, ERROR, NOT_VERIFIED, NO_USER, NO_ROW, BAD_QUERY, FAILED, OTHER_URI, OTHER_USER = 1, -1, -2, -4, -5, -4, -8, -9, -10


@dataclass(slots=True)
class UriDb:
    """The module's parameters and its database."""

    db_url: str = "mysql://kamailioro:kamailioro@localhost/kamailio"
    db_table: str = "subscriber"
    user_column: str = "username"
    domain_column: str = "domain"
    uriuser_column: str = "uri_user"
    use_uri_table: int = 0
    use_domain: int = 0
    database: Database | None = None
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str) -> int:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "uri_db", run.at)
        return ERROR

    def has_row(self, run: Run, **columns: str) -> bool | None:
        """Whether a row has these values; None when the database refuses the question."""
        assert self.database is not None
        names = {"user": self.user_column, "domain": self.domain_column, "uri_user": self.uriuser_column}
        where: list[tuple[str, Operator, DbValue]] = [(names[kind], "=", value) for kind, value in columns.items()]
        try:
            return next(iter(self.database.query(self.db_table, [where[0][0]], where, limit=1)), None) is not None
        except DbError as error:
            self.instance.diag("ERROR", str(error), "uri_db", run.at)
            self.complain(run, "Error while querying database")
            return None


uri_db = Module("uri_db", UriDb, "Whether a user may use a URI, and whether the user of the Request-URI exists.")
uri_db.setting("db_url", "str", doc="The database; empty: none, and only names are compared.")
uri_db.setting("db_table", "str", doc="The table: subscriber, or with use_uri_table one of URIs (subscriber).")
uri_db.setting("user_column", "str", doc="The column with the user name (username).")
uri_db.setting("domain_column", "str", doc="The column with the domain (domain).")
uri_db.setting("uriuser_column", "str", doc="The column with the user of the URI, in a table of URIs (uri_user).")
uri_db.setting("use_uri_table", "int", doc="1: db_table says which URIs a user may use (0).")
uri_db.setting("use_domain", "int", doc="1: does_uri_exist() looks at the domain, too (0).")


@uri_db.hooks.init.append
def _init(state: UriDb, scope: Scope) -> None:
    state.services = scope.services
    if not state.db_url:
        if state.use_uri_table:
            raise InitError("configuration error - no database URL, but use_uri_table is set!")
        return
    wanted = URI_VERSION if state.use_uri_table else SUBSCRIBER_VERSION
    state.database = connect(state.db_url, state.instance, {state.db_table: wanted}, without="no user is known")


@uri_db.function("check_to")
def check_to(state: UriDb, run: Run) -> int:
    """True if the verified user (`auth`) is that of To, or may use its URI.

    -2 without a verified user, -4 for a URI without user, -9 when the table of URIs does not allow it, -10 for another user.

    Example: if (is_method("REGISTER") && !check_to()) { sl_send_reply("403", "Not yours"); exit; }
    """
    return _check_address(state, run, run.message.to, "To")


@uri_db.function("check_from")
def check_from(state: UriDb, run: Run) -> int:
    """True if the verified user (`auth`) is that of From, or may use its URI; codes as check_to().

    Example: if (!check_from()) { sl_send_reply("403", "Not yours"); exit; }
    """
    return _check_address(state, run, run.message.from_, "From")


def _check_address(state: UriDb, run: Run, address: NameAddr | None, name: str) -> int:
    if address is None:
        return state.complain(run, f"Error while parsing {name} header field")
    return _check_verified(state, run, address.uri)


@uri_db.function("check_uri", FORMAT)
def check_uri(state: UriDb, run: Run, uri: str) -> int:
    """True if the verified user (`auth`) is that of a URI, or may use it; -1 for what is no URI, else codes as check_to().

    Example: if (!check_uri("$ai")) { xlog("not that user's\\n"); }
    """
    if not uri:
        return state.complain(run, "invalid uri parameter")
    return _check_verified(state, run, uri)


@uri_db.function("check_uri", FORMAT, TEXT, TEXT)
def check_uri_of(state: UriDb, run: Run, uri: str, username: str, realm: str) -> int:
    """As with one argument, for a user and a realm that are given; where one of them is empty, the verified user counts.

    Example: if (check_uri("$fu", "alice", "example.com")) { xlog("alice\\n"); }
    """
    if not uri:
        return state.complain(run, "invalid uri parameter")
    if not username or not realm:
        return _check_verified(state, run, uri)
    parsed = uris.parse(uri)
    if parsed is None:
        return state.complain(run, f"Error while parsing URI: {uri}")
    return _check(state, run, parsed.user, username, realm)


def _check_verified(state: UriDb, run: Run, uri: str) -> int:
    parsed = uris.parse(uri)
    if parsed is None:
        return state.complain(run, f"Error while parsing URI: {uri}")
    found = run.extra.get("auth")
    if not isinstance(found, Found):
        state.complain(run, "No authorized credentials found (error in scripts)")
        state.complain(run, "Call {www,proxy}_authorize before calling check_* functions!")
        return NOT_VERIFIED
    return _check(state, run, parsed.user, found.credentials.user, found.credentials.realm or "")


def _check(state: UriDb, run: Run, uri_user: str | None, user: str, realm: str) -> int:
    if not uri_user:
        state.complain(run, "Username not found in URI")
        return NO_USER
    if not state.use_uri_table:
        return OK if uri_user.lower() == user.lower() else OTHER_USER
    if state.database is None:
        return state.complain(run, "database connection does not exist")
    found = state.has_row(run, user=user, domain=realm, uri_user=uri_user)
    return FAILED if found is None else OK if found else OTHER_URI


@uri_db.function("does_uri_exist")
def does_uri_exist(state: UriDb, run: Run) -> int:
    """True if the user of the Request-URI is in the table: -5 if not, -4 when the database refuses, -1 without one.

    Example: if (!does_uri_exist()) { sl_send_reply("404", "Not here"); exit; }
    """
    if state.database is None:
        return state.complain(run, "database connection does not exist")
    uri = run.message.parsed_uri
    if uri is None:
        return state.complain(run, "Error while parsing URI")
    kind = "uri_user" if state.use_uri_table else "user"
    domain = {"domain": uri.host} if state.use_domain else {}
    found = state.has_row(run, **{kind: uri.user or ""}, **domain)
    return BAD_QUERY if found is None else OK if found else NO_ROW
