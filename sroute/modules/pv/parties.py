"""From and To: `$fu`, `$tU` and their like, and what assigning them changes in the outgoing message."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.variable import Index, Variable
from sroute.modules.pv.module import pv
from sroute.modules.pv.uri_memory import uri_of
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import Value
from sroute.sip.message import Message
from sroute.sip.nameaddr import NameAddr
from sroute.sip.uri import Uri

Side = str
"""`from` or `to`, as header kinds are named."""
_LONG = {"from": "From", "to": "To"}


def address(run: Run, side: Side, services: Services) -> NameAddr | None:
    """The parsed header; None, with a complaint, when it does not parse."""
    message = run.message
    found = message.to if side == "to" else message.from_
    if found is None and message.row(side) is None:
        if side == "from":
            services.diag("ERROR", "bad msg or missing FROM header", "core", run.at)
            services.diag("ERROR", "cannot parse From header", "pv", run.at)
    elif found is None:
        services.diag("ERROR", f"bad {_LONG[side]} header [{message.value(side)}]", "core", run.at)
        services.diag("ERROR", f"cannot parse {_LONG[side]} header", "pv", run.at)
    return found


def _uri(run: Run, side: Side, services: Services) -> tuple[NameAddr, Uri] | None:
    found = address(run, side, services)
    if found is None:
        return None
    uri = uri_of(run, found.uri)
    if uri is None:
        services.diag("ERROR", f"failed to parse {_LONG[side]} uri", "core", run.at)
        services.diag("ERROR", f"cannot parse {_LONG[side]} URI", "pv", run.at)
        return None
    return found, uri


def _declare(side: Side, names: tuple[str, ...], doc: str, part: Callable[[NameAddr], Value], since: str = "") -> Variable:
    """A variable about the whole header."""

    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            message = run.message
            found = message.to if side == "to" else message.from_
            if found is None:
                address(run, side, services)
                return None
            return part(found)

        return read

    factory.__doc__ = f'{doc}\n\nExample: xlog("${names[0]}\\n");'
    return pv.variables_of(*names, since=since)(factory)


def _of_uri(side: Side, names: tuple[str, ...], doc: str, part: Callable[[Uri], Value]) -> Variable:
    """A variable about the URI in the header."""

    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            found = _uri(run, side, services)
            return None if found is None else part(found[1])

        return read

    factory.__doc__ = f'{doc}\n\nExample: xlog("${names[0]}\\n");'
    return pv.variables_of(*names)(factory)


# ---------------------------------------------------------------- assignments

Change = Callable[[Message, NameAddr, Uri, str | None], None]


def _change(message: Message, offset: int, length: int, text: str) -> None:
    lumps = message.anchors(offset)
    lumps.delete(offset, length).add_after(text) if length else lumps.anchor(offset).add_after(text)


def _writer(side: Side, noun: str, change: Change, *, keeps: str = "") -> Callable[[Scope, None, Index], Write]:
    """A writer; keeps says what Kamailio logs instead of deleting, where it does not delete."""

    def factory(scope: Scope, inner: None, index: Index) -> Write:
        services = scope.services

        def write(run: Run, value: Value) -> None:
            if value is None and keeps:
                services.diag("WARNING", keeps, "pv", run.at)
                return
            if isinstance(value, int):
                raise AssignError(f"attempt to assign non-str value to To header {noun}")
            found = _uri(run, side, services)
            if found is None:
                raise AssignError("cannot parse the header")
            change(run.message, found[0], found[1], value)

        return write

    return factory


def _set_uri(message: Message, found: NameAddr, uri: Uri, value: str | None) -> None:
    _change(message, found.uri_start, len(found.uri), value or "")


def _set_user(message: Message, found: NameAddr, uri: Uri, value: str | None) -> None:
    start = found.uri_start + uri.text.index(":") + 1
    size = len(uri.user)
    if value is None:
        if size:
            at_sign = 1 if message.text[start + size : start + size + 1] == "@" else 0
            message.anchors(start).delete(start, size + at_sign)
    elif size:
        _change(message, start, size, value)
    else:
        message.anchors(start).anchor(start).add_after(f"{value}@")


def _set_host(message: Message, found: NameAddr, uri: Uri, value: str | None) -> None:
    if uri.host and value is not None:
        start = uri.text.index(":") + 1
        at = uri.text.find("@" + uri.host, start) + 1 if uri.user else start
        _change(message, found.uri_start + at, len(uri.host), value)


def _set_display(message: Message, found: NameAddr, uri: Uri, value: str | None) -> None:
    if found.display:
        start, size = found.display_start, len(found.display)
        if value is None:
            blank = 1 if message.text[start + size : start + size + 1] == " " else 0
            message.anchors(start).delete(start, size + blank)
        else:
            _change(message, start, size, value)
    elif value is not None:
        start = found.uri_start - 1 if found.bracketed else found.uri_start
        if found.bracketed:
            start = message.text.rindex("<", 0, found.uri_start)
        message.anchors(start).anchor(start).add_after(f"{value} ")


_NO_URI = "To header URI cannot be deleted"
_NO_DOMAIN = "To header URI domain cannot be deleted"


def _side(side: Side, letter: str, long: str) -> None:
    """The variables of one header."""
    title = _LONG[side]
    whole = _declare(side, (f"{letter}u", long), f"The URI in {title}. Assigning it changes the outgoing message only.", lambda a: a.uri)
    whole.writer(_writer(side, "URI", _set_uri, keeps=_NO_URI))
    user = _of_uri(side, (f"{letter}U", f"{long}.user"), f"The user of the URI in {title}; null removes it.", lambda uri: uri.user or None)
    user.writer(_writer(side, "display name", _set_user))
    host = _of_uri(side, (f"{letter}d", f"{long}.domain"), f"The host of the URI in {title}.", lambda uri: uri.host or None)
    host.writer(_writer(side, "URI domain", _set_host, keeps=_NO_DOMAIN))
    name = _declare(side, (f"{letter}n",), f"The display name in {title}, with its quotes; null removes it.", lambda a: a.display or None)
    name.writer(_writer(side, "display name", _set_display))
    _declare(side, (f"{letter}t",), f"The tag of {title}; null without one.", lambda a: a.tag or None)
    if side == "from":
        _declare(side, ("ful",), "The length of the URI in From.", lambda a: len(a.uri), since="later")
    else:
        _declare(side, ("tts",), "1 when To has a tag, else 0.", lambda a: 1 if a.tag else 0, since="later")
    length = _of_uri(side, (f"{letter}Ul",), f"The length of the user of the URI in {title}.", lambda uri: len(uri.user))
    if side == "to":
        length.writer(_writer(side, "display name", _set_user))


_side("from", "f", "from")
_side("to", "t", "to")
