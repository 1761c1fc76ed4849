"""The own Route of a request: its parameters, and which way the request goes in its dialog."""

from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import route as routes
from sroute.sip import uri as uris

_PARAMS = "rr_routed"
_DIRECTION = "rr_upstream"


def own_params(services: Services, run: Run) -> str:
    """The parameters of the own Route: the one that loose_route() has found; empty without one.

    Before loose_route() it is the first Route, where Kamailio has read that far: it stands before From, or the script has
    asked for a header.
    """
    kept = run.extra.get(_PARAMS)
    return kept if isinstance(kept, str) else _first_own(services, run)


def _first_own(services: Services, run: Run) -> str:
    message = run.message
    row, sender = message.row("route"), message.row("from")
    if row is None or not (message.walked or sender is None or row[1] < sender[1]):
        return ""
    found = routes.parse(message.text, row[2], row[3])
    uri = uris.parse(found[0].uri) if found else None
    return uri.params if uri is not None and services.is_myself(uri.host, uri.port_number, uri.proto or "") else ""


def keep_params(run: Run, params: str) -> None:
    """What loose_route() has found."""
    run.extra[_PARAMS] = params


def param(params: str, name: str) -> str | None:
    """The value of a parameter, as rr looks for it: by its exact name, empty without one, None when it is not there."""
    for part in params.split(";"):
        key, equal, value = part.strip(" \t").partition("=")
        if key.rstrip(" \t") == name:
            return value.strip(" \t").strip("\"'") if equal else ""
    return None


def is_upstream(services: Services, run: Run) -> bool:
    """Whether a request goes against the direction of the one that made its dialog: its From tag is not the `ftag`.

    What is found first for a message stays.
    """
    kept = run.extra.get(_DIRECTION)
    if isinstance(kept, bool):
        return kept
    ftag = param(own_params(services, run), "ftag")
    sender = run.message.from_
    found = bool(ftag and sender is not None and sender.tag and sender.tag != ftag)
    run.extra[_DIRECTION] = found
    return found
