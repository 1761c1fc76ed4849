"""alias_db: aliases of users, from a database."""

from dataclasses import dataclass

from sroute.db.database import Condition, Database, DbError
from sroute.exports.fixups import FORMAT, TARGET, Arg, Constant, FixupError, Names, PvRef, Scope
from sroute.exports.module import Module
from sroute.exports.variable import Pv
from sroute.modules.connection import connect
from sroute.modules.pv.branches import append
from sroute.runtime.dset import Branch
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import to_str
from sroute.sip import uri as uris

OWN = Routes.REQUEST | Routes.FAILURE
ANYWHERE = OWN | Routes.ONREPLY | Routes.REPLY | Routes.BRANCH | Routes.LOCAL


@dataclass(slots=True)
class Aliases:
    """The module's parameters."""

    db_url: str = "mysql://kamailioro:kamailioro@localhost/kamailio"
    user_column: str = "username"
    domain_column: str = "domain"
    alias_user_column: str = "alias_username"
    alias_domain_column: str = "alias_domain"
    use_domain: int = 0
    domain_prefix: str = ""
    append_branches: int = 0
    database: Database | None = None
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "alias_db", run.at)


@dataclass(frozen=True, slots=True)
class Way:
    """How to look: from the user to the alias, with the domain (None: as use_domain says)."""

    reverse: bool = False
    with_domain: bool | None = None


class Flags:
    """`d` without the domain, `u` with it, `r` from the user to the alias."""

    form = "flags"

    def parse(self, text: str, names: Names) -> Way:
        """The letters."""
        reverse, with_domain = False, None
        for letter in text:
            if letter not in "dru":
                raise FixupError(f"unsupported flag '{letter}'")
            reverse = reverse or letter == "r"
            with_domain = with_domain if letter == "r" else letter == "u"
        return Way(reverse, with_domain)

    def bind(self, parsed: Way, scope: Scope) -> Arg[Way]:
        """A constant."""
        return Constant(parsed)


class Input:
    """One variable that holds a URI: a text, or several variables, 5.6.3 does not take."""

    form = "$variable"

    def parse(self, text: str, names: Names) -> Pv:
        """The variable."""
        pieces = names.format(text)
        if len(pieces) != 1 or isinstance(pieces[0], str):
            raise FixupError("the input is to be one variable")
        return pieces[0]

    def bind(self, parsed: Pv, scope: Scope) -> Arg[str]:
        """Its value as text."""
        read: Read = scope.read(parsed)
        return lambda run: to_str(read(run) or "")


alias_db = Module("alias_db", Aliases, "Aliases of users, from a database.")
alias_db.setting("db_url", "str", doc="The database.")
alias_db.setting("user_column", "str", doc="The column with the user (username).")
alias_db.setting("domain_column", "str", doc="The column with the user's domain (domain).")
alias_db.setting("alias_user_column", "str", doc="The column with the user of the alias (alias_username).")
alias_db.setting("alias_domain_column", "str", doc="The column with the domain of the alias (alias_domain).")
alias_db.setting("use_domain", "int", doc="1: the domain has to fit, too (0).")
alias_db.setting("domain_prefix", "str", doc="Taken off the domain before it is looked for.")
alias_db.setting("append_branches", "int", doc="1: what is found behind the first becomes branches (0).")


def _init(state: Aliases, scope: Scope) -> None:
    state.services = scope.services
    state.database = connect(state.db_url, state.instance, {}, without="there are no aliases here")


alias_db.hooks.init.append(_init)


def _found(state: Aliases, run: Run, table: str, text: str, way: Way) -> list[str] | None:
    """The URIs that a URI stands for; None for one that can't be read, or when the query fails."""
    uri = uris.parse(text)
    if uri is None:
        state.complain(run, f"failed to parse uri {text}")
        return None
    if not uri.user or state.database is None:
        return []
    ours = (state.user_column, state.domain_column)
    alias = (state.alias_user_column, state.alias_domain_column)
    given, wanted = (ours, alias) if way.reverse else (alias, ours)
    where: list[Condition] = [(given[0], "=", uri.user)]
    if state.use_domain if way.with_domain is None else way.with_domain:
        where.append((given[1], "=", uri.host.removeprefix(state.domain_prefix)))
    try:
        rows = list(state.database.query(table, wanted, where))
    except DbError as error:
        state.complain(run, str(error))
        state.complain(run, "failed to query database")
        return None
    return [f"sip:{user or ''}@{host or ''}" for user, host in rows]


def _look_up(state: Aliases, run: Run, table: str, way: Way) -> int:
    found = _found(state, run, table, run.message.uri, way)
    if not found:
        return -1
    message, dset = run.message, run.dset
    message.uri = found[0]
    for uri in found[1:] if state.append_branches else ():
        append(run, Branch(uri, message.dst_uri or "", message.path or "", flags=dset.ruri_flags))
    return 1


@alias_db.function("alias_db_lookup", FORMAT)
def alias_db_lookup(state: Aliases, run: Run, table: str) -> int:
    """Puts the user whose alias the Request-URI is in its place; -1 when it is none.

    Example: if (alias_db_lookup("dbaliases")) { xlog("now $ru\\n"); }
    """
    return _look_up(state, run, table, Way())


@alias_db.function("alias_db_lookup", FORMAT, Flags())
def alias_db_lookup_by(state: Aliases, run: Run, table: str, flags: Way) -> int:
    """The same with flags: d without the domain, u with it, r an alias of the user."""
    return _look_up(state, run, table, flags)


def _find(state: Aliases, run: Run, table: str, uri: str, output: PvRef, way: Way) -> int:
    found = _found(state, run, table, uri, way)
    for each in (found or ()) if state.append_branches else (found or ())[:1]:
        output.set(run, each)
    return 1 if found else -1


@alias_db.function("alias_db_find", FORMAT, Input(), TARGET)
def alias_db_find(state: Aliases, run: Run, table: str, uri: str, output: PvRef) -> int:
    """Puts the user whose alias a URI is into a variable; the request stays as it is.

    Example: $var(u) = "sip:100@example.com"; alias_db_find("dbaliases", "$var(u)", "$avp(found)");
    """
    return _find(state, run, table, uri, output, Way())


@alias_db.function("alias_db_find", FORMAT, Input(), TARGET, Flags())
def alias_db_find_by(state: Aliases, run: Run, table: str, uri: str, output: PvRef, flags: Way) -> int:
    """The same with flags."""
    return _find(state, run, table, uri, output, flags)
