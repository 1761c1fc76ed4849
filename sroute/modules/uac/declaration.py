"""The uac module itself: its parameters, and how it starts."""

from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import FixupError
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.exports.variable import Pv
from sroute.modules.rr.declaration import RecordRoute
from sroute.modules.tm.binding import Tm
from sroute.modules.uac.challenge import Credential
from sroute.modules.uac.records import Records
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.sockets import Socket
from sroute.sip.endpoint import Endpoint

MODES = ("none", "manual", "auto")
NO_DATABASE = "no registrations are loaded"


@dataclass(slots=True)
class Uac:
    """The module's parameters and what it keeps."""

    restore_mode: str = "auto"
    rr_from_store_param: str = "vsf"
    rr_to_store_param: str = "vst"
    restore_passwd: str = ""
    restore_dlg: int = 0
    restore_from_avp: str = ""
    restore_to_avp: str = ""
    auth_realm_avp: str = ""
    auth_username_avp: str = ""
    auth_password_avp: str = ""
    default_socket: str = ""
    event_callback: str = ""
    reg_db_url: str = ""
    reg_db_table: str = "uacreg"
    reg_contact_addr: str = ""
    reg_timer_interval: int = 90
    reg_retry_interval: int = 0
    reg_random_delay: int = 0
    reg_gc_interval: int = 150
    reg_hash_size: int = 4
    reg_keep_callid: int = 0
    reg_active: int = 1
    reg_use_domain: int = 0
    credentials: list[Credential] = field(default_factory=list)
    sticky_ha1: bool = False
    """Once a password from variables was an HA1, all are: 5.6.3 never forgets it."""
    services: Services | None = None
    from_avp: tuple[Read, Write] | None = None
    to_avp: tuple[Read, Write] | None = None
    auth_reads: tuple[Read, Read, Read] | None = None
    auth_writes: tuple[Write, Write, Write] | None = None
    socket: Socket | None = None
    records: Records = field(default_factory=Records)
    database: object = None
    reloaded: int = 0
    """When uac.reg_reload was run last."""

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    @property
    def tm(self) -> Tm:
        """The state of tm."""
        found = self.instance.state("tm")
        assert isinstance(found, Tm)
        return found

    @property
    def rr(self) -> RecordRoute:
        """The state of rr."""
        found = self.instance.state("rr")
        assert isinstance(found, RecordRoute)
        return found

    def complain(self, run: Run | None, text: str, level: str = "ERROR") -> int:
        """What Kamailio logs; -1."""
        self.instance.diag(level, text, "uac", run.at if run is not None else None)
        return -1


uac = Module(
    "uac", Uac, "Other parties in From and To, answers to challenges, requests and registrations of its own.", requires=("rr", "tm")
)

for _name, _doc in {
    "restore_mode": "How URIs come back: auto (replies and later requests), manual (replies; uac_restore_from()), none.",
    "rr_from_store_param": "The parameter of Record-Route that keeps the From URI (`vsf`).",
    "rr_to_store_param": "The parameter of Record-Route that keeps the To URI (`vst`).",
    "restore_passwd": "A text that what is kept in Record-Route is mixed with.",
    "restore_from_avp": "An AVP that keeps what stood in From, for replies.",
    "restore_to_avp": "An AVP that keeps what stood in To, for replies.",
    "auth_realm_avp": "The variable with the realm for uac_auth(); empty or null stands for any.",
    "auth_username_avp": "The variable with the user for uac_auth().",
    "auth_password_avp": "The variable with the password, or HA1, for uac_auth().",
    "default_socket": "The socket of requests that the module sends.",
    "event_callback": "A KEMI function in place of event_route[uac:reply].",
    "reg_db_url": "The database with the registrations; without it there are none.",
    "reg_db_table": "The table of registrations (uacreg).",
    "reg_contact_addr": "Host, port and parameters of the Contact in registrations.",
}.items():
    uac.setting(_name, "str", doc=_doc)

