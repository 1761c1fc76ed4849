"""Script functions and variables of rr."""

from typing import Any

from sroute.exports.fixups import FORMAT, INTEGER, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index
from sroute.modules.rr import following, recording
from sroute.modules.rr.declaration import ADDED, ROUTED, RecordRoute, rr
from sroute.modules.rr.direction import is_upstream, own_params
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run
from sroute.runtime.values import FAILED, Value
from sroute.sip import route as routes
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import Matcher, matcher

_FLAGS = Flags(icase=True, newline=True)


def _refused(state: RecordRoute, run: Run) -> bool:
    """Whether a Record-Route is there already."""
    if run.message.iflags & ADDED:
        state.complain(run, "Double attempt to record-route")
        return True
    return False


def _added(run: Run) -> int:
    if run.kind is not Routes.BRANCH:
        run.message.iflags |= ADDED
    return 1


@rr.function("record_route")
def record_route(state: RecordRoute, run: Run) -> int:
    """Adds a Record-Route, so that the later requests of the dialog pass here, too; -1 the second time.

    Example: if (is_method("INVITE")) { record_route(); }
    """
    if _refused(state, run) or recording.unreadable(state, run) or recording.record(state, run, "") < 0:
        return -1
    return _added(run)


@rr.function("record_route", FORMAT)
def record_route_params(state: RecordRoute, run: Run, params: str) -> int:
    """Adds a Record-Route with parameters.

    Example: record_route(";nat=yes");
    """
    if _refused(state, run) or recording.unreadable(state, run) or recording.record(state, run, params) < 0:
        return -1
    return _added(run)


@rr.function("record_route_preset", FORMAT)
def record_route_preset(state: RecordRoute, run: Run, address: str) -> int:
    """Adds a Record-Route with that address.

    Example: record_route_preset("1.2.3.4:5090");
    """
    if _refused(state, run) or recording.unreadable(state, run) or recording.preset(state, run, address) < 0:
        return -1
    recording.take_buffer(run)
    return _added(run)


@rr.function("record_route_preset", FORMAT, FORMAT)
def record_route_preset_two(state: RecordRoute, run: Run, first: str, second: str) -> int:
    """Adds two Record-Route with those addresses."""
    if _refused(state, run):
        return -1
    if not state.enable_double_rr:
        state.complain(run, "Attempt to double record-route while 'enable_double_rr' param is disabled")
        return -1
    if recording.preset(state, run, first) < 0 or recording.preset(state, run, second) < 0:
        return -1
    recording.take_buffer(run)
    return _added(run)


@rr.function("record_route_advertised_address", FORMAT)
def record_route_advertised(state: RecordRoute, run: Run, address: str) -> int:
    """Adds a Record-Route with that address, and the transport where it changes.

    Example: record_route_advertised_address("sip.example.com:5060");
    """
    if _refused(state, run) or recording.unreadable(state, run) or recording.advertised(state, run, address) < 0:
        return -1
    return _added(run)


@rr.function("add_rr_param", FORMAT)
def add_rr_param(state: RecordRoute, run: Run, params: str) -> int:
    """Adds a parameter to the Record-Route, whether that is there already or comes later.

    Example: add_rr_param(";did=42");
    """
    return 1 if recording.add_param(state, run, params) == 0 else -1


@rr.function("remove_record_route")
def remove_record_route(state: RecordRoute, run: Run) -> int:
    """Takes a Record-Route back. 5.6.3 leaves its end in the message: a line `;lr;ftag=...>`."""
    recording.remove(run)
    state.instance.note("remove_record_route() leaves the end of the header in the message (5.6.3)", run.at)
    return 1


@rr.function("loose_route")
def loose_route(state: RecordRoute, run: Run) -> int:
    """Follows the Route headers: sets `$du`, or `$ru` for a strict router; -1 without Route.

    Example: if (has_totag()) { if (loose_route()) { t_relay(); exit; } }
    """
    return following.follow(state, run, 0)


@rr.function("loose_route_mode", INTEGER)
def loose_route_mode(state: RecordRoute, run: Run, mode: int) -> int:
    """As loose_route(); mode 1 does not look for a strict router before this proxy."""
    return following.follow(state, run, mode)


