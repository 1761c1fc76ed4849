"""Headers as received: `$hdr`, `$hfl`, and the variables of single headers."""

import re
from collections.abc import Callable, Iterable

from sroute.exports.fixups import Arg, Constant, Scope
from sroute.exports.variable import ALL, BAD_INDEX, Index
from sroute.modules.pv.keys import TEXT_OR_VARIABLE, OneOf, key
from sroute.modules.pv.module import pv
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Value
from sroute.sip import contact, route
from sroute.sip.headers import kind
from sroute.sip.message import Message

BROKEN = "error parsing headers"
BAD_CONTACT = "failed to parse Contact body"
NO_NAME = "error parsing header name []"


def _pick(bodies: list[str], index: Index, run: Run, services: Services) -> Value:
    """The body at an index; negative from the end, `*` all with commas."""
    if callable(index):
        index = index(run)
    if index == ALL:
        return ",".join(bodies) if bodies else None
    at = 0 if index is None else index
    assert isinstance(at, int)
    if at == BAD_INDEX:
        services.diag("ERROR", "invalid index", "pv", run.at)
        return FAILED
    if at < 0:
        at += len(bodies)
    return bodies[at] if 0 <= at < len(bodies) else None


@pv.variables_of("hdr", inner=TEXT_OR_VARIABLE, index=True)
def hdr(scope: Scope, inner: Arg[str | None], index: Index) -> Read:
    """The body of a header as received, by its name (compact form and case do not matter); null without one.

    `$(hdr(Name)[n])` is the n-th header line of that name from 0, negative from the end; `[*]` all with commas between.

    Example: xlog("$hdr(User-Agent) $(hdr(Via)[-1])\\n");
    """
    services = scope.services
    if isinstance(inner, Constant) and index is None:
        return _first(kind(inner.value or ""), services)

    def read(run: Run) -> Value:
        message = run.message
        name = inner.value if isinstance(inner, Constant) else inner(run)
        if name is None:
            services.diag("ERROR", "invalid name", "pv", run.at)
            return FAILED
        if not name:
            services.diag("ERROR", NO_NAME, "pv", run.at)
            return None
        if not _complete(message, services, run):
            return None
        return _pick([header.body for header in message.all(name)], index, run, services)

    return read


def _first(known: str, services: Services) -> Read:
    def read(run: Run) -> Value:
        message = run.message
        if message.complete:
            message.read_all = True
            row = message.row(known)
            return None if row is None else message.text[row[2] : row[3]]
        services.diag("ERROR", BROKEN, "pv", run.at)
        return None

    return read


def _complete(message: Message, services: Services, run: Run) -> bool:
    if not message.complete:
        services.diag("ERROR", BROKEN, "pv", run.at)
    return message.complete


@pv.variables_of("hdrc", inner=TEXT_OR_VARIABLE, static="int")
def hdrc(scope: Scope, inner: Arg[str | None], index: Index) -> Read:
    """How many header lines of a name there are.

    Example: xlog("$hdrc(Route)\\n");
    """
    return _counting(scope, inner, lambda message, name: len(message.all(name)))


@pv.variables_of("hfl", inner=TEXT_OR_VARIABLE, index=True)
def hfl(scope: Scope, inner: Arg[str | None], index: Index) -> Read:
    """The n-th value of a header, lists cut at their commas (Via, Contact, Route, Record-Route); other headers as `$hdr`.

    In 5.6.3 the values of one Contact line come in reverse, and a negative index is one too high where lists are cut.

    Example: xlog("$(hfl(Via)[1])\\n");
    """
    services, newer = scope.services, scope.services.dialect.newer

    def read(run: Run) -> Value:
        message = run.message
        name = inner.value if isinstance(inner, Constant) else inner(run)
        if name is None:
            services.diag("ERROR", "invalid name", "pv", run.at)
            return FAILED
        if not name:
            services.diag("ERROR", NO_NAME, "pv", run.at)
            return 0
        if not _complete(message, services, run):
            return None
        known = kind(name)
        if known not in _LISTS or index == ALL:
            return _pick([header.body for header in message.all(name)], index, run, services)
        values = _LISTS[known](message, newer)
        if values is None:
            services.diag("ERROR", BAD_CONTACT, "pv", run.at)
            return None
        at = index(run) if callable(index) else index
        if isinstance(at, int) and BAD_INDEX < at < 0 and not newer:
            at += len(values) + 1
        return _pick(values, at, run, services)

    return read


@pv.variables_of("hflc", inner=TEXT_OR_VARIABLE, static="int")
def hflc(scope: Scope, inner: Arg[str | None], index: Index) -> Read:
    """How many values of a header there are, lists cut at their commas (Via, Contact, Route, Record-Route).

    Example: xlog("$hflc(Via)\\n");
    """

    def number(message: Message, name: str) -> int | None:
        known = kind(name)
        if known not in _LISTS:
            return len(message.all(name))
        values = _LISTS[known](message, True)
        return None if values is None else len(values)

    return _counting(scope, inner, number)


def _counting(scope: Scope, inner: Arg[str | None], number: Callable[[Message, str], int | None]) -> Read:
    services = scope.services

    def read(run: Run) -> Value:
        message = run.message
        name = inner.value if isinstance(inner, Constant) else inner(run)
        if not name:
            services.diag("ERROR", "invalid name" if name is None else NO_NAME, "pv", run.at)
            return 0
        if not message.complete:
            services.diag("ERROR", BROKEN, "pv", run.at)
            return 0
        found = number(message, name)
        if found is None:
            services.diag("ERROR", BAD_CONTACT, "pv", run.at)
            return 0
        return found

    return read


