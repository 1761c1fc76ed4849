"""From the contacts of a REGISTER to bindings: how long, which q, which methods, by which path."""

import re

from sroute.errors import UsageError
from sroute.modules.pv.request import METHODS, OTHER_METHOD
from sroute.modules.registrar.declaration import Registrar, setting
from sroute.modules.registrar.reasons import Reason, Refused
from sroute.modules.usrloc.binding import ALL_METHODS, Binding
from sroute.runtime.run import Run
from sroute.runtime.xavp import XavpList
from sroute.sip import contact as contacts
from sroute.sip import route
from sroute.sip.contact import Contact
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message

CALLID_SIZE, RECEIVED_SIZE, AGENT_SIZE, PATH_SIZE = 255, 255, 255, 256
NO_AGENT = "n/a"
_WORD = 1 << 32
_Q = re.compile(r"[ \t\r\n]*(?:0*(?:1(?:\.0+)?|0(?:\.\d+)?)|0*\.\d+)\Z")
_EXPIRES = re.compile(r"[ \t]*(\d+)(?:[ \t\r\n].*)?\Z", re.S)
_TOKEN = re.compile(r"[ \t\r\n]*([^\s,]+)[ \t\r\n]*(,|\Z)")


class Asked:
    """What a REGISTER asks for: its Contacts in the order in which 5.6.3 takes them (each header from its end)."""

    __slots__ = ("contacts", "expires", "star")

    def __init__(self, message: Message) -> None:
        """Raises Refused."""
        if not message.complete:
            raise Refused(Reason.PARSE, "failed to parse message")
        self.expires = _expires_header(message)
        bodies = contacts.of(message)
        if bodies is None:
            raise Refused(Reason.PARSE_CONTACT, "failed to parse Contact body")
        self.star = any(body.star for body in bodies)
        changed = contacts.changed(message)
        self.contacts = [value._replace(uri=changed.get(value.uri_start, value.uri)) for body in bodies for value in reversed(body.values)]
        if self.star:
            if not bodies[0].star or len(bodies) > 1:
                if bodies[0].star and self.expires != 0:
                    raise Refused(Reason.STAR_EXPIRES, "expires must be 0 for star contact", level="WARNING")
                raise Refused(Reason.STAR_CONTACT, "star contact cannot be mixed with other contacts", level="WARNING")
            if self.expires != 0:
                raise Refused(Reason.STAR_EXPIRES, "expires must be 0 for star contact", level="WARNING")

    def check_sizes(self, longest: int) -> None:
        """Refuses contacts that are too long."""
        for value in self.contacts:
            if len(value.uri) > longest:
                raise Refused(Reason.CONTACT_LONG, f"contact uri is too long: [{value.uri}]", level="WARNING")
            if len(value.param("received") or "") > RECEIVED_SIZE:
                raise Refused(Reason.CONTACT_LONG, "received attribute of contact is too long", level="WARNING")


def _expires_header(message: Message) -> int | None:
    """The number in Expires; None without one that 5.6.3 understands."""
    body = message.value("expires")
    if body is None:
        return None
    if not body.strip(" \t\r\n"):
        raise Refused(Reason.PARSE_EXPIRES, "failed to parse expires body")
    found = _EXPIRES.match(body)
    if found is None or len(found[1]) > 10:
        return None
    number = int(found[1]) % _WORD
    return None if number == _WORD - 1 else number


def lasting(state: Registrar, run: Run, asked: Asked, contact: Contact) -> int:
    """When a contact expires, 0 when it is to be removed.

    Raises Refused.
    """
    seconds, share = _asked_seconds(state, asked, contact)
    if not seconds:
        return 0
    if share:
        least = int(seconds - share / 100 * seconds)
        seconds = least + int(state.instance.random.randrange(100) / 100 * (seconds - least))
    if seconds < state.min_expires:
        if state.min_expires_mode:
            raise Refused(Reason.BRIEF)
        seconds = state.min_expires
    if state.max_expires and seconds > state.max_expires:
        seconds = state.max_expires
    return (seconds + state.now) % _WORD


def _asked_seconds(state: Registrar, asked: Asked, contact: Contact) -> tuple[int, int]:
    """The seconds that a contact asks for, and the percentage by which they may be shortened."""
    own = contact.param("expires")
    if own:
        digits = own.removeprefix("+")
        if digits.isascii() and digits.isdigit() and int(digits[:40]) < _WORD:
            return int(digits), state.expires_range
        return state.default_expires, state.default_expires_range
    if asked.expires is None:
        return state.default_expires, state.default_expires_range
    return asked.expires, state.expires_range


def methods_in(text: str) -> int | None:
    """The methods of a list as bits; None when it is none."""
    mask, at = 0, 0
    if not text.strip(" \t\r\n"):
        return 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        mask |= METHODS.get(token[1].upper(), OTHER_METHOD)
        at = token.end()
        if token[2] and at >= len(text):
            return None
    return mask


