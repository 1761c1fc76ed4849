"""The module itself: its parameters, what it keeps, addresses of record."""

from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import FixupError, Names, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.variable import Pv
from sroute.modules.registrar.reasons import Reason, Refused
from sroute.modules.usrloc.binding import Binding, RecordIds
from sroute.modules.usrloc.declaration import Usrloc
from sroute.modules.usrloc.tables import Table
from sroute.runtime.dset import NO_Q
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.sip import uri as uris
from sroute.sip.uri import Uri

USER_SIZE, HOST_SIZE, AOR_SIZE = 64, 128, 256
_HEX = frozenset("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class Profile:
    """What reg_fetch_contacts() has copied: the bindings of an address of record as they were."""

    aor: str
    table: str
    bindings: tuple[Binding, ...]


@dataclass(slots=True)
class Registrar:
    """The module's parameters, the location tables, and what is left from one call to the next."""

    default_expires: int = 3600
    default_expires_range: int = 0
    expires_range: int = 0
    default_q: int = NO_Q
    append_branches: int = 1
    case_sensitive: int = 0
    received_param: str = "received"
    received_avp: str = ""
    max_expires: int = 0
    min_expires: int = 60
    min_expires_mode: int = 0
    use_path: int = 0
    path_mode: int = 2
    path_use_received: int = 0
    path_check_local: int = 0
    max_contacts: int = 0
    retry_after: int = 0
    sock_flag: int = -1
    sock_mode: int = 0
    sock_hdr_name: str = ""
    method_filtering: int = 0
    use_expired_contacts: int = 0
    realm_prefix: str = ""
    xavp_cfg: str = ""
    xavp_rcd: str = ""
    xavp_rcd_mask: int = 0
    gruu_enabled: int = 1
    outbound_mode: int = 0
    regid_mode: int = 0
    flow_timer: int = 0
    contact_max_size: int = 512
    lookup_filter_mode: int = 0
    event_callback: str = ""
    services: Services | None = None
    ids: RecordIds | None = None
    received: Read | None = None
    locations: Usrloc | None = None
    reason: Reason = Reason.FINE
    """How the last REGISTER ended: a call that fails before it looks at the message answers with it once more."""
    contact_line: str = ""
    """The Contact header for the next reply; one that was made without a reply (flag 2) waits for it."""
    profiles: dict[str, Profile] = field(default_factory=dict)

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    @property
    def usrloc(self) -> Usrloc:
        """The module that keeps the bindings."""
        assert self.locations is not None
        return self.locations

    @property
    def now(self) -> int:
        """The time in whole seconds."""
        return int(self.instance.clock.now())

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "registrar", run.at)

    def count(self, name: str) -> None:
        """One more for a statistic."""
        self.instance.counters.register("registrar", name).value += 1

    def tell(self, run: Run, refused: Refused) -> None:
        """Logs why something was refused."""
        for text in refused.logged:
            self.complain(run, text, refused.level)


