"""The module itself: its parameters, and what it loads at the start."""

from dataclasses import dataclass
from pathlib import Path

from sroute.db.database import Database, DbError
from sroute.exports.fixups import FixupError, Scope
from sroute.exports.module import InitError, Module
from sroute.modules.connection import check_version, connect
from sroute.modules.permissions import rules
from sroute.modules.permissions.addresses import Addresses, BadAddressError, Entry
from sroute.modules.permissions.rules import RuleFile, RuleTables
from sroute.modules.permissions.trusted import Peer, Peers
from sroute.runtime.run import Run, Write
from sroute.runtime.services import Services

TRUSTED_VERSION, ADDRESS_VERSION = 6, 6
LOAD_ADDRESS, LOAD_TRUSTED, LOAD_ALLOW, LOAD_DENY = 1, 2, 4, 8


@dataclass(slots=True)
class Permissions:
    """The module's parameters, tables and files."""

    default_allow_file: str = "permissions.allow"
    default_deny_file: str = "permissions.deny"
    allow_suffix: str = ".allow"
    deny_suffix: str = ".deny"
    check_all_branches: int = 1
    db_url: str = ""
    db_mode: int = 0
    address_file: str = ""
    address_table: str = "address"
    grp_col: str = "grp"
    ip_addr_col: str = "ip_addr"
    mask_col: str = "mask"
    port_col: str = "port"
    tag_col: str = "tag"
    trusted_table: str = "trusted"
    source_col: str = "src_ip"
    proto_col: str = "proto"
    from_col: str = "from_pattern"
    ruri_col: str = "ruri_pattern"
    priority_col: str = "priority"
    peer_tag_avp: str = ""
    peer_tag_mode: int = 0
    max_subnets: int = 512
    load_backends: int = 0xFF
    reload_delta: int = 5
    trusted_cleanup_interval: int = -1
    addresses: Addresses | None = None
    peers: Peers | None = None
    database: Database | None = None
    tables: RuleTables | None = None
    tag: Write | None = None
    reloaded: float = -1e9
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run | None, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "permissions", run.at if run is not None else None)

    def note_tag(self, run: Run, tag: str | None) -> None:
        """Puts the tag of what matched into the AVP of peer_tag_avp."""
        if tag and self.tag is not None:
            self.tag(run, tag)

    @property
    def files(self) -> RuleTables:
        """The files of rules that have been read."""
        assert self.tables is not None
        return self.tables

    def rules_of(self, name: str) -> RuleFile:
        """The rules of a file, relative to the folder of the script; none where it is not there.

        Raises FixupError where the run does not allow it to be read.
        """
        found, bad = rules.parse(self.read(name) or "")
        for line in bad:
            self.complain(None, f"failed to parse line: {line}")
        return found

    def read(self, name: str) -> str | None:
        """The text of a file; None where there is none.

        Raises FixupError.
        """
        world = self.instance.world
        if world.closed:
            return ""
        path = Path(name)
        if not (world.folder / path).exists():
            return None
        if not world.may_open(path):
            raise FixupError(f"{name} is not read: it lies outside the script's folder", hint=f"allow it: --allow-path {path.parent}")
        try:
            return (world.folder / path).read_bytes().decode("latin-1")
        except OSError as error:
            raise FixupError(f"{name}: {error.strerror}") from None

    def load_addresses(self) -> Addresses:
        """What the file or the table of addresses holds.

        Raises BadAddressError, DbError and FixupError.
        """
        made = Addresses(self.max_subnets)
        if self.address_file:
            text = self.read(self.address_file)
            if text is None:
                raise BadAddressError(f"failed to open {self.address_file}")
            for entry in _entries(text):
                made.add(entry)
        elif self.database is not None:
            columns = [self.grp_col, self.ip_addr_col, self.mask_col, self.port_col, self.tag_col]
            for group, ip, mask, port, tag in self.database.query(self.address_table, columns):
                made.add(Entry(int(group or 0), str(ip or ""), int(mask or 0), int(port or 0), str(tag) if tag is not None else None))
        return made

    def load_peers(self) -> Peers:
        """What the table of trusted peers holds.

        Raises DbError.
        """
        return Peers(list(self.peer_rows()))

    def peer_rows(self, source: str | None = None) -> list[Peer]:
        """The rows of the table of trusted peers, least priority first.

        Raises DbError.
        """
        assert self.database is not None
        columns = [self.proto_col, self.from_col, self.ruri_col, self.tag_col, self.priority_col, self.source_col]
        where = [(self.source_col, "=", source)] if source is not None else []
        rows = self.database.query(self.trusted_table, columns, where, order=self.priority_col)  # type: ignore[arg-type]
        return [Peer.of_row(row) for row in rows]


