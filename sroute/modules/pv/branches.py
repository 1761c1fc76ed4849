"""Branches besides the Request-URI: `$br`, `$branch(...)`, and the static one, `$sbranch(...)`."""

from collections.abc import Callable
from dataclasses import replace

from sroute.exports.fixups import Arg, Scope
from sroute.exports.variable import BAD_INDEX, Index
from sroute.modules.pv.destination import find_socket
from sroute.modules.pv.flags import unsigned
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.pv.module import Shared, pv
from sroute.runtime.dset import NO_Q, Branch
from sroute.runtime.flow import AssignError
from sroute.runtime.redirect import q_text
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import Value

LIMIT = 12
"""How many branches Kamailio takes besides the Request-URI (max_branches)."""


def append(run: Run, made: Branch) -> bool:
    """Adds a branch; False when there are as many as Kamailio takes."""
    if len(run.dset.branches) >= LIMIT - 1:
        return False
    run.dset.branches.append(made)
    return True


@pv.variable("br")
def br(run: Run) -> Value:
    """The URI of the first branch besides the Request-URI; null without one. Assigning it appends a branch.

    Example: $br = "sip:b@example.com";
    """
    branches = run.dset.branches
    return branches[0].uri if branches else None


@br.setter
def set_br(run: Run, value: Value) -> None:
    """Appends a branch."""
    if not isinstance(value, str) or not value:
        raise AssignError("bad parameters" if value is None else "str value required to set the branch")
    if not append(run, Branch(value)):
        raise AssignError("max nr of branches exceeded", "append_branch action failed")


@pv.variable("bR")
def all_branches(run: Run) -> Value:
    """All branches besides the Request-URI, with q where they have one; null without any.

    Example: xlog("$bR\\n");
    """
    if not run.dset.branches:
        return None
    return ", ".join(b.uri if b.q == NO_Q else f"<{b.uri}>;q={q_text(b.q)}" for b in run.dset.branches)


KEYS = ("uri", "dst_uri", "path", "q", "send_socket", "count", "flags", "ruid", "location_ua", "instance", "otcpid")
PARTS: dict[str, Callable[[Branch], Value]] = {
    "uri": lambda branch: branch.uri or None,
    "dst_uri": lambda branch: branch.dst_uri or None,
    "path": lambda branch: branch.path or None,
    "q": lambda branch: None if branch.q == NO_Q else branch.q,
    "send_socket": lambda branch: branch.socket or None,
    "flags": lambda branch: unsigned(branch.flags),
    "ruid": lambda branch: branch.ruid or None,
    "location_ua": lambda branch: branch.location_ua or None,
    "instance": lambda branch: branch.instance or None,
    "otcpid": lambda branch: branch.otcpid,
}


def _at(index: Index, run: Run) -> int:
    """The number that an index means."""
    at = index(run) if callable(index) else index
    return at if isinstance(at, int) else 0


def _place(at: int, branches: list[Branch]) -> int | None:
    """Which branch a number means, negative from the end; None when there is none."""
    place = at + len(branches) if at < 0 else at
    return place if 0 <= place < len(branches) else None


def _complaint(at: int, count: int) -> str:
    """What 5.6.3 says when a branch that is not there is assigned: nothing of a number that is too high."""
    if at == BAD_INDEX:
        return "invalid index"
    return f"index too low: {at} ({count})" if at < 0 and count else ""


