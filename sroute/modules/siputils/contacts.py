"""Contacts written in another way: as one user part (encode_contact), or in a parameter (contact_param_encode), and back."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sroute.exports.fixups import FORMAT, TEXT
from sroute.modules.siputils.module import SipUtils, siputils
from sroute.runtime.run import Run
from sroute.sip import contact as contacts
from sroute.sip import params as lists
from sroute.sip import uri as uris
from sroute.sip.contact import Contact
from sroute.sip.params import Param

Coder = Callable[[str], "str | int"]
"""Gives the new URI, or a code below zero."""
_TOO_SHORT = -1
_NO_URI = -509


class _Parts(NamedTuple):
    """What an encoded URI carries."""

    user: str
    password: str
    host: str
    port: str
    transport: str


def _contacts(run: Run) -> list[Contact] | None:
    """The values of the first Contact header in the order in which 5.6.3 goes through them; None when they can't be read."""
    row = run.message.row("contact")
    assert row is not None
    body = contacts.parse(run.message.text, row[2], row[3])
    return None if body is None else body.values[::-1]


def _replace(run: Run, start: int, end: int, new: str) -> None:
    run.message.lumps.delete(start, end - start).add_after(new)


# ---------------------------------------------------------------- encode_contact


def _each(state: SipUtils, run: Run, code: Coder) -> int:
    """Writes every contact anew."""
    if run.message.row("contact") is None:
        state.complain(run, "no Contact header present")
        return -1
    found = _contacts(run)
    if found is None:
        state.complain(run, "contact parsing failed")
        return -4
    for value in found:
        made = code(value.uri)
        if isinstance(made, int):
            return made
        _replace(run, value.uri_start, value.uri_end, made)
    return 1


@siputils.function("encode_contact", TEXT, TEXT)
def encode_contact(state: SipUtils, run: Run, prefix: str, host: str) -> int:
    """Writes each contact as `sip:PREFIX*user*password*host*port*transport@HOST`; variables are not expanded.

    Example: encode_contact("enc", "192.0.2.1");
    """

    def encode(text: str) -> str | int:
        made = _encoded(text, prefix, host, state.separator)
        if isinstance(made, int):
            if made != _TOO_SHORT:
                state.complain(run, f"unable to encode Contact URI [{text}].Return code {made + 20}")
            state.complain(run, f"failed encoding contact - return code {made}")
        return made

    return _each(state, run, encode)


def _encoded(text: str, prefix: str, host: str, separator: str) -> str | int:
    if len(text) <= 1:
        return _TOO_SHORT
    colon = text.find(":")
    if colon < 3:
        return -25 if colon < 0 else -26
    uri = uris.parse(text[colon - 3 :])
    if uri is None:
        return _NO_URI
    parts = (prefix, uri.user, uri.password, uri.host, uri.port, uri.transport)
    return f"{text[: colon + 1]}{separator.join(parts)}@{host}"


def _decoded(text: str, separator: str) -> str | int:
    colon = text.find(":")
    at = text.find("@", colon + 1)
    if colon < 0 or at < 0:
        return -22 if colon < 0 else -23
    pieces = text[colon + 1 : at].split(separator)
    if len(pieces) != 6:
        return -24 if len(pieces) > 6 else -26
    parts = _Parts(*pieces[1:])
    if not parts.host or (parts.password and not parts.user):
        return -3 if parts.host else -2
    end = next((n for n in range(at, len(text)) if text[n] in ";>"), len(text))
    user = f"{parts.user}:{parts.password}@" if parts.password else f"{parts.user}@" if parts.user else ""
    port = f":{parts.port}" if parts.port else ""
    transport = f";transport={parts.transport}" if parts.transport else ""
    return f"{text[: colon + 1]}{user}{parts.host}{port}{transport}{text[end:]}"


def _decode(state: SipUtils, run: Run, text: str) -> str | int:
    made = _decoded(text, state.separator)
    if isinstance(made, int):
        if made < -20:
            state.complain(run, f"failed to decode Contact uri .Error code {made + 20}")
        state.complain(run, f"failed decoding contact [{text}] - return code {made}")
    return made


@siputils.function("decode_contact")
def decode_contact(state: SipUtils, run: Run) -> int:
    """Writes the request URI, if it is an encoded contact, as it was; a code below zero otherwise.

    Example: decode_contact();
    """
    made = _decode(state, run, run.message.uri)
    if isinstance(made, int):
        return made
    run.message.uri = made
    return 1