def _entries(text: str) -> list[Entry]:
    return [entry for line in text.split("\n") if (entry := Entry.of_line(line)) is not None]


permissions = Module("permissions", Permissions, "Who may send what: rules in files, tables of addresses and of trusted peers.")
permissions.setting("default_allow_file", "str", doc="The file of allow_routing() without arguments (permissions.allow).")
permissions.setting("default_deny_file", "str", doc="The file of denials of allow_routing() without arguments (permissions.deny).")
permissions.setting("allow_suffix", "str", doc="What follows a base name for the file of what is allowed (.allow).")
permissions.setting("deny_suffix", "str", doc="What follows a base name for the file of what is denied (.deny).")
permissions.setting("check_all_branches", "int", doc="allow_routing() looks at branches too (1).")
permissions.setting("db_url", "str", doc="The database with the tables of addresses and trusted peers.")
permissions.setting("db_mode", "int", doc="Trusted peers: 0 the table is asked each time, 1 it is read at the start (0).")
permissions.setting("address_file", "str", doc="A file of addresses, instead of the table: group, address, mask, port, tag.")
permissions.setting("address_table", "str", doc="The table of addresses (address).")
permissions.setting("grp_col", "str", doc="The column with the group (grp).")
permissions.setting("ip_addr_col", "str", doc="The column with the address (ip_addr).")
permissions.setting("mask_col", "str", doc="The column with the length of the network part (mask).")
permissions.setting("port_col", "str", doc="The column with the port, 0 for any (port).")
permissions.setting("tag_col", "str", doc="The column with the tag (tag).")
permissions.setting("trusted_table", "str", doc="The table of trusted peers (trusted).")
permissions.setting("source_col", "str", doc="The column with a peer's address (src_ip).")
permissions.setting("proto_col", "str", doc="The column with its protocol (proto).")
permissions.setting("from_col", "str", doc="The column with the expression for From (from_pattern).")
permissions.setting("ruri_col", "str", doc="The column with the expression for the Request-URI (ruri_pattern).")
permissions.setting("priority_col", "str", doc="The column with the priority (priority).")
permissions.setting("peer_tag_avp", "str", doc="The AVP that gets the tag of what matched.")
permissions.setting("peer_tag_mode", "int", doc="Trusted peers: 0 the first match counts, 1 the tags of all are kept (0).")
permissions.setting("max_subnets", "int", doc="How many networks the table of addresses may have (512).")
permissions.setting("load_backends", "int", doc="What is loaded: 1 addresses, 2 trusted peers, 4 allow files, 8 deny files (255).")
permissions.setting("reload_delta", "int", doc="Seconds between two reloads (5).")
permissions.setting("trusted_cleanup_interval", "int", doc="How old data is given up after a reload; sroute gives it up at once (-1).")


def _init(state: Permissions, scope: Scope) -> None:
    state.services = scope.services
    state.tables = RuleTables(state.rules_of)
    state.tag = _tag_writer(state, scope)
    if state.db_url:
        state.database = connect(state.db_url, state.instance, {}, without="nobody is trusted, and no address is known")
    try:
        if state.load_backends & LOAD_ADDRESS and (state.address_file or state.database is not None):
            if state.database is not None and not state.address_file:
                check_version(state.database, state.address_table, ADDRESS_VERSION)
            state.addresses = state.load_addresses()
        if state.load_backends & LOAD_TRUSTED and state.database is not None:
            check_version(state.database, state.trusted_table, TRUSTED_VERSION)
            if state.db_mode:
                state.peers = state.load_peers()
        if state.load_backends & LOAD_ALLOW:
            state.files.allow(state.default_allow_file)
        if state.load_backends & LOAD_DENY:
            state.files.deny(state.default_deny_file)
    except (BadAddressError, DbError) as error:
        raise InitError(f"{error}") from None
    except FixupError as error:
        raise InitError(error.message) from None


permissions.hooks.init.append(_init)


def _tag_writer(state: Permissions, scope: Scope) -> Write | None:
    if not state.peer_tag_avp:
        return None
    try:
        pv = scope.names.pv(state.peer_tag_avp)
    except FixupError:
        pv = None
    if pv is None or pv.variable.name != "avp":
        raise InitError(f"malformed or non AVP {state.peer_tag_avp} peer_tag_avp definition")
    return scope.write(pv)
