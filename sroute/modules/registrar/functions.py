"""Other functions: asking for and removing bindings, replying later, naming the socket."""

from sroute.db.database import DbError
from sroute.exports.fixups import FORMAT
from sroute.modules.registrar import answering
from sroute.modules.registrar.declaration import Registrar, address_of_record, registrar, setting
from sroute.modules.registrar.reasons import Refused
from sroute.modules.registrar.saving import TABLE
from sroute.modules.tm.arguments import MAYBE_INT
from sroute.modules.usrloc.binding import Binding
from sroute.modules.usrloc.database import Rows
from sroute.modules.usrloc.declaration import DB_ONLY
from sroute.modules.usrloc.tables import Table
from sroute.runtime.run import Run

MATCH_CALLID, MATCH_RECEIVED, MATCH_CONTACT = 1, 2, 4
NOTE_DETAILS = 1


@registrar.function("registered", TABLE)
@registrar.function("registered", TABLE, FORMAT)
@registrar.function("registered", TABLE, FORMAT, MAYBE_INT)
@registrar.function("registered", TABLE, FORMAT, MAYBE_INT, MAYBE_INT)
def registered(state: Registrar, run: Run, table: Table, uri: str | None = None, match: int | None = 0, action: int | None = 0) -> int:
    """True if the Request-URI's user (or a URI's) has a binding; -1 if not.

    match asks for more, told by the `$xavp` of xavp_cfg: 1 match_callid, 2 match_received, 4 match_contact. action 1 fills
    that of xavp_rcd.

    Example: if (registered("location", "$fu")) { xlog("the caller is known\\n"); }
    """
    if uri == "":
        state.complain(run, "invalid uri parameter")
        return -1
    if match is None or action is None:
        state.complain(run, "invalid flags parameter" if match is None else "invalid action flag parameter")
        return -1
    try:
        aor = address_of_record(state, run.message.uri if uri is None else uri)
    except Refused as refused:
        state.tell(run, refused)
        state.complain(run, "failed to extract address of record")
        return -1
    record, now = table.get(aor), state.now
    for binding in record.bindings if record is not None else ():
        if binding.valid(now) and _matches(state, run, binding, match):
            if action & NOTE_DETAILS:
                answering.note_details(state, run, binding)
            return 1
    return -1


def _matches(state: Registrar, run: Run, binding: Binding, match: int) -> bool:
    wanted = (
        (MATCH_CALLID, "match_callid", binding.callid),
        (MATCH_RECEIVED, "match_received", binding.received),
        (MATCH_CONTACT, "match_contact", binding.address),
    )
    for bit, name, value in wanted:
        asked = setting(state, run, name) if match & bit else None
        if isinstance(asked, str) and asked and asked != value:
            return False
    return True


@registrar.function("unregister", TABLE, FORMAT)
@registrar.function("unregister", TABLE, FORMAT, FORMAT)
def unregister(state: Registrar, run: Run, table: Table, uri: str, ruid: str | None = None) -> int:
    """Removes all bindings of a URI's user, or the one with a ruid: 1 also when there were none; -1 or lower on errors.

    Example: unregister("location", "sip:alice@example.com");
    """
    if not uri:
        if ruid is None:
            state.complain(run, "invalid uri parameter")
            return -1
        return _by_ruid(state, run, table, ruid)
    if ruid == "":
        state.complain(run, "invalid ruid parameter")
        return -1
    try:
        aor = address_of_record(state, uri)
    except Refused as refused:
        state.tell(run, refused)
        state.complain(run, "failed to extract Address Of Record")
        return -1
    record = table.get(aor)
    if ruid is None:
        if record is not None:
            table.drop(record)
        return 1
    for binding in list(record.bindings) if record is not None else []:
        if binding.ruid == ruid:
            assert record is not None
            table.remove(record, binding)
            table.release(record)
            return 1
    state.complain(run, "AOR/Contact not found", "WARNING")
    return -3


def _by_ruid(state: Registrar, run: Run, table: Table, ruid: str) -> int:
    """By its id alone, which 5.6.3 does in the database only."""
    if state.usrloc.db_mode != DB_ONLY:
        state.usrloc.complain("delete_urecord_by_ruid currently available only in db_mode=3")
        state.complain(run, "could not delete contact")
        return -2
    rows = state.usrloc.rows
    assert isinstance(rows, Rows)
    if rows.crashes_by_ruid:
        state.instance.note("unregister() without a URI ends Kamailio 5.6.3 where the database does not count what it deletes", run.at)
    try:
        gone = rows.by_ruid(table, ruid)
    except DbError as error:
        state.usrloc.complain(f"deleting from database failed: {error}")
        gone = 0
    if not gone:
        state.complain(run, "could not delete contact")
    return 1 if gone else -2


@registrar.function("reg_send_reply")
def reg_send_reply(state: Registrar, run: Run) -> int:
    """Sends the reply that save() with flag 2 has left out.

    Example: save("location", "0x02"); reg_send_reply();
    """
    return answering.send(state, run)


@registrar.function("add_sock_hdr", FORMAT)
def add_sock_hdr(state: Registrar, run: Run, name: str) -> int:
    """Adds a header that names the socket on which the request came in: `Sock-Info: udp:127.0.0.1:5060`.

    Example: add_sock_hdr("Sock-Info");
    """
    message = run.message
    message.lumps.anchor(message.headers_end).add_before(f"{name}: {message.dst}\r\n")
    return 1
