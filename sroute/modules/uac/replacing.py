"""Other parties in From and To: uac_replace_from(), uac_replace_to(), and their way back in replies and later requests."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import partial
from itertools import cycle

from sroute.exports.fixups import FORMAT
from sroute.modules.rr import recording
from sroute.modules.rr.direction import is_upstream, own_params, param
from sroute.modules.tm import routes
from sroute.modules.tm.binding import current, watch_replies
from sroute.modules.tm.transaction import Transaction
from sroute.modules.uac.declaration import Uac, uac
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run, Write
from sroute.sip import nameaddr
from sroute.sip.message import Message
from sroute.sip.nameaddr import NameAddr

BITS = {"from": 1, "to": 2}
"""In `Message.iflags`: a URI was replaced, and replies are to bring the old one."""
_BOTH = 3
_CRASH = "uac_replace_from() and uac_replace_to() in two branches of a request: Kamailio 5.6.3 crashes at its first reply"


def _mixed(first: str, second: str) -> str:
    size = max(len(first), len(second))
    pairs = zip(first.ljust(size, "\0"), second.ljust(size, "\0"), strict=True)
    return "".join(chr(ord(a) ^ ord(b)) for a, b in pairs)


def _crypted(text: str, password: str) -> str:
    """The text mixed with the password, over and over."""
    return "".join(chr(ord(a) ^ ord(b)) for a, b in zip(text, cycle(password), strict=False)) if password else text


def kept(old: str, new: str, password: str = "") -> str:
    """What Record-Route keeps of two URIs: from either of them it gives the other."""
    return b64encode(_crypted(_mixed(old, new), password).encode("latin-1")).decode("ascii").replace("=", "-")


def decoded(stored: str, password: str = "") -> str | None:
    """What was kept, in plain; None when it is no base64."""
    try:
        return _crypted(b64decode(stored.replace("-", "="), validate=True).decode("latin-1"), password)
    except (binascii.Error, ValueError):
        return None


def other(raw: str, uri: str) -> str | None:
    """The other URI of two that were kept; None when what was kept is too short for that."""
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
        lumps.delete(party.uri_start, len(party.uri)).add_after(uri)
    if bare:
        lumps.anchor(party.uri_end).add_before(">")
    return 1


def _keep(state: Uac, run: Run, name: str, party: NameAddr, uri: str) -> int:
    """Hands the old URI to Record-Route, and has replies bring it back: 1, or -1 when that can't be."""
    message = run.message
    if message.iflags & BITS[name]:
        return state.complain(run, f"called uac_replace_{name}() multiple times on the message")
    if state.restore_mode == "auto" and message.to is not None and message.to.tag:
        return state.complain(run, "decline FROM replacing in sequential request in auto mode (has TO tag)")
    avp = _avp(state, name)
    if avp is not None:
        avp[1](run, _shown(message, name, party))
    if state.restore_mode == "auto" and not state.rr.append_fromtag:
        return state.complain(run, "'append_fromtag' RR param is not enabled! - required by AUTO restore mode")
    key = state.rr_from_store_param if name == "from" else state.rr_to_store_param
    if recording.add_param(state.rr, run, f";{key}={kept(party.uri, uri, state.restore_passwd)}") < 0:
        return state.complain(run, "add_RR_param failed")
    before, message.iflags = message.iflags, message.iflags | BITS[name]
    if not before & _BOTH:
        _watch(state, run)
    if (t := current(run)) is not None:
        t.request.iflags |= message.iflags & _BOTH
    return 1


def _avp(state: Uac, name: str) -> tuple[Read, Write] | None:
    return state.from_avp if name == "from" else state.to_avp


def _shown(message: Message, name: str, party: NameAddr) -> str:
    """What stands in From or To up to the end of the URI, with its bracket."""
    header = message.header(name)
    assert header is not None
    end = party.uri_end
    if party.bracketed:
        end = message.text.index(">", end) + 1
    return message.text[header.body_start : end]


# ---------------------------------------------------------------- replies


@dataclass(frozen=True, slots=True)
class _Watcher:
    """Puts From and To of replies back."""

    state: Uac

    def __call__(self, t: Transaction, reply: Message) -> None:
        for name, bit in BITS.items():
            if t.request.iflags & bit and not _restore_reply(self.state, t, reply, name):
                return


def _watch(state: Uac, run: Run) -> None:
    t = current(run)
    if t is not None and any(isinstance(one, _Watcher) for one in t.watchers):
        state.instance.note(_CRASH, run.at)
        return
    watch_replies(run, _Watcher(state))


def _restore_reply(state: Uac, t: Transaction, reply: Message, name: str) -> bool:
    """What stood in the request takes the place of what stands in the reply, up to the end of the URI; False when one can't be read."""
    here, there = _party(reply, name), _party(t.request, name)
    header = reply.header(name)
    if here is None or there is None or header is None:
        state.complain(None, f"failed to {'find/parse FROM' if name == 'from' else 'parse TO'} hdr")
        return False
    old = _shown(reply, name, here)
    avp = _avp(state, name)
    saved = avp[0](routes.prepare(state.tm, t, reply, Routes.ONREPLY)[0]) if avp is not None else None
    new = saved if isinstance(saved, str) and saved else _shown(t.request, name, there)
    reply.lumps.delete(header.body_start, len(old)).add_after(new)
    return True


# ---------------------------------------------------------------- functions


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


def _restore(state: Uac, run: Run, name: str) -> int:
    """Puts the URI of a party back by what the own Route keeps, and keeps that for the next Record-Route; 1 or -1."""
    key = state.rr_from_store_param if name == "from" else state.rr_to_store_param
    stored = param(own_params(state.instance, run), key)
    if not stored:
        return -1
    raw = decoded(stored, state.restore_passwd)
    if raw is None:
        state.complain(run, f'invalid base64 string"{stored}"')
        return state.complain(run, "failed to decode uri")
    recording.add_param(state.rr, run, f";{key}={stored}")
    at = ("to" if name == "from" else "from") if is_upstream(state.instance, run) else name
    party = _party(run.message, at)
    if party is None:
        return -1
    uri = other(raw, party.uri)
    if uri is None:
        return state.complain(run, f"new URI [] shorter than old URI [{party.uri}]")
    if not uri:
        return state.complain(run, "new URI got 0 len")
    bad = next((n for n, char in enumerate(uri) if not " " <= char <= "~"), -1)
    if bad >= 0:
        state.complain(run, f"invalid char found in the new uri at pos {bad} ({uri[bad]}) [{uri.partition(chr(0))[0]}]", "WARNING")
        return state.complain(run, "this can happen when URI values are altered by end points - skipping the update", "WARNING")
    run.message.iflags |= BITS[at]
    run.message.lumps.delete(party.uri_start, len(party.uri)).add_after(uri)
    return 1


# ---------------------------------------------------------------- later requests


def _followed(state: Uac, run: Run) -> None:
    """A request in a dialog has passed loose_route(): in mode auto its URIs come back, and those of its replies."""
    if [_restore(state, run, name) for name in BITS] != [-1, -1]:
        _watch(state, run)


def _follow(state: Uac, scope: object) -> None:
    if state.restore_mode == "auto":
        state.rr.watchers.append(partial(_followed, state))


uac.hooks.init.append(_follow)
