"""Walks a script in the order in which Kamailio reads it, then settles what a start would settle."""

from collections.abc import Callable
from typing import Any

from sroute.dialect import Dialect
from sroute.exports.catalog import Catalog
from sroute.exports.fixups import FixupError
from sroute.exports.variable import Pv
from sroute.resolve import calls, core_calls, set_up, settings, types
from sroute.resolve.constants import Constants
from sroute.resolve.names import NameTable
from sroute.resolve.places import LOOKUP, ONSEND_REFUSED, TITLES
from sroute.resolve.program import Program
from sroute.resolve.start import check_case_labels, check_condition, check_regex, missing_route
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span
from sroute.syntax.nodes import (
    Alias,
    Assign,
    Binary,
    Call,
    CoreCall,
    CoreCondition,
    CustomGlobal,
    FlagDeclaration,
    GlobalParam,
    If,
    Leave,
    Listen,
    LoadModule,
    LoadPath,
    ModParam,
    Route,
    RouteCall,
    RouteKind,
    Script,
    Select,
    Switch,
    TopLevel,
    Unary,
    Variable,
    While,
)
from sroute.syntax.walk import Node, below

UNNAMED_REPEATABLE = frozenset(["request", "reply", "onsend", "failure", "branch"])


def resolve(script: Script, dialect: Dialect, catalog: Catalog) -> Program:
    """The program of a script; its diagnostics hold all that is wrong with names, types and constants."""
    names = NameTable(dialect, catalog, defines=script.defines)
    names.add(catalog.core())
    program = Program(script, dialect, names, constants=Constants(bits=dialect.int_bits))
    Resolver(program).run()
    program.diagnostics.sort(key=_order)
    return program


def _order(diagnostic: Diagnostic) -> tuple[str, int]:
    return (diagnostic.span.source.name, diagnostic.span.start) if diagnostic.span else ("", 0)


