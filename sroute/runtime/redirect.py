"""The Contact header of a 3xx reply: where the request would have gone."""

from sroute.runtime.dset import NO_Q, Dset
from sroute.sip.message import Message


def contacts(request: Message, dset: Dset) -> str | None:
    """The header line, or None without branches and without a rewritten Request-URI (which comes first, if there is one)."""
    parts = [_contact(request.new_uri, dset.ruri_q)] if request.new_uri is not None else []
    parts += [_contact(branch.uri, branch.q) for branch in dset.branches]
    return f"Contact: {', '.join(parts)}\r\n" if parts else None


def _contact(uri: str, q: int) -> str:
    return f"<{uri}>" if q == NO_Q else f"<{uri}>;q={q_text(q)}"


def q_text(q: int) -> str:
    """A q as it is written: 500 is `0.5`, 1000 is `1`."""
    if q >= 1000:
        return "1"
    return f"0.{q:03d}".rstrip("0") if q > 0 else "0"
