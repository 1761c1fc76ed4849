"""Script functions of tm that ask how a transaction has gone so far."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import INTEGER, TEXT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.modules.tm import lookup, routes
from sroute.modules.tm.binding import Tm, context
from sroute.modules.tm.declaration import tm
from sroute.modules.tm.transaction import Branch, Transaction
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.values import to_str
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import Matcher, matcher

_FAILURE = Routes.FAILURE | Routes.BRANCH_FAILURE
_FLAGS = Flags(icase=True, newline=True)
_NONE = "cannot check a message for which no T-state has been established"
_NO_STATUS = "cannot check status for a reply which has no T-state established"


@dataclass(frozen=True, slots=True)
class _StatusPattern:
    """A regular expression, or one variable that holds one: None, with Kamailio's complaint, when it can't be used."""

    form: str = "regex"

    def parse(self, text: str, names: Names) -> Matcher | Pv:
        """The expression or the variable."""
        if text.startswith("$"):
            return names.pv(text)
        try:
            return matcher(text, _FLAGS)
        except BadPattern as bad:
            raise FixupError(f"bad regular expression {text!r}: {bad.reason}") from None

    def bind(self, parsed: Matcher | Pv, scope: Scope) -> "Arg[Matcher | None]":
        """The expression."""
        return Constant(parsed) if isinstance(parsed, Matcher) else _variable(parsed, scope)


def _variable(pv: Pv, scope: Scope) -> "Callable[[Run], Matcher | None]":
    read, services = scope.read(pv), scope.services

    def pattern(run: Run) -> Matcher | None:
        value = read(run)
        if value is None:
            services.diag("ERROR", "Could not convert PV to str", "core", run.at)
            return None
        text = to_str(value)
        try:
            return matcher(text, _FLAGS)
        except BadPattern:
            services.diag("ERROR", f"Bad regular expression '{text}'", "tm", run.at)
            return None

    return pattern


@tm.function("t_check_status", _StatusPattern(), constant=True)
def check_status(state: Tm, run: Run, pattern: Matcher | None) -> int:
    """Whether a status matches a regular expression: of this reply, of the winning one in a failure_route, of the last one sent.

    Example: if (t_check_status("486|408")) { route(VOICEMAIL); }
    """
    if pattern is None:
        return -1
    status = _status(state, run)
    return 1 if status is not None and pattern.search(str(status)) else -1


def _status(state: Tm, run: Run) -> int | None:
    if run.kind & Routes.ANY_REPLY:
        return run.message.status
    if not run.kind & (_FAILURE | Routes.REQUEST):
        state.complain("ERROR", f"unsupported route type {routes.NUMBERS[run.kind]}", run)
        return None
    t = lookup.check(state, run)
    if t is None:
        state.complain("ERROR", _NO_STATUS, run)
        return None
    return t.branches[context(run).index].last if run.kind & _FAILURE else t.status


@tm.function("t_get_status_code")
def get_status_code(state: Tm, run: Run) -> int:
    """The status that t_check_status() looks at, as the return code; -1 when there is none.

    Example: t_get_status_code(); if ($rc == 486) { route(VOICEMAIL); }
    """
    status = _status(state, run)
    return status or -1


def _known(state: Tm, run: Run) -> Transaction | None:
    t = lookup.check(state, run)
    if t is None:
        state.complain("ERROR", _NONE, run)
    return t


def _any(state: Tm, run: Run, test: Callable[[Branch], bool]) -> int:
    t = _known(state, run)
    return 1 if t is not None and any(test(branch) for branch in t.branches) else -1


@tm.function("t_exists", since="5.7")
def exists(state: Tm, run: Run) -> int:
    """Whether there is a transaction already; it is not looked for.

    Example: t_newtran(); if (t_exists()) { xlog("there\\n"); }
    """
    return 1 if context(run).transaction is not None else -1


@tm.function("t_any_timeout")
def any_timeout(state: Tm, run: Run) -> int:
    """Whether any branch got no final reply in time."""
    return _any(state, run, lambda branch: branch.request.timed_out)


@tm.function("t_any_replied")
def any_replied(state: Tm, run: Run) -> int:
    """Whether any branch has been answered; the reply that led to this failure_route does not count yet."""
    return _any(state, run, lambda branch: branch.request.replied)


@tm.function("t_grep_status", INTEGER)
def grep_status(state: Tm, run: Run, code: int) -> int:
    """Whether a branch was answered with that code; the reply that led to this failure_route does not count yet."""
    return _any(state, run, lambda branch: branch.last == code and branch.request.replied)


@tm.function("t_is_canceled")
def is_canceled(state: Tm, run: Run) -> int:
    """Whether the caller has cancelled.

    Example: failure_route[F] { if (t_is_canceled()) { exit; } }
    """
    t = _known(state, run)
    return 1 if t is not None and t.canceled else -1


@tm.function("t_is_expired")
def is_expired(state: Tm, run: Run) -> int:
    """Whether the transaction has lived as long as it may (t_set_max_lifetime())."""
    t = _known(state, run)
    return 1 if t is not None and t.lifetime <= state.ticks() else -1


def _failed_branch(state: Tm, run: Run, name: str) -> int:
    if not run.kind & _FAILURE:
        state.complain("ERROR", f"unsupported route type {routes.NUMBERS[run.kind]}", run)
        return -1
    return 1 if getattr(context(run), name) else -1


@tm.function("t_branch_timeout")
def branch_timeout(state: Tm, run: Run) -> int:
    """In a failure_route: whether the winning reply stands for a timeout."""
    return _failed_branch(state, run, "timed_out")


@tm.function("t_branch_replied")
def branch_replied(state: Tm, run: Run) -> int:
    """In a failure_route: whether the winning branch had been answered before."""
    return _failed_branch(state, run, "was_replied")


@tm.function("t_is_retr_async_reply")
def is_retr_async_reply(state: Tm, run: Run) -> int:
    """Whether the transaction waits for t_continue() already: this may be a reply that it keeps, once more."""
    t = _known(state, run)
    return 1 if t is not None and t.suspended else -1


_MODES = {"n": 0, "l": 2}


@tm.function("t_drop_replies")
def drop_replies(state: Tm, run: Run) -> int:
    """In a failure_route: forgets all replies so far; what new branches answer decides."""
    context(run).drop_replies = 1
    return 1


@tm.function("t_drop_replies", TEXT)
def drop_replies_as(state: Tm, run: Run, mode: str) -> int:
    """In a failure_route: forgets replies: `a` all, `l` those of the last round, `n` none.

    Example: t_drop_replies("l");
    """
    context(run).drop_replies = _MODES.get(mode[:1], 1)
    return 1
