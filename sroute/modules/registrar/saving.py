"""save(): what a REGISTER does to the bindings of an address of record."""

from dataclasses import replace

from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.modules.registrar import answering
from sroute.modules.registrar.declaration import Registrar, address_of_record, registrar, setting
from sroute.modules.registrar.packing import Asked, Packing, lasting
from sroute.modules.registrar.reasons import Reason, Refused
from sroute.modules.usrloc.binding import MEMORY_ONLY, Binding
from sroute.modules.usrloc.declaration import DB_ONLY, Usrloc
from sroute.modules.usrloc.tables import Found, Record, Table
from sroute.runtime.run import Run
from sroute.sip import route
from sroute.sip import uri as uris
from sroute.sip.contact import Contact

NO_REPLY, ONE_CONTACT = 2, 4
INSERTED, UPDATED, REMOVED, FETCHED = 1, 2, 3, 4


class TableName:
    """The name of a location table; it is made when the script is loaded, and variables in it are plain text."""

    form = "table"

    def parse(self, text: str, names: Names) -> str:
        """Any text."""
        return text

    def bind(self, parsed: str, scope: Scope) -> Constant[Table]:
        """The table."""
        locations = scope.services.state("usrloc")
        assert isinstance(locations, Usrloc)
        return Constant(locations.table(parsed))


class Flags:
    """Flags of save(): a number in decimal or, with 0x, in hexadecimal."""

    form = "flags"

    def parse(self, text: str, names: Names) -> int:
        """The number."""
        try:
            return int(text, 16) if text[:2].lower() == "0x" else int(text or "0", 10)
        except ValueError:
            raise FixupError(f"bad flags <{text}>") from None

    def bind(self, parsed: int, scope: Scope) -> Constant[int]:
        """The number."""
        locations = scope.services.state("usrloc")
        assert isinstance(locations, Usrloc)
        if parsed & MEMORY_ONLY and locations.db_mode == DB_ONLY:
            raise FixupError("MEM flag set while using the DB_ONLY mode in USRLOC")
        return Constant(parsed)


class MaybeUri:
    """A format with a URI; empty text stands for none."""

    form = "uri"

    def parse(self, text: str, names: Names) -> "tuple[str | Pv, ...]":
        """The pieces of the format."""
        return names.format(text)

    def bind(self, parsed: "tuple[str | Pv, ...]", scope: Scope) -> Arg[str]:
        """The text."""
        return FORMAT.bind(parsed, scope)


TABLE, FLAGS, URI = TableName(), Flags(), MaybeUri()


@registrar.function("save", TABLE)
@registrar.function("save", TABLE, FLAGS)
@registrar.function("save", TABLE, FLAGS, URI)
def save(state: Registrar, run: Run, table: Table, flags: int = 0, uri: str | None = None) -> int:
    """Takes the contacts of a REGISTER and answers it: 1 inserted, 2 updated, 3 removed, 4 asked only, -1 refused, -2 too many contacts.

    The address of record is that of To, or of a URI. Flags: 1 memory only, 2 no reply, 4 one contact only.

    Example: if (!save("location")) { sl_reply_error(); }
    """
    if uri == "":
        state.complain(run, "invalid uri parameter")
        return -1
    message = run.message
    to = message.to
    if to is None or uris.parse(to.uri) is None:
        state.instance.diag("ERROR", "failed to parse To uri", "core", run.at)
        return _refuse(state, run, flags, -1)
    state.reason = Reason.FINE
    try:
        asked = Asked(message)
        asked.check_sizes(state.contact_max_size)
        try:
            aor = address_of_record(state, to.uri if uri is None else uri)
        except Refused as refused:
            raise Refused(refused.reason, *refused.logged, "failed to extract Address Of Record") from None
        result = _store(state, run, table, aor, asked, flags)
    except Refused as refused:
        state.tell(run, refused)
        state.reason = refused.reason
        state.count("rejected_regs")
        return _refuse(state, run, flags, refused.result)
    state.count("accepted_regs")
    if not flags & NO_REPLY and answering.send(state, run) < 0:
        return -1
    return result


def _refuse(state: Registrar, run: Run, flags: int, result: int) -> int:
    if not flags & NO_REPLY:
        answering.send(state, run)
    return result


def _store(state: Registrar, run: Run, table: Table, aor: str, asked: Asked, flags: int) -> int:
    use_regid = _outbound(state, run, asked)
    record = table.get(aor)
    if asked.star:
        if record is not None:
            table.drop(record)
        return REMOVED
    if not asked.contacts:
        if record is not None:
            answering.prepare_contacts(state, run, record)
        return FETCHED
    if record is None:
        return _insert(state, run, _Work(table, Record(aor), asked, flags, use_regid))
    work = _Work(table, record, asked, flags, use_regid)
    try:
        result = _update(state, run, work)
    finally:
        answering.prepare_contacts(state, run, record)
        table.release(record)
    return result or INSERTED


def _outbound(state: Registrar, run: Run, asked: Asked) -> bool:
    """Whether reg-id counts; refuses where RFC 5626 does.

    Raises Refused.
    """
    message = run.message
    supported = answering.supports(message, "outbound")
    if state.outbound_mode == 2 and not supported and message.row("supported") is not None:
        raise Refused(Reason.OUTBOUND_UNSUPPORTED, "Outbound required by server and not supported by UAC", level="WARNING")
    if state.outbound_mode == 0 and answering.supports(message, "outbound", "require"):
        raise Refused(Reason.OUTBOUND_REQUIRED, "Outbound required by UAC and not supported by server", level="WARNING")
    if state.outbound_mode == 0 or message.via2 is None or _edge_supports(run) or state.regid_mode:
        return True
    if supported and asked.contacts and asked.contacts[0].param("reg-id") is not None:
        raise Refused(Reason.OUTBOUND_EDGE, "Outbound used by UAC but not supported by edge proxy", level="WARNING")
    return False


