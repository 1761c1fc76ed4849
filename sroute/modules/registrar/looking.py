"""lookup() and its like: from an address of record to where its contacts are."""

from sroute.exports.fixups import FORMAT
from sroute.modules.pv.branches import append
from sroute.modules.pv.request import method_id
from sroute.modules.registrar.answering import note_details
from sroute.modules.registrar.declaration import Registrar, aor_of, registrar
from sroute.modules.registrar.reasons import Reason, Refused
from sroute.modules.registrar.saving import TABLE
from sroute.modules.usrloc.binding import Binding
from sroute.modules.usrloc.tables import Record, Table
from sroute.runtime.dset import Branch
from sroute.runtime.run import Run
from sroute.sip import route
from sroute.sip import uri as uris
from sroute.sip.uri import Uri

FOUND, NOT_FOUND, NOT_ALLOWED, FAILED = 1, -1, -2, -3


@registrar.function("lookup", TABLE)
@registrar.function("lookup", TABLE, FORMAT)
def lookup(state: Registrar, run: Run, table: Table, uri: str | None = None) -> int:
    """Makes the best contact of the Request-URI's user (or of a URI) the Request-URI, and branches of all others.

    1 found, -1 not registered, -2 no contact takes the method, -3 error. Sets $ruid, $location_ua, $fs, and $du from path or source.

    Example: if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
    """
    return _look(state, run, table, uri, only_branches=False)


@registrar.function("lookup_to_dset", TABLE)
@registrar.function("lookup_to_dset", TABLE, FORMAT)
def lookup_to_dset(state: Registrar, run: Run, table: Table, uri: str | None = None) -> int:
    """As lookup(), but all contacts become branches: the Request-URI stays.

    Example: lookup_to_dset("location", "sip:bob@example.com");
    """
    return _look(state, run, table, uri, only_branches=True)


@registrar.function("lookup_branches", TABLE)
def lookup_branches(state: Registrar, run: Run, table: Table) -> int:
    """Looks up the Request-URI and each branch that has nothing but a URI; 1 if any is found, else the code of the Request-URI's look-up.

    Example: append_branch("sip:bob@example.com"); lookup_branches("location");
    """
    message, dset = run.message, run.dset
    waiting = list(enumerate(dset.branches))
    code: int = lookup(state, run, table)
    kept = (message.new_uri, message.dst_uri, message.path, message.send_socket, message.ruid, message.location_ua, message.instance)
    own_q, own_flags = dset.ruri_q, dset.ruri_flags
    for at, branch in waiting:
        if branch.dst_uri or branch.path or branch.socket or branch.flags:
            continue
        message.new_uri, message.dst_uri, message.path, message.send_socket = branch.uri, None, None, None
        dset.ruri_q, dset.ruri_flags = branch.q, 0
        if lookup(state, run, table) > 0:
            code = FOUND
            dset.branches[at] = Branch(
                message.uri, message.dst_uri or "", message.path or "", dset.ruri_q, dset.ruri_flags, message.send_socket or ""
            )
    message.new_uri, message.dst_uri, message.path, message.send_socket, message.ruid, message.location_ua, message.instance = kept
    dset.ruri_q, dset.ruri_flags = own_q, own_flags
    return code


def _look(state: Registrar, run: Run, table: Table, text: str | None, *, only_branches: bool) -> int:
    if text == "":
        state.complain(run, "invalid uri parameter")
        return NOT_FOUND
    if text is None:
        text = run.message.uri
    try:
        uri = uris.parse(text)
        if uri is None:
            raise Refused(Reason.AOR_PARSE, f"failed to parse AoR [{text}]")
        aor = aor_of(state, uri)
    except Refused as refused:
        state.tell(run, refused)
        state.complain(run, "failed to extract address of record")
        return FAILED
    gruu = uri.param("gr")
    if gruu == "":
        return _by_temporary(state, run, table, uri, only_branches=only_branches)
    record = table.get(aor)
    if record is None:
        return NOT_FOUND
    usable = _usable(state, run, record, gruu or "")
    if not isinstance(usable, list):
        return usable
    return _use(state, run, usable, only_branches=only_branches)


def _usable(state: Registrar, run: Run, record: Record, instance: str) -> list[Binding] | int:
    """The bindings from the first one that can take the request on, or the code that says why there is none."""
    now, why = state.now, NOT_FOUND
    for at, binding in enumerate(record.bindings):
        if not (binding.valid(now) or state.use_expired_contacts):
            continue
        if not _allowed(state, run, binding):
            why = NOT_ALLOWED
            continue
        if not instance:
            return record.bindings[at:]
        if binding.instance[1:-1] == instance or binding.instance == instance:
            return [binding]
    return why


def _allowed(state: Registrar, run: Run, binding: Binding) -> bool:
    return not state.method_filtering or bool(binding.methods & method_id(run))


def _by_temporary(state: Registrar, run: Run, table: Table, uri: Uri, *, only_branches: bool) -> int:
    """A temporary GRUU names a binding by its id; those that 5.6.3 hands out lack the hash that it asks for here."""
    state.complain(run, "failed to extract temp gruu - invalid hash")
    return FAILED


def _use(state: Registrar, run: Run, usable: list[Binding], *, only_branches: bool) -> int:
    rest = usable
    if not only_branches:
        _become(state, run, usable[0])
        rest = usable[1:]
    if not state.append_branches and not only_branches:
        return FOUND
    now = state.now
    for binding in rest:
        if (binding.valid(now) or state.use_expired_contacts) and _allowed(state, run, binding):
            _branch(state, run, binding)
    return FOUND


def _become(state: Registrar, run: Run, binding: Binding) -> None:
    """The request goes to a binding."""
    message, dset = run.message, run.dset
    message.dst_uri = None
    path, hop = _way(state, binding)
    message.path = path or None
    message.dst_uri = hop or None
    message.uri = binding.address
    if binding.socket:
        message.send_socket = binding.socket
    message.instance = binding.instance or None
    message.ruid = binding.ruid or None
    message.location_ua = binding.user_agent or None
    note_details(state, run, binding)
    if binding.attributes is not None:
        run.xavps.add(state.usrloc.xavp_contact, run.xavps.copy_value(binding.attributes))
    dset.ruri_q = binding.q
    dset.ruri_flags |= binding.cflags


def _branch(state: Registrar, run: Run, binding: Binding) -> None:
    path, hop = _way(state, binding)
    append(
        run,
        Branch(
            binding.address,
            hop,
            path,
            binding.q,
            binding.cflags,
            binding.socket,
            binding.instance,
            binding.reg_id,
            binding.ruid,
            binding.user_agent,
        ),
    )


def _way(state: Registrar, binding: Binding) -> tuple[str, str]:
    """The path to a binding, and the next hop: the first of the path, else where it came from."""
    if not binding.path:
        return "", binding.received
    values = route.parse(binding.path) or []
    path, at = binding.path, 0
    if state.path_check_local:
        while at < len(values) and _own(state, values[at].parsed):
            at += 1
        if at:
            path = binding.path[values[at].start :].lstrip() if at < len(values) else ""
    if at >= len(values):
        return "", binding.received
    return path, values[at].uri


def _own(state: Registrar, uri: Uri | None) -> bool:
    return uri is not None and state.instance.is_myself(uri.host, uri.port_number or 5060, uri.proto or "udp")
