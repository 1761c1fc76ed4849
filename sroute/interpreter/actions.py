"""Actions of a bound script that modules watch: their numbers, names and lines as Kamailio 5.6.3 has them."""

import re
from collections.abc import Callable, Sequence

from sroute.exports.function import Bound
from sroute.exports.variable import Pv
from sroute.runtime.actions import Action, ActionWatch
from sroute.runtime.run import Act, Read, Run, Write
from sroute.runtime.values import FAILED, Value
from sroute.source.text import Span
from sroute.syntax.nodes import (
    Assign,
    Call,
    CallStatement,
    CoreCall,
    Empty,
    If,
    Leave,
    Literal,
    RouteCall,
    Statement,
    Switch,
    While,
)

CORE = {
    "forward": (1, "forward"), "log": (3, "log"), "error": (4, "error"), "exec": (6, "exec"), "sethost": (7, "sethost"),
    "sethostport": (8, "sethostport"), "setuser": (9, "setuser"), "setuserpass": (10, "setuserpass"), "setport": (11, "setport"),
    "seturi": (12, "seturi"), "sethostporttrans": (13, "sethostporttrans"), "userphone": (15, "setuserphone"), "setflag": (39, "setflag"),
    "resetflag": (40, "resetflag"), "isflagset": (41, "isflagset"), "setavpflag": (42, "avpflag"), "resetavpflag": (42, "avpflag"),
    "isavpflagset": (42, "avpflag"), "prefix": (44, "prefix"), "strip": (45, "strip"), "strip_tail": (46, "striptail"),
    "remove_branch": (48, "unknown"), "clear_branches": (49, "unknown"), "revert_uri": (50, "reverturi"),
    "forward_tcp": (51, "forward_tcp"), "forward_udp": (52, "forward_udp"), "forward_tls": (53, "forward_tls"),
    "forward_sctp": (54, "forward_sctp"), "force_rport": (55, "force_rport"), "add_local_rport": (56, "add_local_rport"),
    "set_advertised_address": (57, "set_adv_addr"), "set_advertised_port": (58, "set_adv_port"), "force_tcp_alias": (59, "force_tcp_alias"),
    "force_send_socket": (62, "force_send_socket"), "udp_mtu_try_proto": (65, "udp_mtu_try_proto"),
    "set_forward_no_connect": (66, "set_fwd_no_connect"), "set_reply_no_connect": (67, "set_rpl_no_connect"),
    "set_forward_close": (68, "set_fwd_close"), "set_reply_close": (69, "set_rpl_close"), "cfg_select": (70, "unknown"),
    "cfg_reset": (71, "unknown"),
}  # fmt: skip
WRITES = {"ru": (12, "seturi"), "rU": (9, "setuser"), "rd": (7, "sethost"), "rp": (11, "setport")}
"""Variables that are assigned by an action of the core, which has no place in the script."""
MODULE, MOST = 24, 7
KINDS = {
    "branch": "branch_route",
    "failure": "failure_route",
    "onreply": "onreply_route",
    "reply": "onreply_route",
    "onsend": "onsend_route",
}
UNNAMED = {"reply": "DEFAULT_ONREPLY", "onreply": "DEFAULT_ONREPLY", "onsend": "DEFAULT_SEND"}
_BLANK = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.S)


class Actions:
    """Wraps what is bound so that modules see each action before it begins."""

    __slots__ = ("_place", "_watches")

    def __init__(self, watches: Sequence[ActionWatch]) -> None:
        """The modules' watches, in the order of loading."""
        self._watches = tuple(watches)
        self._place = ("request_route", "DEFAULT_ROUTE")

    def enter(self, kind: str, name: str | None) -> None:
        """What is bound from now on is written in that block."""
        self._place = KINDS.get(kind, "request_route"), name or UNNAMED.get(kind, "DEFAULT_ROUTE")

    def statement(self, node: Statement, act: Act, read: Callable[[Assign], tuple[str, Read]]) -> Act:
        """A statement; read gives the name and the reader of the variable that is assigned."""
        number = _number(node)
        if number is None:
            return act
        seen = self._seen(node.span, _line(node), number, act)
        return self._assigning(seen, *read(node)) if isinstance(node, Assign) else seen

    def call(self, node: Call | CoreCall | RouteCall, code: Bound) -> Bound:
        """A call in an expression."""
        return self._seen(node.span, node.span.finish.line, _called(node), code)

    def write(self, pv: Pv, write: Write) -> Write:
        """The writer of a variable."""
        number = WRITES.get(pv.spec.name)
        if number is None:
            return write
        action = Action("request_route", "", "", 0, *number)
        before = self._before(action)

        def put(run: Run, value: Value) -> None:
            before(run)
            write(run, value)

        return put

    def _seen(self, span: Span, line: int, number: tuple[int, str], act: Act) -> Act:
        before = self._before(Action(*self._place, span.source.name, line, *number))

        def seen(run: Run) -> int:
            before(run)
            return act(run)

        return seen

    def _before(self, action: Action) -> Callable[[Run], None]:
        if len(self._watches) == 1:
            watch = self._watches[0].before
            return lambda run: watch(run, action)

        def all_of(run: Run) -> None:
            for watch in self._watches:
                watch.before(run, action)

        return all_of

    def _assigning(self, act: Act, name: str, read: Read) -> Act:
        def assigned(run: Run) -> int:
            flow = act(run)
            value = read(run)
            for watch in self._watches:
                watch.assigned(run, name, None if value is FAILED else value)
            return flow

        return assigned


def _number(node: Statement) -> tuple[int, str] | None:
    match node:
        case CallStatement(call):
            return _called(call)
        case Assign():
            return 63, "assign"
        case If():
            return 16, "if"
        case While():
            return 23, "while"
        case Switch(selector, cases):
            if isinstance(selector, Literal):
                return 18, "block"
            texts = any(case.regex or (isinstance(case.label, Literal) and isinstance(case.label.value, str)) for case in cases)
            return (22, "case") if texts else (21, "switch")
        case Leave(how):
            return 2, "exit" if how == "break" else how
        case Empty():
            return None


def _called(call: Call | CoreCall | RouteCall) -> tuple[int, str]:
    match call:
        case RouteCall():
            return 5, "route"
        case CoreCall(name):
            return CORE.get(name, (0, "unknown"))
        case Call(name, args):
            return MODULE + min(len(args), MOST), name


def _line(node: Statement) -> int:
    """The line of an action: where it ends; an `if` without else ends where the next word begins."""
    if not isinstance(node, If):
        return node.span.finish.line
    if node.other is None:
        source, end = node.span.source, node.span.end
        semicolon = source.text[end - 1 : end] != "}" and source.text[end : end + 1] == ";"
        found = _BLANK.match(source.text, end + semicolon)
        return Span(source, end, found.end() if found else end).finish.line
    inner = node.other.statements
    if len(inner) == 1 and isinstance(inner[0], If) and node.other.span.start == inner[0].span.start:
        return _line(inner[0])
    return node.span.finish.line
