"""The whole message: applying changes, another buffer, the status of a reply, the body."""

from collections.abc import Callable

from sroute.errors import MessageError
from sroute.exports.fixups import FORMAT, INTEGER, FixupError, Scope
from sroute.modules.rr.declaration import ADDED
from sroute.modules.textops.arguments import PATTERN
from sroute.modules.textopsx.module import TextOpsX, textopsx
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.sip.relay import apply_changes
from sroute.source.posix.regex import Finder

BUFFER = 65535
"""The longest message that 5.6.3 holds."""
_KEPT = frozenset(
    {"from", "to", "call-id", "cseq", "via", "contact", "content-length", "content-type", "route", "record-route", "max-forwards"}
)


@textopsx.function("msg_apply_changes")
def msg_apply_changes(state: TextOpsX, run: Run) -> int:
    """Applies all changes and reads the message anew: variables and functions see it as it would have left.

    -1 outside request_route for a request, and behind record_route(). A message that can't be read any more ends the script.

    Example: remove_hf("User-Agent"); msg_apply_changes();
    """
    message = run.message
    if message.is_request:
        if run.kind is not Routes.REQUEST:
            state.complain(run, "invalid usage - not in request route")
            return -1
        if message.iflags & ADDED:
            state.complain(run, "cannot apply msg changes after adding record-route header - it breaks conditional 2nd header")
            return -1
    return _become(state, run, apply_changes(message))


def _become(state: TextOpsX, run: Run, text: str) -> int:
    """Gives the message another text: 1; 0, which ends the script, when that is no message."""
    if len(text) >= BUFFER:
        state.complain(run, f"new buffer overflow ({len(text)})")
        return -1
    try:
        run.message.update(text)
    except MessageError:
        state.instance.diag("ERROR", f"ERROR: parse_msg: message=<{text}>", "core", run.at)
        state.complain(run, f"parsing new sip message failed [[{text}]]")
        return 0
    return 1


@textopsx.function("msg_set_buffer", FORMAT)
def msg_set_buffer(state: TextOpsX, run: Run, text: str) -> int:
    """Replaces the whole message by a text.

    Example: msg_set_buffer("$(mb{s.replace,old,new})");
    """
    if not text:
        state.complain(run, "invalid buffer parameter")
        return -1
    if run.message.is_request and run.kind is not Routes.REQUEST:
        state.complain(run, "invalid usage - not in request route or a reply")
        return -1
    return _become(state, run, text)


@textopsx.function("msg_changed_route", FORMAT, since="6.0")
def msg_changed_route(state: TextOpsX, run: Run, name: str) -> int:
    """Runs a route on a copy of the message that has all changes applied; the message itself stays as it is.

    Example: append_hf("X-N: 1\\r\\n"); msg_changed_route("SHOW");
    """
    if not state.instance.has_route(Routes.REQUEST, name):
        state.complain(run, f"route block not found: {name}")
        return -1
    message = run.message
    changed = message.shadow()
    try:
        changed.update(apply_changes(message))
    except MessageError:
        state.complain(run, "failed to parse the changed message")
        return -1
    run.message = changed
    try:
        state.instance.run_route(Routes.REQUEST, name, run)
    finally:
        run.message = message
    return 1


@textopsx.function("change_reply_status", INTEGER, FORMAT)
def change_reply_status(state: TextOpsX, run: Run, code: int, reason: str) -> int:
    """Changes code and reason of a reply; codes below 300 and those above can't turn into each other.

    `$rs` shows the new code at once, `$rr` the old reason; the transaction sees the new code.

    Example: onreply_route[X] { if (status == "404") change_reply_status("480", "Away"); }
    """
    if not reason:
        state.complain(run, "invalid reason parameter")
        return -1
    if _change_code(state, run, code) < 0:
        return -1
    message = run.message
    _, start, end = message.status_span()
    message.lumps.delete(start, end - start).add_after(reason)
    return 1


@textopsx.function("change_reply_status_code", INTEGER)
def change_reply_status_code(state: TextOpsX, run: Run, code: int) -> int:
    """Changes the code of a reply at once; the reason stays.

    Example: onreply_route[X] { if (status == "404") change_reply_status_code("480"); }
    """
    return _change_code(state, run, code)


def _change_code(state: TextOpsX, run: Run, code: int) -> int:
    message = run.message
    if not 100 <= code <= 699:
        state.complain(run, f"wrong status code: {code}")
        return -1
    if (code < 300 or message.status < 300) and code // 100 != message.status // 100:
        state.complain(run, "the class of provisional or positive final replies cannot be changed")
        return -1
    message.patch(message.status_span()[0], str(code))
    message.status = code
    return 1


@textopsx.function("remove_body")
def remove_body(state: TextOpsX, run: Run) -> int:
    """Removes the body; Content-Type stays. True also without one.

    Example: if (is_method("BYE")) { remove_body(); }
    """
    message = run.message
    if message.complete and 0 <= message.body_start < len(message.text):
        message.body_lumps.delete(message.body_start, len(message.text) - message.body_start)
    return 1


@textopsx.function("keep_hf", bound=True)
def keep_hf(scope: Scope, state: TextOpsX) -> Callable[[Run], int]:
    """Removes all headers but those that a message needs; 5.6.3 does not start with this form: give it a pattern.

    Example: keep_hf();
    """
    if not scope.services.dialect.newer:
        raise FixupError("keep_hf() without an argument stops 5.6.3 at start")
    return lambda run: _keep(run, None)


@textopsx.function("keep_hf", PATTERN)
def keep_hf_re(state: TextOpsX, run: Run, pattern: Finder) -> int:
    """Removes all headers but those whose name matches a regular expression and those that a message needs.

    These are Via, From, To, Call-ID, CSeq, Contact, Route, Record-Route, Content-Type, Content-Length and Max-Forwards. It gives -1
    though it works.

    Example: keep_hf("^User-Agent$|^Subject$");
    """
    return _keep(run, pattern)


def _keep(run: Run, pattern: Finder | None) -> int:
    message = run.message
    for header in message.headers:
        if header.kind not in _KEPT and (pattern is None or pattern.find(header.name, 0, False) is None):
            message.lumps.delete(header.start, header.end - header.start)
    return -1