@pv.variables_of("branch", inner=OneOf(KEYS), index=True)
def branch(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """A part of a branch besides the Request-URI: uri, dst_uri, path, q, send_socket, flags, ruid, location_ua, instance, otcpid.

    `[n]` counts from 0, negative from the end. `count` is how many there are, null without any.

    Example: $(branch(q)[0]) = 500; xlog("$branch(uri) $(branch(uri)[-1])\\n");
    """
    services = scope.services
    name = key(inner)
    part = PARTS.get(name)

    def read(run: Run) -> Value:
        branches = run.dset.branches
        at = _at(index, run)
        if at == BAD_INDEX:
            services.diag("ERROR", "invalid index", "pv", run.at)
            return None
        place = _place(at, branches)
        if place is None:
            return None
        return len(branches) if part is None else part(branches[place])

    return read


Put = Callable[[Branch, Value, Services, Run], None]


def _text_of(value: Value, name: str) -> str:
    if isinstance(value, int):
        raise AssignError(f"str value required to set branch {name}")
    return value or ""


def _put_q(target: Branch, value: Value, services: Services, run: Run) -> None:
    if isinstance(value, str):
        raise AssignError("int value required to set branch q")
    target.q = NO_Q if value is None else int(value)


def _put_flags(target: Branch, value: Value, services: Services, run: Run) -> None:
    if isinstance(value, str):
        raise AssignError("int value required to set branch flags")
    target.flags = int(value or 0) & 0xFFFFFFFF


def _put_otcpid(target: Branch, value: Value, services: Services, run: Run) -> None:
    if isinstance(value, str):
        raise AssignError("int value required to set branch otcpid")
    target.otcpid = int(value or 0)


def _put_uri(target: Branch, value: Value, services: Services, run: Run) -> None:
    target.uri = _text_of(value, "uri")


def _put_dst_uri(target: Branch, value: Value, services: Services, run: Run) -> None:
    target.dst_uri = _text_of(value, "dst_uri")


def _put_path(target: Branch, value: Value, services: Services, run: Run) -> None:
    target.path = _text_of(value, "path")


def _put_socket(target: Branch, value: Value, services: Services, run: Run) -> None:
    """A socket that is none of the script's unsets it, with a warning."""
    text = _text_of(value, "force send sock")
    socket = find_socket(services.sockets, text) if text else None
    if text and socket is None:
        services.diag("WARNING", f"no socket found to match [{text}]", "pv", run.at)
    target.socket = str(socket.endpoint) if socket is not None else ""


def _keep(target: Branch, value: Value, services: Services, run: Run) -> None:
    """What cannot be changed stays, silently."""


PUTS: dict[str, Put] = {
    "uri": _put_uri,
    "dst_uri": _put_dst_uri,
    "path": _put_path,
    "q": _put_q,
    "send_socket": _put_socket,
    "flags": _put_flags,
    "otcpid": _put_otcpid,
    "count": _keep,
    "ruid": _keep,
    "location_ua": _keep,
    "instance": _keep,
}


@branch.writer
def set_branch(scope: Scope, inner: Arg[str], index: Index) -> Write:
    """A missing branch is left alone; null for the URI removes the branch."""
    services = scope.services
    name = key(inner)
    put = PUTS[name]

    def write(run: Run, value: Value) -> None:
        branches = run.dset.branches
        at = _at(index, run)
        place = _place(at, branches)
        if place is None:
            raise AssignError(_complaint(at, len(branches)))
        if name == "uri" and value in (None, ""):
            del branches[place]
        else:
            put(branches[place], value, services, run)

    return write


# ---------------------------------------------------------------- the static branch


KEPT = "pv.sbranch"


def static_branch(run: Run) -> Branch | None:
    """The worker's static branch; None until something of it is set."""
    kept = run.process.module_state.get(KEPT)
    return kept if isinstance(kept, Branch) else None


@pv.variables_of("sbranch", inner=OneOf(KEYS))
def sbranch(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """A part of the static branch, kept until sbranch_reset(): the keys of `$branch`. `count` counts the normal branches.

    Example: $sbranch(uri) = "sip:b@example.com"; sbranch_append();
    """
    name = key(inner)
    if name == "count":
        return lambda run: len(run.dset.branches)
    part, services = PARTS[name], scope.services

    def read(run: Run) -> Value:
        kept = static_branch(run)
        if kept is None:
            services.diag("ERROR", "error accessing branch [0]", "pv", run.at)
            return None
        return part(kept)

    return read


@sbranch.writer
def set_sbranch(scope: Scope, inner: Arg[str], index: Index) -> Write:
    """As `$branch`; null for the URI resets it."""
    services = scope.services
    name = key(inner)
    put = PUTS[name]

    def write(run: Run, value: Value) -> None:
        if name == "uri" and value in (None, ""):
            run.process.module_state.pop(KEPT, None)
            return
        kept = static_branch(run)
        if kept is None and name != "uri":
            return
        if kept is None:
            kept = Branch("", q=0)
        put(kept, value, services, run)
        run.process.module_state[KEPT] = kept

    return write


@pv.function("sbranch_set_ruri")
def sbranch_set_ruri(state: Shared, run: Run) -> int:
    """Takes Request-URI, destination, path, socket and flags from the static branch; -1 when that has no URI.

    Example: $sbranch(uri) = "sip:b@example.com"; sbranch_set_ruri();
    """
    kept = static_branch(run)
    if kept is None or not kept.uri:
        return -1
    message = run.message
    message.new_uri = kept.uri
    message.dst_uri = kept.dst_uri or None
    message.path = kept.path or None
    message.send_socket = kept.socket or None
    message.instance = kept.instance or None
    message.ruid = kept.ruid or None
    message.location_ua = kept.location_ua or None
    run.dset.ruri_q = kept.q
    run.dset.ruri_flags = kept.flags
    return 1


@pv.function("sbranch_append")
def sbranch_append(state: Shared, run: Run) -> int:
    """Appends the static branch as a new branch; -1 when it has no URI.

    Example: $sbranch(uri) = "sip:b@example.com"; sbranch_append();
    """
    kept = static_branch(run)
    if kept is None or not kept.uri:
        return -1
    return 1 if append(run, replace(kept)) else -1


@pv.function("sbranch_reset")
def sbranch_reset(state: Shared, run: Run) -> int:
    """Empties the static branch.

    Example: sbranch_reset();
    """
    run.process.module_state.pop(KEPT, None)
    return 1
