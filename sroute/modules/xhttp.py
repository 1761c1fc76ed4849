"""xhttp: HTTP requests run event_route[xhttp:request]; xhttp_reply() answers. `{url.path}` and `{url.querystring}`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sroute.errors import MessageError
from sroute.exports.fixups import FORMAT, INTEGER, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.transformation import Apply
from sroute.modules import sl
from sroute.modules.offering import ends_script
from sroute.modules.pv.parameters import Parsed, none
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.signature import server_line
from sroute.runtime.values import FAILED, Value
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message, ReplyLump
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import matcher

EVENT = "xhttp:request"
_FIRST_LINE = re.compile(r"[^ \r\n]+ [^ \r\n]+ HTTP/1\.[0-9]\r?\n")


class HttpRequest(Message):
    """An HTTP request: it has a Via that Kamailio adds, and no From, To, CSeq or Call-ID."""

    __slots__ = ()

    def _check(self) -> None:
        """Nothing of SIP is asked for."""


@dataclass(slots=True)
class Xhttp:
    """The module's parameters, and the patterns that they give."""

    url_match: str = ""
    url_skip: str = ""
    event_callback: str = ""
    services: Services | None = None
    matches: Callable[[str], object] | None = None
    skips: Callable[[str], object] | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services


xhttp: Module[Xhttp] = Module("xhttp", Xhttp, "HTTP requests: event_route[xhttp:request], xhttp_reply().", requires=("sl",))
xhttp.setting("url_match", "str", doc="A regular expression for the URLs that run the event route; the core drops others.")
xhttp.setting("url_skip", "str", doc="A regular expression for the URLs that do not run the event route, nor are answered.")
xhttp.setting("event_callback", "str", doc="The KEMI function that is called for requests instead of the event route.")
xhttp.event_route(EVENT, "Runs for each HTTP request: `$hu` is its URL, `$rm` its method, `$rb` its body; answer by xhttp_reply().")


@xhttp.hooks.init.append
def _init(state: Xhttp, scope: Any) -> None:
    state.services = scope.services
    if not state.event_callback and not scope.services.has_route(Routes.EVENT, EVENT):
        raise InitError(f"failed to find event_route[{EVENT}]")
    try:
        state.matches = matcher(state.url_match, Flags()).search if state.url_match else None
        state.skips = matcher(state.url_skip, Flags()).search if state.url_skip else None
    except BadPattern as error:
        raise InitError(f"bad pattern: {error}") from None


@xhttp.hooks.foreign.append
def _request(state: Xhttp, text: str, src: Endpoint, dst: Endpoint) -> bool:
    """Runs the event route for an HTTP request; False for what is none."""
    first = _FIRST_LINE.match(text)
    if first is None:
        return False
    try:
        message = HttpRequest(f"{first[0]}Via: SIP/2.0/{src.proto.upper()} {src.host}:{src.port}\r\n{text[first.end() :]}", src, dst)
    except MessageError:
        return False
    if state.skips is not None and state.skips(message.ruri):
        return False
    if state.matches is not None and not state.matches(message.ruri):
        return False
    state.instance.run_event(EVENT, message)
    return True


def _answer(state: Xhttp, message: Message, code: int, reason: str) -> None:
    via = message.header("via")
    lumps = "".join(lump.text for lump in message.reply_lumps if not lump.body)
    body = "".join(lump.text for lump in message.reply_lumps if lump.body)
    server = server_line(state.instance)
    lines = f"{message.version} {code} {reason}\r\nSia: {via.body if via else ''}\r\n{lumps}{server}{end(server)}"
    state.instance.send(f"{lines}Content-Length: {len(body)}\r\n\r\n{body}", message.dst, message.src)


def end(line: str) -> str:
    """The line end that a header without one needs."""
    return "\r\n" if line and not line.endswith("\n") else ""


def reply(services: Services, run: Run, code: int, reason: str, kind: str, body: str) -> int:
    """Answers the HTTP (or SIP) request of a run: 1, or -1."""
    message = run.message
    if kind:
        message.reply_lumps.append(ReplyLump(f"Content-Type: {kind}\r\n"))
    if body:
        message.reply_lumps.append(ReplyLump(body, body=True))
    if not isinstance(message, HttpRequest):
        stateless = services.state("sl")
        assert isinstance(stateless, sl.Stateless)
        return sl.send(stateless, run, code, reason)
    state = services.state("xhttp")
    assert isinstance(state, Xhttp)
    _answer(state, message, code, reason)
    return 1


@xhttp.function("xhttp_reply", INTEGER, FORMAT, FORMAT, FORMAT)
def xhttp_reply(state: Xhttp, run: Run, code: int, reason: str, content_type: str, body: str) -> int:
    """Answers an HTTP request; an empty content type or body is left out.

    Example: xhttp_reply("200", "OK", "text/html", "<html><body>$si</body></html>");
    """
    return reply(state.instance, run, code, reason, content_type, body)


@xhttp.variable("hu")
def hu(run: Run) -> str:
    """The URL of an HTTP request.

    Example: if ($hu =~ "^/RPC") { xhttp_reply("200", "OK", "", ""); }
    """
    return run.message.ruri


def _declare(name: str, doc: str, part: Callable[[str], str]) -> None:
    def bind(parsed: Parsed, scope: Scope) -> Apply:
        def apply(run: Run, value: Value) -> Value:
            if value is None or value is FAILED:
                return FAILED
            return part(value) if isinstance(value, str) else value

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(hu{{url.{name}}})\\n");'
    xhttp.transformation("url", name, none)(bind)


_declare("path", "What stands before the `?` of a URL.", lambda text: text.partition("?")[0])
_declare("querystring", "What stands behind the `?` of a URL; empty without one.", lambda text: text.partition("?")[2])


@xhttp.function("bind_xhttp")
def bind_xhttp(state: Xhttp, run: Run) -> int:
    """What other modules call to use xhttp: not meant for scripts, in which it does nothing and ends the script.

    Example: bind_xhttp();
    """
    return ends_script(state.instance, run, "bind_xhttp")
