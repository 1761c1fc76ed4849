"""maxfwd: how many more hops a request may take."""

from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import INTEGER, Arg, Constant, Names, Scope
from sroute.exports.loose import OrAvp
from sroute.exports.module import Module
from sroute.exports.variable import Pv
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value, parse_int
from sroute.sip.headers import Header

UPPER_LIMIT = 256
_BLANK = " \t\r\n"
_TOO_BIG = 1 << 32


@dataclass(slots=True)
class MaxForwards:
    """The module's parameter, and the services for its complaints."""

    max_limit: int = 70
    services: Services | None = None

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        assert self.services is not None
        self.services.diag("ERROR", text, "maxfwd", run.at)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many hops: a number (an empty text is 0) or a variable."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """The number or the variable."""
        return INTEGER.parse(text, names) if text else 0

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int]:
        """The number."""
        return Constant(parsed) if isinstance(parsed, int) else INTEGER.bind(parsed, scope)


def _to_int(value: Value) -> int | None:
    return value if isinstance(value, int) else parse_int(value or "")


LIMIT = OrAvp(Limit(), _to_int)

maxfwd = Module("maxfwd", MaxForwards, "Max-Forwards: lowers it, adds it where it is missing, tells how many hops are left.")
maxfwd.setting("max_limit", "int", doc="The highest value that a request leaves with (70); a higher one is lowered to it.")


def _init(state: MaxForwards, scope: Any) -> None:
    state.services = scope.services


maxfwd.hooks.init.append(_init)


def _number(state: MaxForwards, run: Run, header: Header) -> int | None:
    """The number in the header (0 when it is empty); None, with a complaint, when it is none."""
    text = header.body.strip(_BLANK)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None if text else 0
    if number is None or number >= _TOO_BIG:
        state.complain(run, "unable to parse the max forwards number")
        return None
    return number


@maxfwd.function("process_maxfwd", LIMIT)
@maxfwd.function("maxfwd_process", LIMIT)
@maxfwd.function("mf_process_maxfwd_header", LIMIT)
def process(state: MaxForwards, run: Run, limit: int | None) -> int:
    """Lowers Max-Forwards by one (1), or adds it with the limit where there is none (2); -1 when it is 0 already.

    The header is changed in place: variables see the new number at once. An unreadable number gives -2.

    Example: if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
    """
    if limit is None:
        state.complain(run, "could not get param value")
        return -1
    if not 0 <= limit < UPPER_LIMIT:
        state.complain(run, f"invalid param value: {limit}")
        return -1
    message = run.message
    header = message.header("max-forwards")
    if header is None:
        message.lumps.anchor(message.headers[0].start).add_before(f"Max-Forwards: {limit}\r\n")
        return 2
    number = _number(state, run, header)
    if not number:
        return -2 if number is None else -1
    _rewrite(run, header, min(number, state.max_limit + 1) - 1)
    return 1


def _rewrite(run: Run, header: Header, number: int) -> None:
    """Writes a number over the old one, right-aligned: the header keeps its length."""
    message = run.message
    blank = len(header.body) - len(header.body.lstrip(_BLANK))
    old = header.body.strip(_BLANK)
    new = str(number).rjust(len(old))[-len(old) :]
    at = header.body_start + blank
    message.text = f"{message.text[:at]}{new}{message.text[at + len(old) :]}"
    header.body = f"{header.body[:blank]}{new}{header.body[blank + len(old) :]}"


@maxfwd.function("mf_lowlimit", LIMIT)
@maxfwd.function("maxfwd_at_least", LIMIT)
@maxfwd.function("is_maxfwd_lt", LIMIT)
def is_below(state: MaxForwards, run: Run, limit: int | None) -> int:
    """True when Max-Forwards is below the limit; -1 when not, -2 without the header, -3 when it is no number.

    Kamailio 5.6.3 exports this one function under three names: `maxfwd_at_least` asks for "below" too.

    Example: if (is_maxfwd_lt("5")) { xlog("few hops left\\n"); }
    """
    if limit is None:
        state.complain(run, "could not get param value")
        return -1
    if not 0 <= limit < UPPER_LIMIT:
        state.complain(run, f"invalid param value: {limit}")
        return -1
    header = run.message.header("max-forwards")
    if header is None:
        return -2
    number = _number(state, run, header)
    if number is None:
        return -3
    return 1 if number < limit else -1