registrar = Module("registrar", Registrar, "Takes REGISTER requests, and finds who has registered.")
registrar.setting("default_expires", "int", doc="Seconds for contacts that do not say for how long (3600).")
registrar.setting("default_expires_range", "int", doc="Percent by which default_expires is shortened at random (0).")
registrar.setting("expires_range", "int", doc="Percent by which asked expirations are shortened at random (0).")
registrar.setting("default_q", "int", doc="The q of contacts without one, in thousandths (none).")
registrar.setting("append_branches", "int", doc="1: lookup() makes branches of all contacts but the first (1).")
registrar.setting("case_sensitive", "int", doc="1: users are told apart by case (0).")
registrar.setting("received_param", "str", doc="The Contact parameter of replies that tells the source address (received).")
registrar.setting("received_avp", "str", doc="The AVP that holds the address from which a contact was received.")
registrar.setting("max_expires", "int", doc="The longest expiration in seconds; 0: none (0).")
registrar.setting("min_expires", "int", doc="The shortest expiration in seconds (60).")
registrar.setting("min_expires_mode", "int", doc="What happens to shorter ones: 0 they get min_expires, 1 they are refused with 423 (0).")
registrar.setting("use_path", "int", doc="1: Path headers are kept, and followed by lookup() (0).")
registrar.setting("path_mode", "int", doc="Path in replies: 0 never, 1 if the UA supports it, 2 as 1, and 420 if it does not (2).")
registrar.setting("path_use_received", "int", doc="1: the received parameter of the first Path URI is the source address (0).")
registrar.setting("path_check_local", "int", doc="1: lookup() skips Path entries that are this server (0).")
registrar.setting("max_contacts", "int", doc="How many contacts an address of record may have; 0: any number (0).")
registrar.setting("retry_after", "int", doc="The value of Retry-After in 5xx replies; 0: none (0).")
registrar.setting("sock_flag", "int", doc="The message flag that asks for the socket to be taken from a header.")
registrar.setting("sock_hdr_name", "str", doc="The header that names the receiving socket, in requests with sock_flag.")
registrar.setting("sock_mode", "int", doc="Read, for TCP sockets only.")
registrar.setting("method_filtering", "int", doc="1: lookup() takes contacts only that allow the method (0).")
registrar.setting("use_expired_contacts", "int", doc="1: lookup() takes expired contacts too (0).")
registrar.setting("realm_prefix", "str", doc="A prefix that is cut from domains.")
registrar.setting("xavp_cfg", "str", doc="The `$xavp` with settings for one call: max_contacts, socket, match_callid, ...")
registrar.setting("xavp_rcd", "str", doc="The `$xavp` that gets the details of records (ruid, contact, expires, received, path).")
registrar.setting("xavp_rcd_mask", "int", doc="Which of them it does not get: 1 ruid, 2 contact, 4 expires, 8 received, 16 path (0).")
registrar.setting("gruu_enabled", "int", doc="1: GRUUs are handed out to those who support them (1).")
registrar.setting("outbound_mode", "int", doc="RFC 5626: 0 not supported, 1 supported, 2 required (0).")
registrar.setting("regid_mode", "int", doc="reg-id counts: 0 with outbound only, 1 always (0).")
registrar.setting("flow_timer", "int", doc="The value of Flow-Timer in replies; 0: none (0).")
registrar.setting("contact_max_size", "int", doc="The longest contact URI (512).")
registrar.setting("lookup_filter_mode", "int", doc="Read, not simulated: 5.6.3 filters by flags of the xavp.")
registrar.setting("event_callback", "str", doc="The KEMI function that is called for expired contacts instead of the event route.")
registrar.event_route("usrloc:contact-expired", "A binding has expired: `$ulc(exp=>addr)` and the like tell which.")


class AvpName:
    """The AVP that received_avp names."""

    form = "$avp(name)"

    def parse(self, text: str, names: Names) -> Pv | None:
        """The variable; empty text for none."""
        if not text:
            return None
        try:
            pv = names.pv(text)
        except FixupError:
            pv = None
        if pv is None or pv.variable.name != "avp":
            raise FixupError(f"malformed or non AVP {text} AVP definition")
        return pv


def _init(state: Registrar, scope: Scope) -> None:
    services = state.services = scope.services
    found = services.state("usrloc") if services.loaded("usrloc") else None
    if not isinstance(found, Usrloc):
        raise InitError("can't bind usrloc")
    state.locations = found
    state.ids = RecordIds("uloc", int(services.clock.started), services.process().pid)
    _check(state)
    try:
        pv = AvpName().parse(state.received_avp, scope.names)
    except FixupError as error:
        raise InitError(error.message) from None
    state.received = scope.read(pv) if pv is not None else None
    if state.default_q != NO_Q:
        state.default_q = min(max(state.default_q, 0), 1000)
    _statistics(state, services)
    found.expired.append(lambda table, binding: _expired(state, table, binding))


def _statistics(state: Registrar, services: Services) -> None:
    for name in ("accepted_regs", "rejected_regs"):
        services.counters.register("registrar", name)
    work_out = services.counters.work_out
    work_out("registrar", "default_expire", lambda: state.default_expires)
    work_out("registrar", "default_expires_range", lambda: state.default_expires_range)
    work_out("registrar", "expires_range", lambda: state.expires_range)
    work_out("registrar", "max_contacts", lambda: state.max_contacts)
    work_out("registrar", "max_expires", lambda: state.max_expires)


