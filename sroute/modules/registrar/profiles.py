"""`$ulc(profile=>attribute)`: bindings as they were when reg_fetch_contacts() copied them."""

from collections.abc import Callable
from dataclasses import replace

from sroute.exports.fixups import FORMAT, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index
from sroute.modules.registrar.declaration import Profile, Registrar, address_of_record, registrar
from sroute.modules.registrar.reasons import Refused
from sroute.modules.registrar.saving import TABLE
from sroute.modules.usrloc.binding import Binding
from sroute.modules.usrloc.tables import Table
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.values import Spelled, Value, wrap32

_ATTRIBUTES: dict[str, Callable[[Binding], Value]] = {
    "addr": lambda b: b.address,
    "expires": lambda b: b.expires,
    "callid": lambda b: b.callid,
    "q": lambda b: b.q,
    "cseq": lambda b: b.cseq,
    "flags": lambda b: b.flags,
    "cflags": lambda b: b.cflags,
    "user_agent": lambda b: b.user_agent,
    "received": lambda b: b.received,
    "path": lambda b: b.path,
    "socket": lambda b: b.socket or None,
    "modified": lambda b: b.last_modified,
    "methods": lambda b: b.methods if b.methods < 1 << 31 else Spelled(wrap32(b.methods), str(b.methods)),
    "ruid": lambda b: b.ruid,
    "regid": lambda b: b.reg_id,
    "instance": lambda b: b.instance or None,
    "conid": lambda b: None,
    "server_id": lambda b: b.server_id,
}
_OF_RECORD: dict[str, Callable[[Profile], Value]] = {
    "aor": lambda p: p.aor,
    "domain": lambda p: p.table,
    "aorhash": lambda p: 0,
    "count": lambda p: len(p.bindings),
}


class ProfileAttribute:
    """`profile=>attribute`."""

    form = "profile=>attribute"

    def parse(self, text: str, names: Names) -> tuple[str, str]:
        """The two names."""
        profile, arrow, attribute = (part.strip(" \t\r\n") for part in text.partition("=>"))
        if not arrow or not profile:
            raise FixupError(f"invalid contact pv name {text}")
        if attribute not in _ATTRIBUTES and attribute not in _OF_RECORD:
            raise FixupError(f"unknown contact attr name in {text}")
        return profile, attribute

    def bind(self, parsed: tuple[str, str], scope: Scope) -> Constant[tuple[str, str]]:
        """The two names."""
        return Constant(parsed)


@registrar.variables_of("ulc", inner=ProfileAttribute(), index=True)
def ulc(scope: Scope, inner: Constant[tuple[str, str]], index: Index) -> Read:
    """An attribute of a binding that reg_fetch_contacts() has copied: addr, expires, callid, q, cseq, flags, cflags, user_agent,
    received, path, socket, modified, methods, ruid, regid, instance, server_id; of all of them: aor, domain, count.

    Example: xlog("$(ulc(callee=>addr)[0]) of $ulc(callee=>count)\\n");
    """
    state = scope.services.state("registrar")
    assert isinstance(state, Registrar)
    name, attribute = inner.value
    of_record = _OF_RECORD.get(attribute)
    of_binding = _ATTRIBUTES.get(attribute)

    def read(run: Run) -> Value:
        profile = state.profiles.get(name)
        if profile is None:
            return None
        if of_record is not None:
            return of_record(profile)
        at = max(index(run) if callable(index) else index if isinstance(index, int) else 0, 0)
        if of_binding is None or at >= len(profile.bindings):
            return None
        return of_binding(profile.bindings[at])

    return read


@ulc.writer
def set_ulc(scope: Scope, inner: Constant[tuple[str, str]], index: Index) -> Write:
    """5.6.3 takes an assignment and does nothing."""
    return lambda run, value: None


@registrar.function("reg_fetch_contacts", TABLE, FORMAT, FORMAT)
def reg_fetch_contacts(state: Registrar, run: Run, table: Table, uri: str, profile: str) -> int:
    """Copies the bindings of a URI's user for `$ulc(profile=>...)`; -1 when there are none.

    Example: if (reg_fetch_contacts("location", "$fu", "caller")) { xlog("$ulc(caller=>addr)\\n"); }
    """
    state.profiles.pop(profile, None)
    if not uri:
        state.complain(run, "invalid uri parameter")
        return -1
    try:
        aor = address_of_record(state, uri)
    except Refused as refused:
        state.tell(run, refused)
        state.complain(run, "failed to extract Address Of Record")
        return -1
    record = table.get(aor)
    if record is None:
        return -1
    state.profiles[profile] = Profile(aor, table.name, tuple(replace(binding) for binding in record.bindings))
    return 1


@registrar.function("reg_free_contacts", FORMAT)
def reg_free_contacts(state: Registrar, run: Run, profile: str) -> int:
    """Forgets what reg_fetch_contacts() has copied.

    Example: reg_free_contacts("caller");
    """
    state.profiles.pop(profile, None)
    return 1