def _edge_supports(run: Run) -> bool:
    """Whether the first Path URI says ob."""
    body = run.message.value("path")
    values = route.parse(body) if body is not None else None
    uri = values[0].parsed if values else None
    return uri is not None and any(part.partition("=")[0].lower() == "ob" for part in uri.params.split(";"))


class _Work:
    """One REGISTER with contacts under way."""

    def __init__(self, table: Table, record: Record, asked: Asked, flags: int, use_regid: bool) -> None:
        self.table = table
        self.record = record
        self.asked = asked
        self.memory_only = bool(flags & MEMORY_ONLY)
        self.one = bool(flags & ONE_CONTACT)
        self.use_regid = use_regid

    def put(self, new: Binding, found: Binding | None) -> None:
        """Renews a binding, or adds one."""
        if found is None:
            self.table.insert(self.record, new)
        else:
            self.table.update(self.record, found, new)

    def leave(self, kept: Binding | None) -> None:
        """Takes out all bindings but one."""
        for other in [other for other in self.record.bindings if other is not kept]:
            self.table.remove(self.record, other)


def _next_id(state: Registrar) -> str:
    assert state.ids is not None
    return state.ids.next()


def _limit(state: Registrar, run: Run) -> int:
    own = setting(state, run, "max_contacts")
    return own if isinstance(own, int) else state.max_contacts


def _insert(state: Registrar, run: Run, work: _Work) -> int:
    """The first contacts of an address of record."""
    limit, record = _limit(state, run), work.record
    packing: Packing | None = None
    made: list[Binding] = []
    for contact in work.asked.contacts:
        expires = lasting(state, run, work.asked, contact)
        if not expires:
            continue
        if 0 < limit <= len(made):
            raise Refused(Reason.TOO_MANY, result=-2)
        try:
            packing = packing or _packing(state, run, work)
            new = _packed(state, packing, contact, expires)
        except Refused as refused:
            raise Refused(refused.reason, *refused.logged, "failed to extract contact info") from None
        made.append(new)
    if not made:
        return INSERTED
    work.record = record = work.table.open(record.aor)
    for new in made:
        found, known = record.find(new, work.table.matching, state.now)
        work.put(new, known if found is not Found.NEW else None)
    answering.prepare_contacts(state, run, record)
    return INSERTED


def _packing(state: Registrar, run: Run, work: _Work) -> Packing:
    packing = Packing(state, run, use_regid=work.use_regid, flags=MEMORY_ONLY if work.memory_only else 0)
    run.message.path = packing.path or run.message.path
    return packing


def _packed(state: Registrar, packing: Packing, contact: Contact, expires: int) -> Binding:
    new = packing.pack(contact, expires, "")
    new.ruid = _next_id(state)
    return new


def _check_number(state: Registrar, run: Run, work: _Work, sample: Binding) -> None:
    """Refuses a REGISTER after which there would be too many; 5.6.3 takes the first contact's instance for all of them.

    Raises Refused.
    """
    limit, now = _limit(state, run), state.now
    if limit <= 0:
        return
    count = sum(binding.valid(now) for binding in work.record.bindings)
    for contact in work.asked.contacts:
        lasts = lasting(state, run, work.asked, contact) != 0
        found, known = work.record.find(replace(sample, address=contact.uri), work.table.matching, now)
        if found is Found.OLDER:
            raise Refused(Reason.INVALID_CSEQ, f"invalid cseq for aor <{work.record.aor}>")
        if found is not Found.AGAIN:
            count += lasts if known is None else lasts - 1
    if count > limit:
        raise Refused(Reason.TOO_MANY, result=-2)


def _update(state: Registrar, run: Run, work: _Work) -> int:
    """Contacts for an address of record that has some; the result is that of the last one that changed something."""
    result, record, now = 0, work.record, state.now
    first = work.asked.contacts[0]
    try:
        packing = _packing(state, run, work)
        sample = _packed(state, packing, first, 0)
    except Refused as refused:
        raise Refused(refused.reason, *refused.logged, "failed to initial pack contact info") from None
    if not work.one:
        _check_number(state, run, work, sample)
    for contact in work.asked.contacts:
        expires = lasting(state, run, work.asked, contact)
        try:
            new = _packed(state, packing, contact, expires)
        except Refused as refused:
            raise Refused(refused.reason, *refused.logged, "failed to pack contact specific info") from None
        found, known = record.find(new, work.table.matching, now)
        if found is Found.OLDER:
            raise Refused(Reason.INVALID_CSEQ, f"invalid cseq for aor <{record.aor}>")
        if found is Found.AGAIN or (known is None and not expires):
            continue
        if known is None:
            if work.one:
                work.leave(None)
            work.put(new, None)
            result = INSERTED
        elif not expires:
            work.table.remove(record, known)
            result = REMOVED
        else:
            if work.one:
                work.leave(known)
            work.put(new, known)
            result = UPDATED
        if work.one:
            break
    return result
