"""Script functions of sanity."""

from sroute.modules.sanity.checks import ALL
from sroute.modules.sanity.module import Sanity, sanity
from sroute.modules.textops.arguments import MAYBE_INTEGER
from sroute.runtime.run import Run

_CHECKS = 32768
_URI_CHECKS = 16


@sanity.function("sanity_check")
def sanity_check(state: Sanity, run: Run) -> int:
    """Makes the default checks: answers with an error and ends the script (with `autodrop` 0 gives -1) when one fails.

    Example: if (!sanity_check()) { exit; }
    """
    return _checked(state, run, state.default_checks, state.uri_checks)


@sanity.function("sanity_check", MAYBE_INTEGER)
def sanity_check_some(state: Sanity, run: Run, checks: int | None) -> int:
    """Makes the checks whose bits are given.

    1 version, 2 scheme of the request URI, 4 required headers, 32 method and 64 number in CSeq, 128 Content-Length, 256 Expires,
    512 Proxy-Require, 1024 URIs, 2048 digest credentials, 4096 tags, 8192 authorization, 16384 top Via.

    Example: if (!sanity_check("1511")) { exit; }
    """
    return _checked(state, run, checks, state.uri_checks)


@sanity.function("sanity_check", MAYBE_INTEGER, MAYBE_INTEGER)
def sanity_check_uris(state: Sanity, run: Run, checks: int | None, uris: int | None) -> int:
    """Makes the checks whose bits are given; of URIs: 1 request, 2 From, 4 To, 8 Contact.

    Example: if (!sanity_check("17895", "7")) { exit; }
    """
    return _checked(state, run, checks, uris)


def _checked(state: Sanity, run: Run, checks: int | None, uris: int | None) -> int:
    if checks is None or uris is None:
        state.complain(run, f"failed to get {'msg' if checks is None else 'uri'} check flags parameter", "ERROR")
        return -1
    if not 1 <= checks < _CHECKS:
        state.complain(run, f"input parameter ({checks}) outside of valid range <1-{_CHECKS})", "ERROR")
        return -1
    if not 1 <= uris < _URI_CHECKS:
        state.complain(run, f"second input parameter ({uris}) outside of valid range <1-{_URI_CHECKS}", "ERROR")
        return -1
    if state.noreply:
        state.forget(run)
    for bit, check in ALL:
        if checks & bit and not check(state, run, uris):
            return 0 if state.autodrop else -1
    return 1


@sanity.function("sanity_reply")
def sanity_reply(state: Sanity, run: Run) -> int:
    """With `noreply`: sends the reply that the failed check has kept, or 500 without one. True also when nothing is sent.

    Example: if (!sanity_check("1511")) { sanity_reply(); exit; }
    """
    message = run.message
    if not message.is_request or message.method == "ACK" or not state.noreply:
        return 1
    kept = state.kept(run)
    if kept is not None and not kept.code:
        return 1
    if kept is None:
        return 1 if state.send(run, 500, "Server Sanity Failure") else -1
    return 1 if state.send(run, kept.code, kept.reason) else -1
