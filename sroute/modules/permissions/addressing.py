"""Functions that look an address up."""

from sroute.exports.fixups import FORMAT
from sroute.modules.permissions.addresses import Place
from sroute.modules.permissions.declaration import Permissions, permissions
from sroute.modules.tm.arguments import MAYBE_INT, MAYBE_TEXT
from sroute.runtime.run import Run


def _find(state: Permissions, run: Run, address: str, port: int, group: int | None) -> Place | None:
    if state.addresses is None:
        return None
    found = state.addresses.find(address, port, group)
    if found is not None:
        state.note_tag(run, found.tag)
    return found


@permissions.function("allow_address", MAYBE_INT, MAYBE_TEXT, MAYBE_INT)
def allow_address(state: Permissions, run: Run, group: int | None, address: str | None, port: int | None) -> int:
    """True if an address (or name) and port are in a group of addresses; its tag goes into the AVP of peer_tag_avp.

    Example: if (!allow_address("1", "$si", "$sp")) { sl_send_reply("403", "Forbidden"); exit; }
    """
    for value, what in ((group, "group value"), (address, "value of address pvar"), (port, "value of port pvar")):
        if value is None:
            state.complain(run, f"cannot get {what}")
            return -1
    return 1 if _find(state, run, address or "", port or 0, group) is not None else -1


@permissions.function("allow_source_address")
def allow_source_address_default(state: Permissions, run: Run) -> int:
    """True if the source of the message is in group 1.

    Example: if (allow_source_address()) { xlog("one of us\\n"); }
    """
    return _source(state, run, 1)


@permissions.function("allow_source_address", MAYBE_INT)
def allow_source_address(state: Permissions, run: Run, group: int | None) -> int:
    """True if the source of the message is in a group.

    Example: if (allow_source_address("2")) { xlog("a gateway\\n"); }
    """
    if group is None:
        state.complain(run, "cannot get group value")
        return -1
    return _source(state, run, group)


def _source(state: Permissions, run: Run, group: int) -> int:
    source = run.message.src
    return 1 if _find(state, run, source.ip, source.port, group) is not None else -1


@permissions.function("allow_source_address_group")
def allow_source_address_group(state: Permissions, run: Run) -> int:
    """The first group that has the source of the message; -1 for none.

    Example: allow_source_address_group(); xlog("group $rc\\n");
    """
    source = run.message.src
    return _group(_find(state, run, source.ip, source.port, None))


@permissions.function("allow_address_group", FORMAT, MAYBE_INT)
def allow_address_group(state: Permissions, run: Run, address: str, port: int | None) -> int:
    """The first group that has an address and port; -1 for none.

    Example: allow_address_group("10.0.0.1", "5060"); xlog("group $rc\\n");
    """
    if port is None:
        state.complain(run, "cannot get value of port pvar")
        return -1
    return _group(_find(state, run, address, port, None))


def _group(found: Place | None) -> int:
    return found.group if found is not None else -1