@rr.function("loose_route_preloaded")
def loose_route_preloaded(state: RecordRoute, run: Run) -> int:
    """True when the request begins a dialog and had an own Route only."""
    return 1 if following.follow(state, run, 0) == following.PRELOADED else -1


@rr.function("rr_next_hop_route")
def next_hop_route(state: RecordRoute, run: Run) -> int:
    """True when loose_route() has found another Route behind the own one."""
    return 1 if run.message.iflags & ROUTED else -1


class _Pattern:
    """A regular expression, taken as it is."""

    form = "regex"

    def parse(self, text: str, names: Names) -> Matcher:
        """The compiled expression."""
        try:
            return matcher(text, _FLAGS)
        except BadPattern as bad:
            raise FixupError(f"bad regular expression {text!r}: {bad.reason}") from None

    def bind(self, parsed: Matcher, scope: Scope) -> Constant[Matcher]:
        """A constant."""
        return Constant(parsed)


@rr.function("check_route_param", _Pattern(), constant=True)
def check_route_param(state: RecordRoute, run: Run, pattern: Matcher) -> int:
    """Whether a regular expression matches the parameters of the own Route, with the `;` in front.

    Example: if (check_route_param(";nat=yes")) { setbflag(6); }
    """
    params = own_params(state.instance, run)
    return 1 if params and pattern.search(f";{params}") else -1


class _Direction:
    """`downstream` or `upstream`."""

    form = "downstream or upstream"

    def parse(self, text: str, names: Names) -> bool:
        """Whether upstream is meant."""
        if text.lower() not in ("downstream", "upstream"):
            raise FixupError(f"unknown direction '{text}'")
        return text.lower() == "upstream"

    def bind(self, parsed: bool, scope: Scope) -> Constant[bool]:
        """A constant."""
        return Constant(parsed)


@rr.function("is_direction", _Direction())
def is_direction(state: RecordRoute, run: Run, upstream: bool) -> int:
    """Whether a request goes the way of the one that began the dialog (downstream) or against it.

    Example: if (is_direction("upstream")) { xlog("from the callee\\n"); }
    """
    return 1 if is_upstream(state.instance, run) == upstream else -1


@rr.variables_of("route_uri")
def route_uri(scope: Scope, inner: None, index: Index) -> Read:
    """The URI in the first Route; null without one, and 5.6.3 prints nothing.

    Example: xlog("$route_uri\\n");
    """
    nothing = None if scope.services.dialect.newer else FAILED

    def read(run: Run) -> Value:
        row = run.message.row("route")
        found = routes.parse(run.message.text, row[2], row[3]) if row is not None else None
        return found[0].uri if found else nothing

    return read


@rr.variables_of("fti")
def initial_from_tag(scope: Scope, inner: None, index: Index) -> Read:
    """The From tag of the request that began the dialog, whichever way this one goes."""
    services = scope.services

    def read(run: Run) -> Value:
        side = run.message.to if is_upstream(services, run) else run.message.from_
        return (side.tag if side is not None else None) or None

    return read


@rr.variables_of("tti")
def initial_to_tag(scope: Scope, inner: None, index: Index) -> Read:
    """The To tag that the request which began the dialog was answered with; null in that request."""
    services = scope.services

    def read(run: Run) -> Value:
        side = run.message.from_ if is_upstream(services, run) else run.message.to
        return (side.tag if side is not None else None) or None

    return read


class _Form:
    """What stands in the parentheses of `$rdir`."""

    form = "id or name"

    def parse(self, text: str, names: Names) -> str:
        """`id` or `name`."""
        if text not in ("id", "name"):
            raise FixupError(f"unknown PV rdir key: {text}")
        return text

    def bind(self, parsed: str, scope: Scope) -> Constant[str]:
        """A constant."""
        return Constant(parsed)


@rr.variables_of("rdir", inner=_Form())
def direction(scope: Any, inner: Any, index: Index) -> Read:
    """Which way the request goes in its dialog: `$rdir(id)` 1 or 2, `$rdir(name)` downstream or upstream."""
    services = scope.services
    if inner.value == "name":
        return lambda run: "upstream" if is_upstream(services, run) else "downstream"
    return lambda run: 2 if is_upstream(services, run) else 1