@siputils.function("decode_contact_header")
def decode_contact_header(state: SipUtils, run: Run) -> int:
    """Writes encoded contacts in the message as they were; a code below zero when one is none.

    Example: decode_contact_header();
    """
    return _each(state, run, lambda text: _decode(state, run, text))


# ---------------------------------------------------------------- contact_param_encode


@siputils.function("contact_param_encode", FORMAT, FORMAT)
def contact_param_encode(state: SipUtils, run: Run, name: str, address: str) -> int:
    """Writes each contact as an address with the old URI in a parameter, in base64.

    Example: contact_param_encode("pcontact", "sip:192.0.2.1");
    """
    if run.message.row("contact") is None:
        return 1
    found = _contacts(run)
    if found is None:
        state.complain(run, "contact parsing failed")
        return -4
    text = run.message.text
    for value in found:
        if len(value.uri) <= 4:
            continue
        held = urlsafe_b64encode(value.uri.encode("latin-1")).decode("ascii").rstrip("=")
        made = f"{address};{name}={held}"
        _replace(run, value.uri_start, value.uri_end, made if text[value.uri_start - 1] == "<" else f"<{made}>")
    return 1


def _held(text: str, name: str, start: int = 0) -> Param | int | None:
    """The parameter of a URI, with offsets counted from `start`; None when it is not there, -1 when the URI can't be read."""
    uri = uris.parse(text)
    if uri is None:
        return -1
    params = uri.sip_params or uri.params
    end = len(text) - (len(uri.headers) + 1 if uri.headers or text.endswith("?") else 0)
    taken = lists.parse(text, end - len(params), end) if params else None
    if taken is None:
        return None
    for param in reversed(taken[0]):
        if param.name.lower() == name.lower():
            return param._replace(start=param.start + start, end=param.end + start, value_start=param.value_start + start)
    return None


def _original(value: str) -> str | None:
    """The URI that a parameter holds in base64."""
    try:
        return urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("latin-1") or None
    except (binascii.Error, ValueError):
        return None


def in_contacts(state: SipUtils, run: Run, name: str) -> Iterator[tuple[Contact, Param | int | None]]:
    """The contacts, each with its parameter of that name, None without, or a code below zero for a URI that can't be read."""
    for value in _contacts(run) or ():
        if len(value.uri) >= 4:
            yield value, _held(value.uri, name, value.uri_start)


@siputils.function("contact_param_decode", FORMAT)
def contact_param_decode(state: SipUtils, run: Run, name: str) -> int:
    """Writes the contacts of a message as they were before contact_param_encode().

    Example: contact_param_decode("pcontact");
    """
    if run.message.row("contact") is None:
        return 1
    if _contacts(run) is None:
        state.complain(run, "contact parsing failed")
        return -1
    for value, param in in_contacts(state, run, name):
        if isinstance(param, int):
            state.complain(run, f"failed to parse contact uri [{value.uri}]")
            return -1
        if param is None or not param.value:
            continue
        made = _original(param.value)
        if made is None:
            state.complain(run, f"failed to decode contact uri [{value.uri}]")
            return -1
        _replace(run, value.uri_start, value.uri_end, made)
    return 1


@siputils.function("contact_param_decode_ruri", FORMAT)
def contact_param_decode_ruri(state: SipUtils, run: Run, name: str) -> int:
    """Writes the request URI as the contact that a parameter of it holds; true also without that parameter.

    Example: contact_param_decode_ruri("pcontact");
    """
    text = run.message.uri
    param = _held(text, name)
    if isinstance(param, int):
        state.complain(run, f"failed to parse r-uri [{text}]")
        return -1
    if param is None or not param.value:
        return 1
    made = _original(param.value)
    if made is None:
        state.complain(run, f"failed to decode uri [{text}]")
        return -1
    run.message.uri = made
    return 1


@siputils.function("contact_param_rm", FORMAT)
def contact_param_rm(state: SipUtils, run: Run, name: str) -> int:
    """Removes a parameter from the URIs of the contacts.

    Example: contact_param_rm("alias");
    """
    if run.message.row("contact") is None:
        return 1
    if _contacts(run) is None:
        state.complain(run, "contact parsing failed")
        return -1
    for value, param in in_contacts(state, run, name):
        if isinstance(param, int):
            state.complain(run, f"failed to parse contact uri [{value.uri}]")
            return -1
        if param is not None:
            begin = run.message.text.rindex(";", 0, param.start)
            _replace(run, begin, param.end, "")
    return 1
