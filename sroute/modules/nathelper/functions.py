"""The contact: writing the source address into it, or as a parameter, and the source for the registrar."""

import re
from collections.abc import Callable

from sroute.exports.fixups import FORMAT, INTEGER, FixupError, Scope
from sroute.modules.nathelper import contact
from sroute.modules.nathelper.module import NatHelper, nathelper
from sroute.modules.nathelper.networks import is_address
from sroute.runtime.run import Run
from sroute.sip import contact as contacts
from sroute.sip.endpoint import DEFAULT_PORT, PROTOCOLS, Endpoint
from sroute.sip.reply import same_host

# ---------------------------------------------------------------- Contact


@nathelper.function("fix_nated_contact")
def fix_nated_contact(state: NatHelper, run: Run) -> int:
    """Writes the source address and port into the contact; a second time in one message fails.

    Example: if (nat_uac_test("19")) { fix_nated_contact(); }
    """
    found = contact.first(state, run)
    if found is None:
        return -1
    if found.changed:
        state.complain(run, "you can't call fix_nated_contact twice, check your config!")
        return -1
    source, text = run.message.src, found.uri.text
    rest = _without_maddr(text[found.hostport_end :]) if found.uri.param("maddr") else text[found.hostport_end :]
    made = f"{text[: found.host]}{source.host}:{source.port}{rest}"
    contact.replace(run, found, made, made)
    return 1


def _without_maddr(rest: str) -> str:
    params, question, headers = rest.partition("?")
    parts = params.split(";")
    last = max(n for n, part in enumerate(parts) if part.lower().startswith("maddr="))
    return ";".join(parts[:last]).rstrip(" \t;") + "".join(f";{part}" for part in parts[last + 1 :]) + question + headers


def _alias(state: NatHelper, source: Endpoint) -> str:
    return f"{state.alias_name}={source.host}~{source.port}~{source.proto_id}"


def _set_alias(state: NatHelper, run: Run, *, trim: bool) -> int:
    found = contact.first(state, run)
    if found is None:
        return -1
    if found.changed:
        state.complain(run, "you can't update contact twice, check your config!")
        return -1
    text = found.uri.text
    if trim:
        *_, last = [None, *re.finditer(rf";{re.escape(state.alias_name)}=[^~;]*~[^~;]*~.(?=;|\Z)", text)]
        text = text[: last.start()] + text[last.end() :] if last is not None else text
    uri = f"{text};{_alias(state, run.message.src)}"
    bracketed = run.message.text[found.start - 1] == "<"
    contact.replace(run, found, uri if bracketed else f"<{uri}>", uri)
    return 1


@nathelper.function("set_contact_alias")
def set_contact_alias(state: NatHelper, run: Run) -> int:
    """Adds the source address to the contact as a parameter behind all others: `;alias=ip~port~protocol`.

    Example: if (is_first_hop()) { set_contact_alias(); }
    """
    return _set_alias(state, run, trim=False)


@nathelper.function("set_contact_alias", INTEGER)
def set_contact_alias_trim(state: NatHelper, run: Run, trim: int) -> int:
    """As set_contact_alias(); with 1 it takes out an alias that is there already, the last one.

    Example: set_contact_alias("1");
    """
    return _set_alias(state, run, trim=trim == 1)


@nathelper.function("add_contact_alias")
def add_contact_alias(state: NatHelper, run: Run) -> int:
    """Adds the source address to the contact as `;alias=ip~port~protocol` behind host and port; 2 when it is not needed.

    Example: if (nat_uac_test("19")) { add_contact_alias(); }
    """
    message = run.message
    if message.row("contact") is None:
        return 2
    found = contact.first(state, run)
    if found is None:
        state.complain(run, "failed to get contact uri")
        return -1
    source, uri = message.src, found.uri
    same_port = source.port == uri.port_number or (not uri.port and source.port == DEFAULT_PORT)
    if same_host(uri.host, source.ip) and same_port and uri.proto == source.proto:
        return 2
    return _add(state, run, found, _alias(state, source), "you can't call add_contact_alias twice, check your config!")


@nathelper.function("add_contact_alias", FORMAT, FORMAT, FORMAT)
def add_contact_alias_given(state: NatHelper, run: Run, ip: str, port: str, proto: str) -> int:
    """Adds a given address to the contact as `;alias=ip~port~protocol` behind host and port.

    Example: add_contact_alias("$si", "$sp", "$proto");
    """
    if run.message.row("contact") is None:
        return 2
    found = contact.first(state, run)
    if found is None:
        state.complain(run, "failed to get contact uri")
        return -1
    number = PROTOCOLS.get(proto.lower())
    if not is_address(ip):
        state.complain(run, f"ip param value {ip} is not valid IP address")
    elif not (port.isascii() and port.isdigit() and len(port) < 10 and 0 < int(port) < 65536):
        state.complain(run, "port param value is not valid port")
    elif number is None:
        state.complain(run, f"proto param value {proto} is not a known protocol")
    else:
        return _add(state, run, found, f"{state.alias_name}={ip}~{port}~{number}", "you can't call alias_contact twice, check your config!")
    return -1


def _add(state: NatHelper, run: Run, found: contact.Found, alias: str, twice: str) -> int:
    if found.changed:
        state.complain(run, twice)
        return -1
    message = run.message
    row = message.row("contact")
    assert row is not None
    bracketed = "<" in message.text[row[2] : row[3]]
    if not bracketed:
        message.lumps.anchor(row[2]).add_before("<")
    message.lumps.anchor(found.start + found.hostport_end).add_after(f";{alias}" if bracketed else f";{alias}>")
    return 1


@nathelper.function("add_rcv_param")
def add_rcv_param(state: NatHelper, run: Run) -> int:
    """Adds `received="sip:ip:port"` with the source to all contacts.

    Example: if (is_method("REGISTER")) { add_rcv_param(); }
    """
    return _receive(state, run, 0)


@nathelper.function("add_rcv_param", INTEGER)
def add_rcv_param_in(state: NatHelper, run: Run, in_uri: int) -> int:
    """As add_rcv_param(); with another value than 0 the parameter is one of the URI (UDP only).

    Example: if (is_method("REGISTER")) { add_rcv_param("1"); }
    """
    return _receive(state, run, in_uri)


def _receive(state: NatHelper, run: Run, in_uri: int) -> int:
    message = run.message
    if in_uri and message.src.proto != "udp":
        state.complain(run, "adding received parameter to Contact URI works only for UDP")
        return -1
    source = message.src.uri
    for header in message.all("contact"):
        body = contacts.parse(message.text, header.body_start, header.body_end)
        if body is None:
            return -1
        for value in body.values:
            at, text = (value.uri_end, f";received={source}") if in_uri else (value.end, f';received="{source}"')
            message.lumps.anchor(at).add_after(text)
    return 1


@nathelper.function("fix_nated_register", bound=True)
def fix_nated_register(scope: Scope, state: NatHelper) -> Callable[[Run], int]:
    """Puts the source as a URI into the AVP `received_avp`, where save() finds it.

    Example: if (is_method("REGISTER") && nat_uac_test("19")) { fix_nated_register(); }
    """
    write = state.received
    if write is None:
        raise FixupError("you must set 'received_avp' parameter. Must be same value as parameter 'received_avp' of registrar module")

    def register(run: Run) -> int:
        write(run, run.message.src.uri)
        return 1

    return register
