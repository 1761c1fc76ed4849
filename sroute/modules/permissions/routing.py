"""Functions over files of rules."""

from dataclasses import dataclass

from sroute.exports.fixups import Constant, Names, PvRef, Scope, Target
from sroute.modules.permissions.declaration import Permissions, permissions
from sroute.modules.permissions.rules import RuleFile
from sroute.runtime.run import Run
from sroute.sip import contact as contacts
from sroute.sip import uri as uris


class BaseName:
    """The name of two files without their endings; they are read when the script is loaded."""

    form = "basename"

    def parse(self, text: str, names: Names) -> str:
        """Any text."""
        return text

    def bind(self, parsed: str, scope: Scope) -> Constant[int]:
        """The number of the files."""
        state = _state(scope)
        state.files.allow(parsed + state.allow_suffix)
        return Constant(state.files.deny(parsed + state.deny_suffix))


@dataclass(frozen=True, slots=True)
class FileName:
    """The name of a file of what is allowed, or denied; it is read when the script is loaded."""

    denies: bool
    form: str = "file"

    def parse(self, text: str, names: Names) -> str:
        """Any text."""
        return text

    def bind(self, parsed: str, scope: Scope) -> Constant[int]:
        """Its number."""
        files = _state(scope).files
        return Constant(files.deny(parsed) if self.denies else files.allow(parsed))


ALLOW, DENY = FileName(denies=False), FileName(denies=True)


def _state(scope: Scope) -> Permissions:
    state = scope.services.state("permissions")
    assert isinstance(state, Permissions)
    return state


def allowed(files: tuple[RuleFile, RuleFile], left: str, right: str) -> bool:
    """Whether rules allow it: a file of what is allowed comes first, then what is denied; all else is allowed."""
    allow, deny = files
    return allow.search(left, right) or not deny.search(left, right)


def plain(text: str) -> str | None:
    """A URI as rules see it: `sip:user@host`, whatever its scheme, port and parameters; None when it is none."""
    uri = uris.parse(text)
    if uri is None:
        return None
    return f"sip:{uri.user}@{uri.host}" if uri.user else f"sip:{uri.host}"


@permissions.function("allow_routing")
def allow_routing_default(state: Permissions, run: Run) -> int:
    """True if the default files allow the caller (From) to reach the Request-URI and the branches.

    Example: if (!allow_routing()) { sl_send_reply("403", "Forbidden"); exit; }
    """
    return _routing(state, run, 0)


@permissions.function("allow_routing", BaseName())
def allow_routing(state: Permissions, run: Run, files: int) -> int:
    """True if the files of a base name allow the caller (From) to reach the Request-URI and the branches.

    Example: if (!allow_routing("rules")) { sl_send_reply("403", "Forbidden"); exit; }
    """
    return _routing(state, run, files)


@permissions.function("allow_routing", ALLOW, DENY)
def allow_routing_files(state: Permissions, run: Run, allow: int, deny: int) -> int:
    """True if two files allow the caller (From) to reach the Request-URI and the branches.

    5.6.3 takes the file of denials that was read together with the first one, which need not be the second one.

    Example: if (!allow_routing("rules.allow", "rules.deny")) { sl_send_reply("403", "Forbidden"); exit; }
    """
    return _routing(state, run, allow)


def _routing(state: Permissions, run: Run, files: int) -> int:
    pair = state.files.pair(files)
    if not pair[0].rules and not pair[1].rules:
        return 1
    message = run.message
    caller = plain(message.from_.uri) if message.from_ is not None else None
    if caller is None:
        state.complain(run, "cannot extract From URI")
        return -1
    targets = [message.uri]
    if state.check_all_branches:
        targets += [branch.uri for branch in run.dset.branches]
    for target in targets:
        callee = plain(target)
        if callee is None:
            state.complain(run, "cannot extract the URI")
            return -1
        if not allowed(pair, caller, callee):
            return -1
    return 1


@permissions.function("allow_register", BaseName())
def allow_register(state: Permissions, run: Run, files: int) -> int:
    """True if the files of a base name allow the user of To to register all contacts.

    Example: if (!allow_register("register")) { sl_send_reply("403", "Forbidden"); exit; }
    """
    return _register(state, run, files)


@permissions.function("allow_register", ALLOW, DENY)
def allow_register_files(state: Permissions, run: Run, allow: int, deny: int) -> int:
    """True if two files allow the user of To to register all contacts.

    5.6.3 takes the file of denials that was read together with the first one, which need not be the second one.

    Example: if (!allow_register("register.allow", "register.deny")) { sl_send_reply("403", "Forbidden"); exit; }
    """
    return _register(state, run, allow)


def _register(state: Permissions, run: Run, files: int) -> int:
    pair = state.files.pair(files)
    if not pair[0].rules and not pair[1].rules:
        return 1
    message = run.message
    bodies = contacts.of(message) if message.complete else None
    if bodies is None:
        state.complain(run, "failed to parse headers")
        return -1
    if not bodies or bodies[0].star:
        return 1
    user = plain(message.to.uri) if message.to is not None else None
    if user is None:
        state.complain(run, "cannot extract To URI")
        return -1
    for body in bodies:
        for value in body.values:
            target = plain(value.uri)
            if target is None:
                state.complain(run, "can't extract plain Contact URI")
                return -1
            if not allowed(pair, user, target):
                return -1
    return 1


@permissions.function("allow_uri", BaseName(), Target(writable=False))
def allow_uri(state: Permissions, run: Run, files: int, variable: PvRef) -> int:
    """True if the files of a base name allow the caller (From) the URI in a variable, as it is written.

    Example: if (!allow_uri("refer", "$rt")) { sl_send_reply("403", "Forbidden"); exit; }
    """
    pair = state.files.pair(files)
    if not pair[0].rules and not pair[1].rules:
        return 1 if isinstance(variable.get(run), str) else _no_text(state, run)
    message = run.message
    caller = plain(message.from_.uri) if message.from_ is not None else None
    if caller is None:
        state.complain(run, "cannot extract From URI")
        return -1
    value = variable.get(run)
    if not isinstance(value, str):
        return _no_text(state, run)
    return 1 if allowed(pair, caller, value) else -1


def _no_text(state: Permissions, run: Run) -> int:
    state.complain(run, "pseudo variable value is not string")
    return -1
