"""domain: which domains are served here, and what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.db.database import Database, DbError
from sroute.exports.fixups import FORMAT, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.connection import connect
from sroute.runtime.hashing import core_case_hash
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import parse_int
from sroute.sip import uri as uris

DOMAIN_VERSION, ATTRIBUTES_VERSION = 2, 1
INT, STRING = 0, 2
SLOTS = 128
Attribute = tuple[str, int | str]


class BadRowError(Exception):
    """A row that makes the whole load fail; args[0] is what Kamailio logs."""


@dataclass(frozen=True, slots=True)
class Served:
    """A domain as the table has it, and the id under which its attributes are."""

    name: str
    did: str


@dataclass(slots=True)
class Content:
    """What the tables hold: domains and ids in lower case, the newest first."""

    domains: dict[str, list[Served]] = field(default_factory=dict)
    attributes: dict[str, list[Attribute]] = field(default_factory=dict)
    dids: list[str] = field(default_factory=list)
    rows: list[Served] = field(default_factory=list)

    def find(self, name: str) -> Served | None:
        """A domain, in any case."""
        return next(iter(self.domains.get(name.lower(), ())), None)

    def add(self, served: Served) -> None:
        """Takes a domain in."""
        self.domains.setdefault(served.name.lower(), []).insert(0, served)
        self.rows.insert(0, served)

    def add_attribute(self, did: str, attribute: Attribute) -> None:
        """Takes an attribute in."""
        if did.lower() not in self.attributes:
            self.dids.insert(0, did)
        self.attributes.setdefault(did.lower(), []).insert(0, attribute)


@dataclass(slots=True)
class Domains:
    """The module's parameters, and what it has loaded."""

    db_url: str = "mysql://kamailioro:kamailioro@localhost/kamailio"
    domain_table: str = "domain"
    domain_col: str = "domain"
    did_col: str = "did"
    domain_attrs_table: str = "domain_attrs"
    name_col: str = "name"
    type_col: str = "type"
    value_col: str = "value"
    register_myself: int = 0
    database: Database | None = None
    content: Content = field(default_factory=Content)
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run | None, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "domain", run.at if run is not None else None)

    def load(self) -> Content:
        """The content of the tables.

        Raises DbError and BadRowError.
        """
        made = Content()
        if self.database is None:
            return made
        columns = [self.did_col, self.name_col, self.type_col, self.value_col]
        for number, (did, name, kind, value) in enumerate(self.database.query(self.domain_attrs_table, columns)):
            made.add_attribute(_text(did, "did", number), (_text(name, "name", number), _value(kind, value, number)))
        for number, (name, did) in enumerate(self.database.query(self.domain_table, [self.domain_col, self.did_col])):
            domain = _text(name, "domain", number)
            made.add(Served(domain, domain if did is None else _text(did, "did", number)))
        return made


def _text(value: object, column: str, number: int) -> str:
    if value is None or value == "":
        raise BadRowError(f"{column} at row <{number}> is {'null or not string' if value is None else 'empty string'}")
    return str(value)


def _value(kind: object, value: object, number: int) -> int | str:
    if kind == STRING:
        return "" if value is None else str(value)
    if kind != INT:
        raise BadRowError(f"unknown type <{kind}> at row <{number}>")
    found = parse_int(str(value or ""))
    if found is None:
        raise BadRowError(f"value at row <{number}> is invalid int")
    return found


domain = Module("domain", Domains, "Which domains are served here, from a database, with attributes.")
domain.setting("db_url", "str", doc="The database.")
domain.setting("domain_table", "str", doc="The table of domains (domain).")
domain.setting("domain_col", "str", doc="The column with the domain (domain).")
domain.setting("did_col", "str", doc="The column with the id of a domain, in both tables (did).")
domain.setting("domain_attrs_table", "str", doc="The table of attributes (domain_attrs).")
domain.setting("name_col", "str", doc="The column with an attribute's name (name).")
domain.setting("type_col", "str", doc="The column with its type: 0 int, 2 string (type).")
domain.setting("value_col", "str", doc="The column with its value (value).")
domain.setting("register_myself", "int", doc="1: the domains are `myself`, too (0).")