class Packing:
    """Makes bindings of the contacts of one REGISTER. As in 5.6.3, reg-id and the received address of one stay for the next."""

    def __init__(self, state: Registrar, run: Run, *, use_regid: bool, flags: int) -> None:
        """Raises Refused."""
        self.state = state
        self.run = run
        self.use_regid = use_regid
        message = run.message
        call_id = (message.call_id or "").rstrip(" \t\r\n")
        if len(call_id) > CALLID_SIZE:
            raise Refused(Reason.CALLID_LONG, "callid too long")
        self.callid = call_id
        self.cseq = _number(message.cseq.number if message.cseq is not None else "")
        agent = message.value("user-agent") or ""
        self.agent = agent if 0 < len(agent) < AGENT_SIZE else NO_AGENT
        self.socket = self._socket()
        self.path, self.path_received = self._path_headers()
        self.flags, self.cflags = flags, run.dset.ruri_flags
        self.reg_id = 0
        self.received = ""
        self.allowed: int | None = None

    def _socket(self) -> str:
        state, message = self.state, self.run.message
        forced = setting(state, self.run, "socket")
        name = str(forced) if isinstance(forced, str) else None
        if name is None and state.sock_flag >= 0 and state.sock_hdr_name and message.flags >> min(state.sock_flag, 31) & 1:
            name = message.value(state.sock_hdr_name)
        if name is None:
            return str(message.dst)
        try:
            found = state.instance.sockets.by_endpoint(Endpoint.parse(name.strip()))
        except UsageError:
            found = None
        if found is None:
            state.complain(self.run, f"non-local socket <{name}>")
            return str(message.dst)
        return str(found.endpoint)

    def _path_headers(self) -> tuple[str, str]:
        """The values of all Path headers, and the source address that the first URI tells."""
        state, message = self.state, self.run.message
        headers = message.all("path") if state.use_path else []
        if not headers:
            return "", ""
        vector = ",".join(header.body for header in headers)
        if sum(len(header.body) for header in headers) >= PATH_SIZE:
            raise Refused(Reason.PARSE_PATH, f"Overall Path body exceeds max. length of {PATH_SIZE}")
        values = route.parse(vector)
        if values is None:
            raise Refused(Reason.PARSE_PATH, "failed to parse Path body, no head found")
        uri = values[0].parsed
        if uri is None:
            raise Refused(Reason.PARSE_PATH, "failed to parse the Path URI")
        received = ""
        if state.path_use_received:
            parts = [part.partition("=") for part in uri.params.split(";")]
            received = next((value for name, _, value in parts if name.lower() == "received"), "")
        return vector, received

    def pack(self, contact: Contact, expires: int, ruid: str) -> Binding:
        """The binding of a contact.

        Raises Refused.
        """
        state = self.state
        q = self._q(contact)
        instance = contact.param("+sip.instance") or ""
        reg_id = contact.param("reg-id")
        if instance and reg_id and self.use_regid:
            self.reg_id = _reg_id(reg_id)
        now = state.now
        return Binding(
            contact.uri,
            expires,
            q=q,
            callid=self.callid,
            cseq=self.cseq,
            flags=self.flags,
            cflags=self.cflags,
            user_agent=self.agent,
            received=self._received(contact),
            path=self.path,
            socket=self.socket,
            methods=self._methods(contact),
            ruid=ruid,
            instance=instance,
            reg_id=self.reg_id,
            last_modified=now,
            last_keepalive=now,
            keepalive=int(state.usrloc.natted(self.cflags)),
            attributes=self._attributes(),
        )

    def _q(self, contact: Contact) -> int:
        text = contact.param("q")
        if not text:
            return self.state.default_q
        if not _Q.match(text):
            raise Refused(Reason.INVALID_Q, "invalid q parameter", "failed to calculate q")
        whole, _, part = text.strip().partition(".")
        return 1000 if int(whole or 0) else int(part[:3].ljust(3, "0") or 0)

    def _received(self, contact: Contact) -> str:
        """The source address: 5.6.3 looks for it until it has found one, which then stands for all further contacts."""
        if not self.received:
            own = self.path_received or contact.param("received")
            read = self.state.received
            value = own if own else read(self.run) if read is not None else None
            self.received = value if isinstance(value, str) else ""
        return self.received

    def _methods(self, contact: Contact) -> int:
        own = contact.param("methods")
        if own:
            found = methods_in(own)
            if found is None:
                raise Refused(Reason.PARSE, "failed to parse contact methods")
            return found
        if self.allowed is None:
            self.allowed = ALL_METHODS
            for header in self.run.message.all("allow"):
                found = methods_in(header.body)
                if found is None:
                    self.allowed = ALL_METHODS
                    self.state.instance.diag("ERROR", "bad allow body header", "core", self.run.at)
                    break
                self.allowed = found if self.allowed == ALL_METHODS else self.allowed | found
        return self.allowed

    def _attributes(self) -> XavpList | None:
        name = self.state.usrloc.xavp_contact
        entry = self.run.xavps.get(name) if name else None
        if entry is None:
            return None
        copied = self.run.xavps.copy_value(entry.value)
        return copied if isinstance(copied, XavpList) else None


def _reg_id(text: str) -> int:
    digits = text.removeprefix("+")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 11 else 0
    if not 0 < number < _WORD:
        raise Refused(Reason.FINE, "invalid reg-id value")
    return number


def _number(text: str) -> int:
    """The number of a CSeq."""
    digits = text.strip()
    return int(digits) % _WORD if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
