"""The tree of a routing script: frozen nodes with spans, families named by unions.

The tree says what was written, after preprocessing. What names mean is settled in `resolve`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as Choice

from sroute.source.text import Source, Span
from sroute.syntax.pvspec import PvSpec

# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a string; adjacent strings are joined, escapes done, numbers cut to 32 bits."""

    value: int | str
    span: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """A pseudo-variable in code, `$name(...)`; also `%name`, which is an AVP.

    bare: a plain `$name` where the config type makes it the AVP of that name if no variable is called so.
    """

    spec: PvSpec
    span: Span
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """`@a.b[1].c`: the parts are names, each with its index where written."""

    parts: tuple[tuple[str, int | str | None], ...]
    span: Span


UnaryOp = Choice["!", "-", "~", "defined", "strlen", "strempty", "(int)", "(str)"]
BinaryOp = Choice[
    "||", "&&", "|", "&", "^", "<<", ">>", "==", "!=", "eq", "ne", "ieq", "ine", "=~", "<", "<=", ">", ">=", "+", "-", "*", "/", "mod"
]


@dataclass(frozen=True, slots=True)
class Unary:
    """A prefix operator, a cast, `strlen(...)` or `strempty(...)`; `not` is `!`."""

    op: UnaryOp
    operand: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """A binary operator; `or`, `and` are `||`, `&&`."""

    op: BinaryOp
    left: "Expression"
    right: "Expression"
    span: Span
    op_span: Span


@dataclass(frozen=True, slots=True)
class Selval:
    """`selval(condition, then, other)`."""

    condition: "Expression"
    then: "Expression"
    other: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a module's function."""

    name: str
    args: tuple["Expression", ...]
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class Word:
    """A literal token of the core's own forms: a bare name, host, address, protocol or `uri:host`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class CoreCall:
    """A call of a function of the core's own grammar (`sethost("x")`, `forward(uri:host, 5060)`); name is the canonical one."""

    name: str
    args: tuple["Expression | Word", ...]
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class RouteCall:
    """`route(X)`; a bare name or number is a Literal string."""

    target: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class CoreCondition:
    """An old-style condition such as `src_ip == 10.0.0.0/8`, `uri == myself`, `method == INVITE`.

    left is the canonical operand: method uri from_uri to_uri src_ip dst_ip snd_ip to_ip src_port dst_port snd_port
    to_port af snd_af to_af msg:len proto snd_proto myself (`status` is `uri`).
    """

    left: str
    op: BinaryOp
    right: "Expression | Word"
    span: Span
    left_span: Span


@dataclass(frozen=True, slots=True)
class AssignExpression:
    """`($var(x) = 5)` inside an expression: 1, or 0 when it failed."""

    assign: "Assign"
    span: Span


@dataclass(frozen=True, slots=True)
class BlockExpression:
    """`{ ... }` where an expression may stand."""

    block: "Block"
    span: Span


Expression = (
    Literal | Variable | Select | Unary | Binary | Selval | Call | CoreCall | RouteCall | CoreCondition | AssignExpression | BlockExpression
)

# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Assign:
    """`target = value`."""

    target: Variable
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class CallStatement:
    """A call as a statement."""

    call: Call | CoreCall | RouteCall
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """`{ ... }`, or the single statement that stands in its place (then braces is False)."""

    statements: tuple["Statement", ...]
    span: Span
    braces: bool = True


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then [else other]`; `else if` is an If inside a Block without braces."""

    condition: Expression
    then: Block
    other: Block | None
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    """`while condition body`."""

    condition: Expression
    body: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """One label of a switch with the statements up to the next label; label None is `default:`."""

    label: Expression | None
    regex: bool
    body: tuple["Statement", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Switch:
    """`switch selector { case ... }`."""

    selector: Expression
    cases: tuple[Case, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Leave:
    """`return`, `exit`, `drop`, with or without a value, and `break`."""

    how: Choice["return", "exit", "drop", "break"]
    value: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Empty:
    """A lone `;`."""

    span: Span


Statement = Assign | CallStatement | If | While | Switch | Leave | Empty

# ---------------------------------------------------------------- top level


@dataclass(frozen=True, slots=True)
class GlobalParam:
    """`name = value` for a core parameter; name is as written, value an int, a string or a bare word."""

    name: str
    value: Literal | Word
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class CustomGlobal:
    """`group.field = value desc "text"`; instance is N of `group[N].field`."""

    group: str
    field: str
    instance: int | None
    value: Literal
    description: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class SocketSpec:
    """One address of `listen` or `alias`: proto None is udp and tcp, port None the default, 0 any (`:*`).

    last_port is the end of a range of ports (`socket = { bind = ...:5060-5070 }`, newer than 5.6).
    """

    proto: str | None
    hosts: tuple[str, ...]
    port: int | None
    span: Span
    last_port: int | None = None


@dataclass(frozen=True, slots=True)
class Listen:
    """`listen = ...`; advertise is (host, port or None)."""

    sockets: tuple[SocketSpec, ...]
    advertise: tuple[str, int | None] | None
    name: str | None
    virtual: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Alias:
    """`alias = ...`."""

    sockets: tuple[SocketSpec, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class LoadModule:
    """`loadmodule "x.so"` and its newer forms; expand says that variables in the path are expanded (`loadmodulex`)."""

    path: str
    options: str
    expand: bool
    span: Span


@dataclass(frozen=True, slots=True)
class LoadPath:
    """`loadpath "dirs"` (`mpath`)."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class ModParam:
    """`modparam("module", "name", value)`; expand for `modparamx`."""

    module: str
    name: str
    value: Literal | Variable
    expand: bool
    span: Span
    module_span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class FlagDeclaration:
    """`flags A, B:5;` or `avpflags X;`: names with their numbers where written."""

    kind: Choice["flags", "avpflags"]
    flags: tuple[tuple[str, int | None, Span], ...]
    span: Span


RouteKind = Choice["request", "reply", "onreply", "failure", "branch", "onsend", "event"]


@dataclass(frozen=True, slots=True)
class Route:
    """A routing block.

    kind request: `request_route`, `route`, `route[N]` (name None for the main one); reply: the core reply_route;
    onreply: `onreply_route[N]` of a transaction; failure, branch, onsend, event likewise.
    """

    kind: RouteKind
    name: str | None
    body: Block
    span: Span
    name_span: Span | None


TopLevel = GlobalParam | CustomGlobal | Listen | Alias | LoadModule | LoadPath | ModParam | FlagDeclaration | Route

Mode = Choice["KAMAILIO", "SER", "MAXCOMPAT"]


@dataclass(frozen=True, slots=True)
class Script:
    """A parsed script: its top-level items in order, and what preprocessing left behind.

    mode is the config type; marked says that a marker line was there. defines are the names defined at the end with
    their values (None: no value), as `$def(X)` reads them; sources are the files in the order in which they were opened.
    """

    items: tuple[TopLevel, ...]
    mode: Mode
    marked: bool
    defines: Mapping[str, str | None]
    sources: tuple[Source, ...]
