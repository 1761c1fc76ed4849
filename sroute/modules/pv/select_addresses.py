"""Selects of URIs and addresses: `@ruri.user`, `@from.uri.host`, `@contact.expires`, `@branch.uri`."""

from collections.abc import Callable

from sroute.exports.select import Factory, Family, Parts
from sroute.modules.pv.destination import ip_version
from sroute.modules.pv.destination import next_hop as hop_of
from sroute.modules.pv.select_types import Text, always, leaf, named
from sroute.modules.pv.uri_memory import uri_of
from sroute.runtime.dset import NO_Q, Branch
from sroute.runtime.redirect import q_text
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import contact as contacts
from sroute.sip import listed, nameaddr, params, route
from sroute.sip.contact import Contact
from sroute.sip.endpoint import Endpoint
from sroute.sip.nameaddr import NameAddr
from sroute.sip.route import Route
from sroute.sip.uri import Uri


def _default_port(uri: Uri) -> str:
    return "5061" if uri.scheme == "sips" or uri.proto == "tls" else "5060"


def _routing_user(uri: Uri) -> str | None:
    """The user, or the number in its `rn` parameter."""
    own = params.parse(uri.params) if uri.phone and uri.params else None
    number = params.value(own[0], "rn") if own is not None else None
    return number or uri.user or None


URI_PARTS: dict[str, Callable[[Uri], str | None]] = {
    "type": lambda uri: uri.scheme,
    "user": lambda uri: uri.user or None,
    "rn_user": _routing_user,
    "pwd": lambda uri: uri.password or None,
    "host": lambda uri: uri.host,
    "port": lambda uri: uri.port or None,
    "hostport": lambda uri: f"{uri.host}:{uri.port or _default_port(uri)}" if uri.host else None,
    "transport": lambda uri: "tls" if uri.scheme == "sips" and not uri.proto else uri.proto or "udp",
}


def uri_below(text: Text, rest: Parts) -> Factory | None:
    """A URI, or a part of it."""
    if not rest:
        return always(text)
    if rest[0][0] == "params":
        return _uri_params(text, rest)
    part = URI_PARTS.get(rest[0][0])
    if part is None or len(rest) > 1:
        return None
    chosen = part

    def read(run: Run) -> str | None:
        found = text(run)
        uri = uri_of(run, found) if found else None
        return None if uri is None else chosen(uri)

    return always(read)


def _uri_params(text: Text, rest: Parts) -> Factory | None:
    name = named(rest)
    if name is None and len(rest) > 1:
        return None

    def read(run: Run) -> str | None:
        found = text(run)
        uri = uri_of(run, found) if found else None
        if uri is None:
            return None
        if name is None:
            return uri.params or None
        listed = params.parse(uri.sip_params) if uri.sip_params else None
        return None if listed is None else params.value(listed[0], name) or None

    return always(read)


def ruri(index: int | str | None, rest: Parts) -> Factory | None:
    """`@ruri`: the Request-URI as it is now."""
    return None if index is not None else uri_below(lambda run: run.message.uri if run.message.parsed_uri is not None else None, rest)


def dst_uri(index: int | str | None, rest: Parts) -> Factory | None:
    """`@dst_uri`: the destination URI."""
    return None if index is not None else uri_below(lambda run: run.message.dst_uri or None, rest)


def next_hop(index: int | str | None, rest: Parts) -> Factory | None:
    """`@next_hop`: destination URI or Request-URI; src_ip is the socket towards it."""
    if index is not None:
        return None
    if rest == (("src_ip", None),):
        return _source_of_hop
    return uri_below(lambda run: hop_of(run.message) or None, rest)


def _source_of_hop(services: Services) -> Text:
    def read(run: Run) -> str | None:
        uri = uri_of(run, hop_of(run.message))
        if uri is None or not ip_version(uri.host):
            return None
        target = Endpoint(uri.proto or "udp", uri.host.strip("[]"), uri.port_number or 5060)
        socket = services.route_socket(run, target)
        return socket.endpoint.ip if socket is not None else None

    return read


# ---------------------------------------------------------------- addresses

_PARTY: dict[str, Callable[[NameAddr], str | None]] = {
    "tag": lambda found: found.tag or "",
    "name": lambda found: found.display or None,
}


def party(kind: str) -> Family:
    """From, To and what is written like them."""

    def family(index: int | str | None, rest: Parts) -> Factory | None:
        if index is not None:
            return None
        if not rest:
            return always(lambda run: run.message.value(kind))
        if rest[0][0] == "uri":
            return uri_below(lambda run: _uri_of(run, kind), rest[1:])
        if rest[0][0] == "params":
            name = named(rest)
            return None if name is None else always(lambda run: _param_of(run, kind, name))
        part = _PARTY.get(rest[0][0])
        return None if part is None else leaf(lambda run: _part_of(run, kind, part), rest[1:])

    return family


def _address(run: Run, kind: str) -> NameAddr | None:
    return run.message.to if kind == "to" else run.message.nameaddr(kind)


def _uri_of(run: Run, kind: str) -> str | None:
    found = _address(run, kind)
    return None if found is None else found.uri


def _param_of(run: Run, kind: str, name: str) -> str | None:
    found = _address(run, kind)
    return None if found is None else found.param(name) or None


