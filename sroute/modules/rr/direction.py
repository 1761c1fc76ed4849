"""The own Route of a request: its parameters, and which way the request goes in its dialog."""

from sroute.modules.rr.declaration import RecordRoute
from sroute.runtime.run import Run
from sroute.sip import route as routes
from sroute.sip import uri as uris

_KEY = "rr_routed"


def own_params(state: RecordRoute, run: Run) -> str:
    """The parameters of the own Route, as loose_route() has found them or as the first Route has them; empty without one."""
    kept = run.extra.get(_KEY)
    if isinstance(kept, str) and kept:
        return kept
    row = run.message.row("route")
    found = routes.parse(run.message.text, row[2], row[3]) if row is not None else None
    if not found:
        return ""
    uri = uris.parse(found[0].uri)
    if uri is None:
        state.complain(run, f"failed to parse the first route URI ({found[0].uri})")
        return ""
    if not state.instance.is_myself(uri.host, uri.port_number, uri.proto or ""):
        return ""
    keep_params(run, uri.params)
    return uri.params


def keep_params(run: Run, params: str) -> None:
    """What loose_route() has found."""
    run.extra[_KEY] = params


def param(params: str, name: str) -> str | None:
    """The value of a parameter, as rr looks for it: by its exact name, empty without one, None when it is not there."""
    for part in params.split(";"):
        key, equal, value = part.strip(" \t").partition("=")
        if key.rstrip(" \t") == name:
            return value.strip(" \t").strip("\"'") if equal else ""
    return None


def is_upstream(state: RecordRoute, run: Run) -> bool:
    """Whether a request goes against the direction of the one that made its dialog: its From tag is not the `ftag`."""
    ftag = param(own_params(state, run), "ftag")
    sender = run.message.from_
    if not ftag or sender is None or not sender.tag:
        return False
    return sender.tag != ftag
