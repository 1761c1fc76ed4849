"""Serial forking by q: t_load_contacts() puts the destination set away, t_next_contacts() brings back one group after the other."""

from dataclasses import dataclass
from itertools import pairwise

from sroute.exports.fixups import INTEGER
from sroute.modules.tm.binding import Tm, context, current
from sroute.modules.tm.declaration import tm
from sroute.runtime.dset import NO_Q, Branch
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.xavp import XavpList

GROUP_ENDS = 4
"""q_flag of the last contact with its q."""
NONE_LEFT = -2
_DISABLED = "feature has been disabled - to enable define contacts_avp module parameter"


@dataclass(slots=True)
class _Contact:
    """A contact and whether the next one has another q."""

    branch: Branch
    last: bool = False


@tm.function("t_load_contacts")
def load_contacts(state: Tm, run: Run) -> int:
    """Puts the R-URI and all branches away, to be tried in the order of their q: those with the same q at once.

    Needs the parameters contacts_avp and contact_flows_avp. With a single contact there is nothing to do.

    Example: t_load_contacts(); if (t_next_contacts()) { t_on_failure("NEXT"); t_relay(); }
    """
    return _load(state, run, 0)


@tm.function("t_load_contacts", INTEGER)
def load_contacts_as(state: Tm, run: Run, mode: int) -> int:
    """As t_load_contacts(); with mode 1 contacts are drawn in a random order, more often first the higher their q."""
    if mode not in (0, 1):
        state.complain("ERROR", f"invalid load_contact mode: {mode}, please use 0 (standard) or 1 (proportional)", run)
        return -1
    return _load(state, run, mode)


def _load(state: Tm, run: Run, mode: int) -> int:
    if not state.contacts_avp:
        state.complain("ERROR", _DISABLED, run)
        return -1
    dset = run.dset
    contacts = ([_own(run)] if dset.fresh(run.message) else []) + list(dset.branches)
    if len(contacts) < 2:
        return 1
    ordered = _drawn(state, contacts) if mode else _by_q(contacts)
    found = [_Contact(one) for one in ordered]
    for one, following in pairwise(found):
        one.last = bool(mode) or one.branch.q != following.branch.q
    for contact in reversed(found):
        run.xavps.add(state.contacts_avp, _record(run, contact))
    dset.clear()
    dset.spend(run.message)
    return 1


def _own(run: Run) -> Branch:
    """The R-URI's own branch."""
    message, dset = run.message, run.dset
    made = Branch(message.uri, message.dst_uri or "", message.path or "", dset.ruri_q, dset.ruri_flags, message.send_socket or "")
    made.instance, made.ruid, made.location_ua = message.instance or "", message.ruid or "", message.location_ua or ""
    return made


def _by_q(contacts: list[Branch]) -> list[Branch]:
    """Highest q first, and of those with the same q the one that was added last."""
    return [contacts[at] for at in sorted(range(len(contacts)), key=lambda at: (-contacts[at].q, -at))]


def _drawn(state: Tm, contacts: list[Branch]) -> list[Branch]:
    """A random order in which a contact's chance to be next is its share of the q that is left; those without any come last."""
    left, out = list(contacts), list[Branch]()
    while left:
        weights = [max(one.q, 0) for one in left]
        if not sum(weights):
            return out + left
        out.append(left.pop(state.services.random.choices(range(len(left)), weights)[0]))
    return out


def _record(run: Run, contact: _Contact) -> XavpList:
    one, made = contact.branch, run.xavps.new_list()
    socket = one.socket and one.socket + "\0"  # 5.6.3 counts the byte that ends the text in: a log line ends with it
    texts = {"uri": one.uri, "dst_uri": one.dst_uri, "path": one.path, "sock": socket, "instance": one.instance}
    for name, text in texts.items():
        if text or name == "uri":
            made.add(name, text)
    made.add("flags", one.flags)
    made.add("q_flag", GROUP_ENDS if contact.last else 0)
    for name, text in {"ruid": one.ruid, "ua": one.location_ua}.items():
        if text:
            made.add(name, text)
    return made


def _text(record: XavpList, name: str) -> str:
    entry = record.get(name)
    return entry.value if entry is not None and isinstance(entry.value, str) else ""


def _number(record: XavpList, name: str) -> int:
    entry = record.get(name)
    return entry.value if entry is not None and isinstance(entry.value, int) else 0


def _branch(record: XavpList) -> Branch:
    made = Branch(
        _text(record, "uri"),
        _text(record, "dst_uri"),
        _text(record, "path"),
        NO_Q,
        _number(record, "flags"),
        _text(record, "sock").removesuffix("\0"),
    )
    made.instance, made.ruid, made.location_ua = _text(record, "instance"), _text(record, "ruid"), _text(record, "ua")
    return made


@tm.function("t_next_contacts")
def next_contacts(state: Tm, run: Run) -> int:
    """Makes the next group of contacts the destination set: the first becomes the R-URI, the others branches; -2 when none is left.

    Contacts of a phone that is in the group already (same instance) are kept for t_next_contact_flow().

    Example: failure_route[NEXT] { if (t_next_contacts()) { t_on_failure("NEXT"); t_relay(); } }
    """
    if not state.contacts_avp:
        state.complain("ERROR", _DISABLED, run)
        return -1
    instances: set[str] = set()
    while (entry := run.xavps.get(state.contacts_avp)) is not None:
        record = entry.inner or XavpList()
        one = _branch(record)
        if one.instance and one.instance in instances:
            run.xavps.add(state.contact_flows_avp, run.xavps.copy_value(record))
        elif not instances:
            _apply(run, one)
        else:
            run.dset.branches.append(one)
        instances.add(one.instance)
        run.xavps.remove_entry(entry)
        if _number(record, "q_flag") == GROUP_ENDS:
            break
    return 1 if instances else NONE_LEFT


def _apply(run: Run, one: Branch) -> None:
    """Makes a contact the R-URI's own branch."""
    message = run.message
    message.uri = one.uri
    message.dst_uri = one.dst_uri or None
    message.path = one.path or None
    message.send_socket = one.socket or None
    message.instance, message.ruid, message.location_ua = one.instance or None, one.ruid or None, one.location_ua or None
    run.dset.ruri_q, run.dset.ruri_flags = NO_Q, one.flags


@tm.function("t_next_contact_flow")
def next_contact_flow(state: Tm, run: Run) -> int:
    """In event_route[tm:branch-failure]: makes another flow of the phone whose branch has failed the R-URI; -2 when there is none.

    Example: event_route[tm:branch-failure:flow] { if (t_next_contact_flow()) { t_on_branch_failure("flow"); t_relay(); } }
    """
    if not state.contact_flows_avp:
        state.complain("ERROR", _DISABLED.replace("contacts_avp", "contact_flows_avp"), run)
        return -1
    t = current(run)
    if t is None:
        state.complain("ERROR", "Called t_get_this_branch_instance not in a branch_failure_route", run)
    instance = t.branches[context(run).index].instance if t is not None and run.kind is Routes.BRANCH_FAILURE else ""
    for entry in run.xavps.all(state.contact_flows_avp) if instance else ():
        record = entry.inner
        if record is not None and _text(record, "instance") == instance:
            _apply(run, _branch(record))
            run.xavps.remove_entry(entry)
            return 1
    return NONE_LEFT