def _part_of(run: Run, kind: str, part: Callable[[NameAddr], str | None]) -> str | None:
    found = _address(run, kind)
    return None if found is None else part(found)


CONTACT_PARAMS = {"q": "q", "expires": "expires", "methods": "methods", "received": "received", "instance": "+sip.instance"}


def _first_contact(run: Run) -> Contact | None:
    """The contact that Kamailio's list of the first Contact header begins with: the last one written."""
    row = run.message.row("contact")
    body = None if row is None else contacts.parse(run.message.text, row[2], row[3])
    return body.values[-1] if body is not None and body.values else None


def contact(index: int | str | None, rest: Parts) -> Factory | None:
    """`@contact`: the first Contact header, and the parts of its last binding."""
    if index is not None:
        return None
    if not rest:
        return always(lambda run: run.message.value("contact"))
    if rest[0][0] == "uri":
        return uri_below(lambda run: found.uri if (found := _first_contact(run)) is not None else None, rest[1:])
    if rest[0][0] == "name":
        return leaf(lambda run: found.name if (found := _first_contact(run)) is not None else None, rest[1:])
    name = named(rest) if rest[0][0] == "params" else CONTACT_PARAMS.get(rest[0][0]) if len(rest) == 1 else None
    if name is None:
        return None
    wanted = name

    def read(run: Run) -> str | None:
        found = _first_contact(run)
        return None if found is None else found.param(wanted) or None

    return always(read)


def _first_route(run: Run) -> Route | None:
    row = run.message.row("record-route")
    found = None if row is None else route.parse(run.message.text, row[2], row[3])
    return found[0] if found else None


def record_route(index: int | str | None, rest: Parts) -> Factory | None:
    """`@rr`: the first Record-Route header, and the parts of its first value."""
    if index is not None:
        return None
    if not rest:
        return always(lambda run: run.message.value("record-route"))
    if rest[0][0] == "uri":
        return uri_below(lambda run: found.uri if (found := _first_route(run)) is not None else None, rest[1:])
    if rest[0][0] == "name":
        return leaf(lambda run: found.name if (found := _first_route(run)) is not None else None, rest[1:])
    name = named(rest) if rest[0][0] == "params" else None
    if name is None:
        return None
    wanted = name
    return always(lambda run: params.value(found.params, wanted) or None if (found := _first_route(run)) is not None else None)


# ---------------------------------------------------------------- any header, branches


def body_below(body: Text, rest: Parts) -> Factory | None:
    """`nameaddr` and `params` of a header body."""
    if not rest:
        return always(body)
    if rest[0][0] == "params":
        name = named(rest)
        return None if name is None else always(lambda run: _body_param(body(run), name))
    if rest[0][0] != "nameaddr" or len(rest) < 2:
        return None
    if rest[1][0] == "uri":
        return uri_below(lambda run: found.uri if (found := _loose(body(run))) is not None else None, rest[2:])
    if rest[1][0] == "name":
        return leaf(lambda run: found.display if (found := _loose(body(run))) is not None else None, rest[2:])
    return None


def address_below(text: Text, rest: Parts) -> Factory | None:
    """`nameaddr.uri`, `nameaddr.name`, `nameaddr.params` of a value that is an address; further ones behind it don't count."""
    match rest:
        case (("nameaddr", None), ("params", None)):
            return always(lambda run: listed.parameters(text(run) or ""))
        case (("nameaddr", None), ("name", None)):
            return always(lambda run: listed.name(text(run) or ""))
        case (("nameaddr", None), ("uri", None), *below):
            return uri_below(lambda run: listed.uri(text(run) or ""), tuple(below))
        case ():
            return always(text)
        case _:
            return None


def _loose(body: str | None) -> NameAddr | None:
    return None if body is None else nameaddr.parse(body.strip(" \t\r\n"))


def _body_param(body: str | None, name: str) -> str | None:
    listed = params.parse(body) if body else None
    return None if listed is None else params.value(listed[0], name) or None


BRANCH_PARTS: dict[str, Callable[[Branch], str]] = {
    "uri": lambda branch: branch.uri,
    "dst_uri": lambda branch: branch.dst_uri,
    "q": lambda branch: "" if branch.q == NO_Q else q_text(branch.q),
    "uriq": lambda branch: branch.uri if branch.q == NO_Q else f"<{branch.uri}>;q={q_text(branch.q)}",
}


def branch(index: int | str | None, rest: Parts) -> Factory | None:
    """`@branch.uri[0]`: one of the branches besides the Request-URI, or all of them with commas."""
    if index is not None or not rest:
        return None
    name, place = rest[0]
    if name == "count":
        return leaf(lambda run: str(len(run.dset.branches)), rest[1:])
    part = BRANCH_PARTS.get(name)
    if part is None or isinstance(place, str):
        return None
    chosen = part

    def read(run: Run) -> str | None:
        branches = run.dset.branches
        if place is None:
            return ",".join(chosen(found) for found in branches) if branches else None
        return chosen(branches[place]) or None if 0 <= place < len(branches) else None

    if place is None and len(rest) > 1:
        return uri_below(lambda run: None, rest[1:])
    return uri_below(read, rest[1:]) if name in ("uri", "dst_uri") else body_below(read, rest[1:])