def _check(state: Registrar) -> None:
    if state.outbound_mode not in (0, 1, 2):
        raise InitError("outbound_mode modparam must be 0 (not supported), 1 (supported), or 2 (supported and required)")
    if state.regid_mode not in (0, 1):
        raise InitError("regid_mode modparam must be 0 (use with outbound), 1 (use always)")
    if state.flow_timer < 0 or (state.flow_timer and not state.outbound_mode):
        raise InitError("bad value for flow_timer")
    if state.lookup_filter_mode:
        state.instance.note('modparam("registrar", "lookup_filter_mode") is not simulated')


registrar.hooks.init.append(_init)


def _expired(state: Registrar, table: Table, binding: Binding) -> None:
    """Runs the event route for a binding that has expired."""
    state.profiles["exp"] = Profile(binding.aor, table.name, (binding,))
    state.instance.run_event("usrloc:contact-expired")
    del state.profiles["exp"]


# ---------------------------------------------------------------- addresses of record


def address_of_record(state: Registrar, text: str) -> str:
    """The address of record of a URI: its user, with use_domain and the domain, in lower case.

    Raises Refused.
    """
    uri = uris.parse(text)
    if uri is None:
        raise Refused(Reason.AOR_PARSE, f"failed to parse AoR [{text}]")
    return aor_of(state, uri)


def aor_of(state: Registrar, uri: Uri) -> str:
    """The address of record of a parsed URI.

    Raises Refused.
    """
    # A phone number's own parameters and a urn's name do not stand where the user of other URIs does.
    user = uri.host if uri.scheme == "urn" and not uri.user else uri.user
    host = uri.host
    if len(user) + len(host) + 1 > AOR_SIZE or len(user) > USER_SIZE or len(host) > HOST_SIZE:
        raise Refused(Reason.AOR_LONG, "Address Of Record too long")
    user = _unescaped(user)
    if not state.usrloc.use_domain:
        return user if state.case_sensitive else user.lower()
    prefix = state.realm_prefix
    if prefix and len(prefix) < len(host) and host.startswith(prefix):
        host = host[len(prefix) :]
    host = host.lower()
    if not user:
        return host
    return f"{user if state.case_sensitive else user.lower()}@{host}"


def _unescaped(text: str) -> str:
    """A user part without percent-escapes."""
    at = text.find("%")
    if at < 0:
        return text
    out: list[str] = []
    begin = 0
    while at >= 0:
        digits = text[at + 1 : at + 3]
        if len(digits) < 2:
            raise Refused(Reason.UNESCAPE, f"escape sequence too short in '{text}' @ {at}", "failed to unescape username")
        if not _HEX.issuperset(digits):
            raise _bad_digit(text, at, digits)
        code = int(digits, 16)
        if not 32 <= code <= 126:
            raise Refused(Reason.UNESCAPE, f"non-ASCII escaped character in '{text}' @ {at}", "failed to unescape username")
        out += (text[begin:at], chr(code))
        begin = at + 3
        at = text.find("%", begin)
    return "".join(out) + text[begin:]


def _bad_digit(text: str, at: int, digits: str) -> Refused:
    high = digits[0] not in _HEX
    bad, which, where = (digits[0], "high", at + 1) if high else (digits[1], "low", at + 2)
    logged = (f"'{bad}' is no hex char", f"non-hex {which} digit in an escape sequence in '{text}' @ {where}")
    return Refused(Reason.UNESCAPE, *logged, "failed to unescape username")


def setting(state: Registrar, run: Run, name: str) -> Any:
    """A setting that the script has put into the `$xavp` of xavp_cfg: its value, or None."""
    if not state.xavp_cfg:
        return None
    root = run.xavps.get(state.xavp_cfg)
    inner = root.inner if root is not None else None
    entry = inner.get(name) if inner is not None else None
    return entry.value if entry is not None else None
