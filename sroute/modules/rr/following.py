"""loose_route(): follows Route headers past this proxy, past strict routers too."""

from sroute.modules.rr.declaration import ROUTED, RecordRoute
from sroute.modules.rr.direction import keep_params
from sroute.runtime.run import Run
from sroute.sip import route as routes
from sroute.sip import uri as uris
from sroute.sip.headers import Header
from sroute.sip.message import Message
from sroute.sip.route import Route
from sroute.sip.uri import Uri

DRIVEN = 1
ERROR = -1
PRELOADED = -3
LOOSE_ONLY = 1
_Place = tuple[Header, list[Route], int]
"""A Route value: its header, the values of that header, which of them."""


def follow(state: RecordRoute, run: Run, mode: int) -> int:
    """loose_route(): 1 where a Route was followed, PRELOADED when an own one was the last in a request outside of a dialog."""
    code = _follow(state, run, mode)
    if code != ERROR:
        for watch in state.watchers:
            watch(run)
    return code


def _follow(state: RecordRoute, run: Run, mode: int) -> int:
    message = run.message
    headers = message.all("route")
    if not headers:
        return ERROR
    values = _values(message, headers[0])
    if values is None:
        state.complain(run, "failed to parse Route HF")
        return ERROR
    uri = message.parsed_uri
    if uri is None:
        state.complain(run, "failed to parse Request URI")
        return ERROR
    preloaded = message.to is None or not message.to.tag
    if not preloaded and not mode & LOOSE_ONLY and _own(state, uri):
        return _after_strict(state, run, headers, values, uri)
    return _after_loose(state, run, headers, values, preloaded=preloaded)


def _values(message: Message, header: Header) -> list[Route] | None:
    return routes.parse(message.text, header.body_start, header.body_end)


def _own(state: RecordRoute, uri: Uri) -> bool:
    return state.instance.is_myself(uri.host, uri.port_number, uri.proto or "")


def _double(state: RecordRoute, uri: Uri) -> bool:
    return bool(state.enable_double_rr) and uri.param("r2") is not None


def _next(message: Message, headers: list[Header], place: _Place) -> _Place | None:
    """The value behind one; a header whose last value was passed is removed as a whole."""
    header, values, at = place
    if at + 1 < len(values):
        return header, values, at + 1
    message.lumps.delete(header.start, header.end - header.start)
    behind = headers[headers.index(header) + 1 :]
    if not behind:
        return None
    found = _values(message, behind[0])
    return (behind[0], found, 0) if found else None


def _after_loose(state: RecordRoute, run: Run, headers: list[Header], values: list[Route], *, preloaded: bool) -> int:
    """The previous hop routes loosely: the first Route is this proxy, or where to go."""
    message = run.message
    place: _Place | None = (headers[0], values, 0)
    uri = uris.parse(values[0].uri)
    if uri is None:
        state.complain(run, f"failed to parse the first route URI ({values[0].uri})")
        return ERROR
    if not _own(state, uri):
        return _go(state, run, headers, (headers[0], values, 0), uri)
    keep_params(run, uri.params)
    double = _double(state, uri)
    if state.force_send_socket and not double:
        _send_by(state, run, uri, values[0].uri, warn=False)
    place = _next(message, headers, (headers[0], values, 0))
    if place is not None and double:
        second = uris.parse(place[1][place[2]].uri)
        if second is None:
            state.complain(run, f"failed to parse the double route URI ({place[1][place[2]].uri})")
            return ERROR
        _send_by(state, run, second, second.text, warn=True)
        place = _next(message, headers, place)
    if place is None:
        return PRELOADED if preloaded else DRIVEN
    target = uris.parse(place[1][place[2]].uri)
    if target is None:
        state.complain(run, f"failed to parse the next route URI ({place[1][place[2]].uri})")
        return ERROR
    message.iflags |= ROUTED
    return _go(state, run, headers, place, target)


def _send_by(state: RecordRoute, run: Run, uri: Uri, text: str, *, warn: bool) -> None:
    """Forces the socket that a Route of this proxy names."""
    proto = uri.proto or "udp"
    host = uri.host.removeprefix("[").removesuffix("]")
    port = uri.port_number or (5061 if proto in ("tls", "wss") else 5060)
    for socket in state.instance.sockets.listen:
        here = socket.endpoint
        addresses = {(here.ip, here.port)} | ({socket.advertise} if socket.advertise else set())
        if here.proto == proto and (host, port) in addresses:
            run.message.send_socket = str(here)
            return
    if warn and state.enable_socket_mismatch_warning:
        state.complain(run, f"no socket found to match second RR ({text})", "WARNING")
        if not _own(state, uri):
            state.complain(run, f"second RR uri is not myself ({text})", "WARNING")


def _go(state: RecordRoute, run: Run, headers: list[Header], place: _Place, uri: Uri) -> int:
    """Where to go: a loose router as destination; for a strict one it becomes the R-URI, which moves to the last Route."""
    message = run.message
    header, values, at = place
    target = _maddr(uri)
    if uri.param("lr") is None:
        end = message.eoh if message.eoh >= 0 else len(message.text)
        message.lumps.anchor(end).add_before(f"Route: <{message.ruri}>\r\n")
        message.uri = target
        _remove_up_to(message, header, values, at + 1)
        return DRIVEN
    message.dst_uri = target
    if at:
        _remove_up_to(message, header, values, at)
    return DRIVEN


def _maddr(uri: Uri) -> str:
    """The URI, or what its maddr parameter stands for."""
    maddr = uri.param("maddr")
    return uri.text if maddr is None else f"sip:{maddr}" + (f":{uri.port}" if uri.port else "")


def _remove_up_to(message: Message, header: Header, values: list[Route], count: int) -> None:
    """Removes the first values of a header, or all of it."""
    if count < len(values):
        message.lumps.delete(header.body_start, values[count].start - header.body_start)
    else:
        message.lumps.delete(header.start, header.end - header.start)


def _after_strict(state: RecordRoute, run: Run, headers: list[Header], values: list[Route], ruri: Uri) -> int:
    """The previous hop routes strictly: the R-URI is this proxy, the real one stands in the last Route."""
    message = run.message
    place: _Place | None = (headers[0], values, 0)
    uri = uris.parse(values[0].uri)
    if uri is None:
        state.complain(run, "failed to parse the first route URI")
        return ERROR
    if _double(state, uri) and _own(state, uri):
        _send_by(state, run, uri, uri.text, warn=False)
        place = _next(message, headers, (headers[0], values, 0))
        if place is None:
            return ERROR
        uri = uris.parse(place[1][place[2]].uri)
        if uri is None:
            state.complain(run, "failed to parse URI")
            return ERROR
    assert place is not None
    keep_params(run, ruri.params)
    header, found, at = place
    if uri.param("lr") is None:
        message.uri = _maddr(uri)
        _remove_up_to(message, header, found, at + 1)
        return DRIVEN
    message.dst_uri = _maddr(uri)
    if at:
        _remove_up_to(message, header, found, at)
    return _take_last(state, run, headers)


def _take_last(state: RecordRoute, run: Run, headers: list[Header]) -> int:
    """The last Route becomes the R-URI."""
    message = run.message
    last = headers[-1]
    values = _values(message, last)
    if not values:
        state.complain(run, "searching for last Route URI failed")
        return ERROR
    target = uris.parse(values[-1].uri)
    message.uri = _maddr(target) if target is not None else values[-1].uri
    if len(values) > 1:
        message.lumps.delete(values[-2].end, values[-1].end - values[-2].end)
    else:
        message.lumps.delete(last.start, last.end - last.start)
    return DRIVEN