class Resolver:
    """Settles one program; also used by the REPL for what is typed later."""

    def __init__(self, program: Program) -> None:
        """The program is filled while the resolver runs."""
        self.program = program
        self.report: Callable[[Diagnostic], None] = program.diagnostics.append
        self._late: list[Callable[[], None]] = []

    def run(self) -> None:
        """Resolves the whole script."""
        for item in self.program.script.items:
            self.item(item)
        self._late.append(lambda: settings.check_globals(self.program))
        self.settle()

    def settle(self) -> None:
        """Does what Kamailio does at start, when all names are known."""
        late, self._late = self._late, []
        for check in late:
            check()

    def item(self, item: TopLevel) -> None:
        """Resolves one top-level item."""
        match item:
            case LoadModule():
                settings.load_module(item, self.program)
            case ModParam():
                settings.mod_param(item, self.program)
            case GlobalParam():
                settings.global_param(item, self.program)
            case CustomGlobal():
                settings.custom_global(item, self.program)
            case FlagDeclaration():
                settings.declare_flags(item, self.program)
            case Listen() | Alias():
                settings.sockets(item, self.program)
            case Route():
                self.route(item)
            case LoadPath():
                pass

    def route(self, route: Route) -> None:
        """Registers a block and resolves its body."""
        known = self.program.routes.setdefault((route.kind, route.name), [])
        if known and (route.name is not None or (route.kind == "request" and route.name_span is not None)):
            text = f"duplicate {TITLES[route.kind]}[{route.name or 0}]"
            first = known[0].span.begin
            self.report(Diagnostic("RT007", "error", text, route.name_span or route.span, f"the first is on line {first.line}"))
            return
        known.append(route)
        if route.name is not None:
            self.program.names.routes.setdefault(LOOKUP[route.kind], set()).add(route.name)
        self.statements(route.body, route.kind)

    def statements(self, root: Node, kind: RouteKind) -> None:
        """Resolves everything below a node."""
        for node in below(root):
            self._node(node, kind)

    def _node(self, node: Node, kind: RouteKind) -> None:
        match node:
            case Variable():
                self._variable(node)
            case Binary():
                types.check(node, self.program.types, self.report)
                if node.op == "=~":
                    self._late.append(lambda: check_regex(node, self.program.constants, self.report))
            case Unary():
                types.check(node, self.program.types, self.report)
            case Call():
                self._call(node, kind)
            case RouteCall():
                self._route_call(node, kind)
            case CoreCall() | CoreCondition():
                self._core(node, kind)
            case Assign():
                self._assign(node)
            case If() | While() | Switch() | Leave():
                self._control(node)
            case Select():
                path = ".".join(name for name, _ in node.parts)
                self._late.append(lambda: core_calls.known_field(path, node.span, self.program))
            case _:
                pass

    def _variable(self, node: Variable) -> None:
        pv = self.pv(node)
        if pv is not None:
            self.program.pvs[id(node)] = pv
            core_calls.early_shv(pv, node.span, self.program)
            if pv.variable.name == "sel":
                self._late.append(lambda: core_calls.known_field(pv.spec.inner or "", node.span, self.program))

    def pv(self, node: Variable) -> Pv | None:
        """The settled variable of a node; reports one that can't be settled."""
        try:
            return self.program.names.resolve(node.spec, bare=node.bare)
        except FixupError as error:
            self.report(Diagnostic(error.code or "PV001", "error", error.message, node.span, error.hint))
            return None

    def _call(self, node: Call, kind: RouteKind) -> None:
        names = self.program.names
        nested = next((arg for arg in node.args for found in below(arg) if isinstance(found, Call)), None)
        if nested is not None:
            text = "a function can't be called inside the arguments of another one"
            self.report(Diagnostic("SY013", "error", text, nested.span, "call it first and keep $rc in a variable"))
            return
        function = calls.lookup(node, names, self.report)
        if function is None:
            return
        calls.place(node, function, kind, self.report)
        if calls.constants(node, function, self.program.constants, self.report):
            self._late.append(lambda: self._plan(node, function))

    def _plan(self, node: Call, function: Any) -> None:
        set_up.check(node, function.module, self.program)
        self.program.calls[id(node)] = calls.plan(node, function, self.program.names, self.program.constants, self.report)

    def _route_call(self, node: RouteCall, kind: RouteKind) -> None:
        if kind == "onsend":
            self._refused_in_onsend("route()", node.span)
        name = self.program.constants.of(node.target)
        if name is not None:
            self._late.append(lambda: missing_route(str(name), node, self.program))

    def _core(self, node: CoreCall | CoreCondition, kind: RouteKind) -> None:
        if isinstance(node, CoreCall):
            self._arguments(node)
            if kind == "onsend" and node.name in ONSEND_REFUSED:
                self._refused_in_onsend(f"{node.name}()", node.name_span)
        elif node.left in ("snd_ip", "to_ip") and kind != "onsend":
            self.report(Diagnostic("RT031", "error", f"{node.left} allowed only in onsend_routes", node.left_span))
        if isinstance(node, CoreCondition):
            self._late.append(lambda: check_condition(node, self.program.constants, self.report))

    def _arguments(self, node: CoreCall) -> None:
        """Flags that are not declared, sockets that are not listened on."""
        names = self.program.names
        if node.name in ("setflag", "resetflag", "isflagset"):
            core_calls.declared(node.args[0], names.flags, "flag", self.report)
        elif node.name in ("setavpflag", "resetavpflag", "isavpflagset"):
            core_calls.declared(node.args[1], names.avpflags, "avpflag", self.report)
        elif node.name == "force_send_socket":
            self._late.append(lambda: core_calls.listened(node, self.program))
        elif node.name in ("cfg_select", "cfg_reset"):
            self._late.append(lambda: core_calls.known_group(node, self.program))
        if node.name in core_calls.WITH_HOST:
            core_calls.one_host(node, self.report)

    def _refused_in_onsend(self, what: str, span: Span) -> None:
        if not (what == "route()" and self.program.dialect.newer):
            self.report(Diagnostic("RT033", "error", f"{what} is not allowed in onsend_route", span))

    def _assign(self, node: Assign) -> None:
        if node.target.spec.transformations:
            text = "a variable with transformations can't be assigned"
            self.report(Diagnostic("PV004", "error", text, node.target.span, "assign to the variable itself"))
            return
        pv = self.pv(node.target)
        if pv is not None and not pv.writable:
            self.report(Diagnostic("PV004", "error", f"${pv.spec.name} is read-only", node.target.span))

    def _control(self, node: If | While | Switch | Leave) -> None:
        match node:
            case If():
                self._condition(node.condition, "if")
            case While():
                self._condition(node.condition, "while")
                self._int_only(node.condition)
            case Leave():
                if node.value is not None:
                    self._int_only(node.value)
            case Switch():
                self._late.append(lambda: check_case_labels(node, self.program.constants, self.report))

    def _condition(self, condition: Any, word: str) -> None:
        if self.program.types.of(condition) == "str":
            text = "a string is no condition: it is converted to a number"
            self.report(Diagnostic("EX006", "warning", text, condition.span, 'compare it, for example with != ""'))
        if self.program.constants.of(condition) is not None:
            self.report(Diagnostic("RT022", "warning", f"constant value in {word}(...)", condition.span))

    def _int_only(self, expression: Any) -> None:
        if self.program.types.of(expression) == "str":
            text = "bad type, integer expected"
            self.report(Diagnostic("RT014", "error", text, expression.span, "Kamailio does not start with a string here"))
