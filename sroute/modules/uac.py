"""uac: other parties in From and To, and back in later requests. Requests and registrations of its own are declared only."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import FORMAT
from sroute.exports.module import InitError, Module
from sroute.modules.rr import recording
from sroute.modules.rr.direction import is_upstream, own_params, param
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import nameaddr
from sroute.sip.message import Message
from sroute.sip.nameaddr import NameAddr

MODES = ("none", "manual", "auto")
_REPLACED = "uac_replaced"


@dataclass(slots=True)
class Uac:
    """The module's parameters."""

    restore_mode: str = "auto"
    rr_from_store_param: str = "vsf"
    rr_to_store_param: str = "vst"
    restore_passwd: str = ""
    restore_dlg: int = 0
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> int:
        """What Kamailio logs; -1."""
        self.instance.diag(level, text, "uac", run.at)
        return -1


uac = Module("uac", Uac, "Other parties in From and To: uac_replace_from(), uac_replace_to().", requires=("rr", "tm"))
uac.setting("restore_mode", "str", doc="How URIs come back in later requests: auto (default), manual (uac_restore_from()), none.")
uac.setting("rr_from_store_param", "str", doc="The parameter of Record-Route that keeps the From URI (`vsf`).")
uac.setting("rr_to_store_param", "str", doc="The parameter of Record-Route that keeps the To URI (`vst`).")
uac.setting("restore_passwd", "str", doc="A text that what is kept in Record-Route is mixed with.")
uac.setting("restore_dlg", "int", doc="1: the URIs are kept in the dialog (0); sroute keeps them in Record-Route only.")


@uac.hooks.init.append
def _init(state: Uac, scope: Any) -> None:
    state.services = scope.services
    if state.restore_mode not in MODES:
        raise InitError(f"unsupported [{state.restore_mode}] restore mode")
    if state.restore_passwd:
        scope.services.note("uac: restore_passwd has no effect in sroute")


def _mixed(first: str, second: str) -> str:
    size = max(len(first), len(second))
    pairs = zip(first.ljust(size, "\0"), second.ljust(size, "\0"), strict=True)
    return "".join(chr(ord(a) ^ ord(b)) for a, b in pairs)


def kept(old: str, new: str) -> str:
    """What Record-Route keeps of two URIs: from either of them it gives the other."""
    return b64encode(_mixed(old, new).encode("latin-1")).decode("ascii").replace("=", "-")


def other(stored: str, uri: str) -> str | None:
    """The other URI; None when what was kept is too short for that, or no base64."""
    try:
        raw = b64decode(stored.replace("-", "="), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return None
    return _mixed(raw, uri).rstrip("\0") if len(raw) >= len(uri) else None


def _party(message: Message, name: str) -> NameAddr | None:
    """From or To, with offsets into the message."""
    header = message.header(name)
    if header is None:
        return None
    return nameaddr.parse(message.text, header.body_start, header.body_start + len(header.body))


def _replace(state: Uac, run: Run, name: str, display: str | None, uri: str) -> int:
    message = run.message
    party = _party(message, name)
    if party is None:
        return state.complain(run, f"failed to find/parse {name.upper()} hdr")
    if uri and state.restore_mode != "none":
        code = _keep(state, run, name, party, uri)
        if code < 0:
            return code
    lumps = message.lumps
    bare = display is not None and bool(display) and not party.bracketed
    if display is not None:
        shown = party.display
        if shown:
            anchor = lumps.delete(party.display_start, len(shown))
            if display:
                anchor.add_after(display)
        elif display:
            lumps.anchor(party.uri_start - (1 if party.bracketed else 0)).add_before(f"{display} {'<' if bare else ''}")
    if uri:
        lumps.delete(party.uri_start, len(party.uri)).add_after(f"{uri}{'>' if bare else ''}")
    elif bare:
        lumps.anchor(party.uri_end).add_before(">")
    return 1


def _keep(state: Uac, run: Run, name: str, party: NameAddr, uri: str) -> int:
    """Hands the old URI to Record-Route: 1, or -1 when that can't be."""
    done = run.extra.setdefault(_REPLACED, set())
    assert isinstance(done, set)
    if name in done:
        return state.complain(run, f"called uac_replace_{name}() multiple times on the message")
    to = run.message.to
    if state.restore_mode == "auto" and to is not None and to.tag:
        return state.complain(run, f"decline {name.upper()} replacing in sequential request in auto mode (has TO tag)")
    done.add(name)
    if state.restore_mode == "auto":
        state.instance.note("uac: in sroute replies, and requests within the dialog, are not put back by themselves", run.at)
    key = state.rr_from_store_param if name == "from" else state.rr_to_store_param
    record = state.instance.state("rr")
    recording.add_param(record, run, f";{key}={kept(party.uri, uri)}")  # type: ignore[arg-type]
    return 1


def _declare(name: str) -> None:
    title = name.capitalize()

    def with_display(state: Uac, run: Run, display: str, uri: str) -> int:
        return _replace(state, run, name, display, uri)

    def uri_only(state: Uac, run: Run, uri: str) -> int:
        return _replace(state, run, name, None, uri)

    def restore(state: Uac, run: Run) -> int:
        return _restore(state, run, name)

    with_display.__doc__ = (
        f"Replaces display name and URI of {title}, seen when the message leaves; an empty URI stays, an empty name is taken away.\n\n"
        f'Example: uac_replace_{name}("Bob", "sip:bob@example.net");'
    )
    uri_only.__doc__ = f'Replaces the URI of {title}, seen when the message leaves.\n\nExample: uac_replace_{name}("sip:bob@example.net");'
    restore.__doc__ = (
        f"Puts back the URI of {title} in a later request of a dialog, by what the own Route keeps; -1 when it keeps nothing.\n\n"
        f"Example: if (loose_route()) uac_restore_{name}();"
    )
    uac.function(f"uac_replace_{name}", FORMAT, FORMAT)(with_display)
    uac.function(f"uac_replace_{name}", FORMAT)(uri_only)
    uac.function(f"uac_restore_{name}")(restore)


_declare("from")
_declare("to")


def _params(run: Run) -> str:
    """The parameters of the own Route, also before loose_route()."""
    routed = own_params(run)
    header = run.message.header("route")
    if routed or header is None:
        return routed
    first = nameaddr.parse(header.body, 0, len(header.body))
    return "" if first is None else first.uri.partition(";")[2]


def _restore(state: Uac, run: Run, name: str) -> int:
    key = state.rr_from_store_param if name == "from" else state.rr_to_store_param
    stored = param(_params(run), key)
    if not stored:
        return -1
    party = _party(run.message, ("to" if name == "from" else "from") if is_upstream(run) else name)
    if party is None:
        return -1
    uri = other(stored, party.uri)
    if uri is None:
        return state.complain(run, f"new URI [] shorter than old URI [{party.uri}]")
    if any(not " " <= char <= "~" for char in uri):
        state.complain(run, f"invalid char found in the new uri [{uri}]", "WARNING")
        return -1
    run.message.lumps.delete(party.uri_start, len(party.uri)).add_after(uri)
    return 1
