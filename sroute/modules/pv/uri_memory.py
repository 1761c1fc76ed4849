"""URIs that were cut while a message is handled: scripts ask for one part of the same URI after the other."""

from sroute.runtime.run import Run
from sroute.sip import uri as uris
from sroute.sip.uri import Uri

_KEY = "pv.uris"
_MOST = 64
_MISSING = object()


def uri_of(run: Run, text: str) -> Uri | None:
    """The parts of a URI; None when it is none."""
    seen = run.extra.get(_KEY)
    if seen is None:
        seen = run.extra[_KEY] = {}
    assert isinstance(seen, dict)
    found = seen.get(text, _MISSING)
    if found is _MISSING:
        if len(seen) >= _MOST:
            seen.clear()
        found = seen[text] = uris.parse(text)
    assert found is None or isinstance(found, Uri)
    return found