def _vias(message: Message, newer: bool) -> list[str]:
    return [message.text[via.start : via.end].rstrip(" \t\r\n") for via in message.vias]


def _contacts(message: Message, newer: bool) -> list[str] | None:
    """The values of all Contact lines; in 5.6.3 those of one line in reverse. None when one is broken."""
    text, values = message.text, []
    for header in message.all("contact"):
        body = contact.parse(text, header.body_start, header.body_end)
        if body is None:
            return None
        texts = [text[value.start : value.end] for value in body.values]
        values += texts if newer else texts[::-1]
    return values


def _routes(known: str) -> Callable[[Message, bool], list[str]]:
    return lambda message, newer: [message.text[value.start : value.end] for value in route.of(message, known) or ()]


_LISTS: dict[str, Callable[[Message, bool], list[str] | None]] = {
    "via": _vias,
    "contact": _contacts,
    "route": _routes("route"),
    "record-route": _routes("record-route"),
}


# ---------------------------------------------------------------- single headers


def _header(name: str, known: str, doc: str) -> None:
    def read(run: Run) -> Value:
        row = run.message.row(known)
        return None if row is None else run.message.text[row[2] : row[3]]

    read.__doc__ = f'{doc}\n\nExample: xlog("${name}\\n");'
    pv.variable(name)(read)


_header("ct", "contact", "The body of the first Contact header.")
_header("cT", "content-type", "The body of Content-Type.")
_header("ua", "user-agent", "The body of User-Agent.")
_header("csb", "cseq", "The body of CSeq: number and method.")


@pv.variable("ctu", since="6.0")
def contact_uri(run: Run) -> Value:
    """The URI of the first Contact; null for a star.

    Example: xlog("$ctu\\n");
    """
    bodies = contact.of(run.message)
    return next((value.uri for body in bodies or () for value in body.values), None)


@pv.variable("cts", static="int", since="6.0")
def contact_star(run: Run) -> Value:
    """1 when Contact is a star, else 0.

    Example: xlog("$cts\\n");
    """
    return 1 if any(body.star for body in contact.of(run.message) or ()) else 0


@pv.variables_of("ci")
def ci(scope: Scope, inner: None, index: Index) -> Read:
    """The Call-ID.

    Example: xlog("$ci\\n");
    """
    services = scope.services

    def read(run: Run) -> Value:
        found = run.message.call_id
        if found is None:
            services.diag("ERROR", "cannot parse Call-Id header", "pv", run.at)
        return found

    return read


@pv.variables_of("cs")
def cs(scope: Scope, inner: None, index: Index) -> Read:
    """The number in CSeq, as text.

    Example: xlog("$cs\\n");
    """
    services = scope.services

    def read(run: Run) -> Value:
        cseq = run.message.cseq
        if cseq is not None:
            return cseq.number
        services.diag("ERROR", "cannot parse CSEQ header", "pv", run.at)
        return None

    return read


@pv.variable("cl")
def cl(run: Run) -> Value:
    """The number in Content-Length; null without the header.

    Example: if ($cl > 1000) xlog("a large body\\n");
    """
    return run.message.content_length


_DIGITS = re.compile("[0-9]+")
_LONGEST = 100
"""More digits than this are no number, whatever they say."""
_HIGHEST = (1 << 32) - 1


@pv.variables_of("expires", inner=OneOf(("min", "max")))
def expires(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The lowest (`min`) or highest (`max`) expires of the contacts; without one there, the Expires header.

    Example: if ($expires(max) == 0) xlog("unregisters\\n");
    """
    choose: Callable[[Iterable[int]], int] = min if key(inner) == "min" else max
    services = scope.services

    def read(run: Run) -> Value:
        message = run.message
        if not message.complete:
            services.diag("ERROR", "failed to parse headers", "pv", run.at)
            return None
        found = _contact_expires(message, services, run)
        if found is None:
            return None
        return choose(found) if found else _header_expires(message.value("expires"), services, run)

    return read


def _contact_expires(message: Message, services: Services, run: Run) -> list[int] | None:
    found: list[int] = []
    for header in message.all("contact"):
        body = contact.parse(message.text, header.body_start, header.body_end)
        if body is None:
            services.diag("ERROR", "failed to parse Contact body", "pv", run.at)
            return None
        for value in body.values:
            text = value.param("expires")
            if not text:
                continue
            number = _number(text)
            if number is None:
                services.diag("ERROR", "failed to parse expires", "pv", run.at)
                return None
            found.append(number)
    return found


def _header_expires(text: str | None, services: Services, run: Run) -> int | None:
    """The number that an Expires header begins with: 0 where it begins with none, and above 32 bits."""
    if text is None:
        return None
    if not text:
        for source, said in (("core", "Empty body"), ("core", "Error while parsing"), ("pv", "failed to parse hdr expires body")):
            services.diag("ERROR", said, source, run.at)
        return None
    found = _DIGITS.match(text)
    return int(found[0]) if found and len(found[0]) < _LONGEST and int(found[0]) <= _HIGHEST else 0


def _number(text: str) -> int | None:
    """The number in an expires parameter, up to 32 bits."""
    digits = text.strip().removeprefix("+")
    return int(digits) if _DIGITS.fullmatch(digits) and len(digits) < _LONGEST and int(digits) <= _HIGHEST else None
