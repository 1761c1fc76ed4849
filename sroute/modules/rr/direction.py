"""The own Route of a request: its parameters, and which way the request goes in its dialog."""

from sroute.runtime.run import Run

_PARAMS = "rr_routed"
_DIRECTION = "rr_upstream"


def own_params(run: Run) -> str:
    """The parameters of the own Route that loose_route() has found; empty without one, and before loose_route()."""
    kept = run.extra.get(_PARAMS)
    return kept if isinstance(kept, str) else ""


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


def is_upstream(run: Run) -> bool:
    """Whether a request goes against the direction of the one that made its dialog: its From tag is not the `ftag`.

    What is found first for a message stays: asked before loose_route(), it is downstream for good.
    """
    kept = run.extra.get(_DIRECTION)
    if isinstance(kept, bool):
        return kept
    ftag = param(own_params(run), "ftag")
    sender = run.message.from_
    found = bool(ftag and sender is not None and sender.tag and sender.tag != ftag)
    run.extra[_DIRECTION] = found
    return found