def _init(state: Domains, scope: Scope) -> None:
    state.services = scope.services
    versions = {state.domain_table: DOMAIN_VERSION, state.domain_attrs_table: ATTRIBUTES_VERSION}
    state.database = connect(state.db_url, state.instance, versions, without="no domain is served here")
    try:
        state.content = state.load()
    except (DbError, BadRowError) as error:
        raise InitError(f"domain reload failed: {error}") from None
    if state.register_myself:
        state.instance.add_self_check(lambda host, port, proto: state.content.find(host) is not None)


domain.hooks.init.append(_init)


@domain.function("is_from_local")
def is_from_local(state: Domains, run: Run) -> int:
    """True if the host of From is a domain that is served here; -1 if not, -2 when From can't be read.

    Example: if (is_from_local()) { route(AUTH); }
    """
    address = run.message.from_
    uri = uris.parse(address.uri) if address is not None else None
    if uri is None:
        state.complain(run, "Error while parsing From header")
        return -2
    return _served(state, uri.host)


@domain.function("is_uri_host_local")
def is_uri_host_local(state: Domains, run: Run) -> int:
    """True if the host of the Request-URI is a domain that is served here (in a failure route that of the first branch).

    Example: if (!is_uri_host_local()) { route(OUTBOUND); }
    """
    if run.kind == Routes.FAILURE:
        branches = run.dset.branches
        uri = uris.parse(branches[0].uri) if branches else None
    else:
        uri = run.message.parsed_uri
    if uri is None:
        state.complain(run, "error while parsing R-URI")
        return -1
    return _served(state, uri.host)


@domain.function("is_domain_local", FORMAT)
def is_domain_local(state: Domains, run: Run, name: str) -> int:
    """True if a domain is served here.

    Example: if (is_domain_local("$td")) { xlog("one of ours\\n"); }
    """
    return _served(state, name)


def _served(state: Domains, name: str) -> int:
    return 1 if state.content.find(name) is not None else -1


@domain.function("lookup_domain", FORMAT)
def lookup_domain(state: Domains, run: Run, name: str) -> int:
    """Puts the id of a domain into $avp(did) and its attributes into AVPs of their names; -1 when it is not served here.

    Example: if (lookup_domain("$fd")) { xlog("id $avp(did)\\n"); }
    """
    return _look_up(state, run, name, "")


@domain.function("lookup_domain", FORMAT, FORMAT)
def lookup_domain_prefix(state: Domains, run: Run, name: str, prefix: str) -> int:
    """As with one argument; the names of the AVPs begin with a prefix.

    Example: if (lookup_domain("$fd", "caller_")) { xlog("id $avp(caller_did)\\n"); }
    """
    return _look_up(state, run, name, prefix)


def _look_up(state: Domains, run: Run, name: str, prefix: str) -> int:
    found = state.content.find(name)
    if found is None:
        return -1
    run.avps.push(f"{prefix}did", found.did)
    for attribute, value in state.content.attributes.get(found.did.lower(), ()):
        run.avps.push(prefix + attribute, value)
    return 1


@domain.rpc("domain.reload")
def reload(state: Domains, services: Services, args: Sequence[Any]) -> RpcValue:
    """Reads the tables anew."""
    try:
        state.content = state.load()
    except (DbError, BadRowError) as error:
        state.complain(None, str(error))
        raise RpcFault(500, "Domain Table Reload Failed") from None
    return None


@domain.rpc("domain.dump")
def dump(state: Domains, services: Services, args: Sequence[Any]) -> RpcValue:
    """Shows the domains and the names of their attributes."""
    content = state.content
    rows = sorted(content.rows, key=lambda served: core_case_hash(served.name) & (SLOTS - 1))
    attributes: list[RpcValue] = []
    for did in content.dids:
        names: list[RpcValue] = [name for name, _ in content.attributes[did.lower()]]
        attributes.append({"did": did, "attrs": names})
    return {"domains": [{"domain": served.name, "did": served.did} for served in rows], "attributes": attributes}