for _name, _doc in {
    "restore_dlg": "1: the URIs are kept in the dialog (0); sroute keeps them in Record-Route.",
    "reg_timer_interval": "How often registrations are looked at, in seconds (90).",
    "reg_retry_interval": "When a failed registration is tried again, in seconds; 0 disables it instead (0).",
    "reg_random_delay": "The first registration waits up to so many seconds by chance (0).",
    "reg_gc_interval": "How often the table may be loaded again, in seconds (150).",
    "reg_hash_size": "The hash table has 2^n slots (4).",
    "reg_keep_callid": "1: registrations that go on keep their Call-ID (0).",
    "reg_active": "0: nothing is registered until uac.reg_active says so (1).",
    "reg_use_domain": "1: uac_reg_lookup_uri() compares the domain too (0).",
}.items():
    uac.setting(_name, "int", doc=_doc)


@uac.param("credential", "str")
def credential(state: Uac, text: str) -> None:
    """User, realm and password for uac_auth() as `user:realm:password`; may be given several times, the last one first."""
    user, colon, rest = text.partition(":")
    realm, second, password = rest.partition(":")
    if not colon or not second or not user.strip() or not password.strip():
        raise ParamError(f"parse error in <{text}>")
    state.credentials.insert(0, Credential(user.strip(), realm.strip(), password.strip()))


def _init(state: Uac, scope: Any) -> None:
    services = state.services = scope.services
    if state.restore_mode not in MODES:
        raise InitError(f"unsupported value '{state.restore_mode}' for restore_mode")
    if state.restore_mode != "none" and not (state.rr_from_store_param and state.rr_to_store_param):
        raise InitError("rr_store_param cannot be empty if FROM is restoreable")
    _bind_variables(state, scope)
    if state.restore_mode == "auto" and state.restore_dlg and not services.loaded("dialog"):
        raise InitError("failed to find dialog API - is dialog module loaded?")
    if state.restore_mode == "auto" and state.restore_dlg:
        services.note("uac: restore_dlg has no effect in sroute, the URIs are kept in Record-Route")
    if state.default_socket:
        state.socket = find_socket(services, state.default_socket)
        if state.socket is None:
            raise InitError(f"non-local socket <{state.default_socket}>")


uac.hooks.init.append(_init)


def _bind_variables(state: Uac, scope: Any) -> None:
    names = (state.auth_realm_avp, state.auth_username_avp, state.auth_password_avp)
    if any(names) and not all(names):
        raise InitError("partial definition of auth AVP!")
    if all(names):
        pvs = [_variable(scope, name) for name in names]
        if not all(pv.writable for pv in pvs):
            raise InitError("invalid auth variables")
        realm, user, password = pvs
        state.auth_reads = (scope.read(realm), scope.read(user), scope.read(password))
        state.auth_writes = (scope.write(realm), scope.write(user), scope.write(password))
    if state.restore_mode != "none":
        state.from_avp = _avp(scope, state.restore_from_avp)
        state.to_avp = _avp(scope, state.restore_to_avp)


def _variable(scope: Any, text: str) -> Pv:
    try:
        found = scope.names.pv(text)
    except FixupError:
        raise InitError(f"malformed or non AVP {text} AVP definition") from None
    assert isinstance(found, Pv)
    return found


def _avp(scope: Any, text: str) -> tuple[Read, Write] | None:
    if not text:
        return None
    pv = _variable(scope, text)
    if pv.variable.name != "avp":
        raise InitError(f"malformed or non AVP {text} AVP definition")
    return scope.read(pv), scope.write(pv)


def find_socket(services: Services, text: str) -> Socket | None:
    """The listen socket that a text like `udp:127.0.0.1:5060` names."""
    proto, colon, rest = text.partition(":")
    if not colon or proto.lower() not in ("udp", "tcp", "tls", "sctp"):
        proto, rest = "udp", text
    host, _, port = rest.rpartition(":") if not rest.endswith("]") else (rest, "", "")
    if not host or not port.isdecimal():
        host, port = rest, "5060"
    return services.sockets.by_endpoint(Endpoint(proto.lower(), host.strip("[]"), int(port)))
