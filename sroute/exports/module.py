"""A module: the place where its exports are declared.

A declaration is the implementation's decorator. State is made per instance by `state()` and comes in first::

    maxfwd = Module("maxfwd", MaxForwards, "Max-Forwards processing.")

    @maxfwd.function("mf_process_maxfwd_header", INTEGER)
    def process(state: MaxForwards, run: Run, limit: int) -> int:
        '''Lower Max-Forwards, or add it.  (first line: shown to users)

        Example: if (!mf_process_maxfwd_header("10")) { ... }
        '''

Where the facts of the Debian package know a function, its route kinds and whether its arguments must be constant come
from there (see `modules`); the decorator says them only for what is newer.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

from sroute.exports.demand import Demand
from sroute.exports.fixups import AnyFixup
from sroute.exports.function import Function, Implementation
from sroute.exports.param import Param, ParamType
from sroute.exports.rpc import Rpc, RpcImplementation
from sroute.exports.select import Family, Select
from sroute.exports.transformation import Apply, Transformation
from sroute.exports.variable import ReadFactory, Variable
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value

S = TypeVar("S")
F = TypeVar("F", bound=Callable[..., Any])


class InitError(Exception):
    """A module that can't start: Kamailio dies here; args[0] is its reason."""


@dataclass(frozen=True, slots=True)
class EventRoute:
    """An event route that a module runs; `<x>` in the name stands for any text."""

    name: str
    module: str
    doc: str


@dataclass(slots=True)
class Hooks(Generic[S]):
    """When an instance calls a module: all optional, (state, ...) each."""

    init: list[Callable[[S, Any], None]] = field(default_factory=list)
    """(state, scope) at start, after the parameters; raises InitError."""
    child_init: list[Callable[[S, Any], None]] = field(default_factory=list)
    """(state, scope) once for the worker, after all init."""
    destroy: list[Callable[[S], None]] = field(default_factory=list)
    """(state) at shutdown."""
    pre_script: list[Callable[[S, Run], bool]] = field(default_factory=list)
    """(state, run) before a request route; False: the message is not routed."""
    post_script: list[Callable[[S, Run], None]] = field(default_factory=list)
    """(state, run) after a request route."""
    reply: list[Callable[[S, Run], bool]] = field(default_factory=list)
    """(state, run) for a reply after the core's reply_route; False: it is not forwarded."""
    foreign: list[Callable[[S, str, Any, Any], bool]] = field(default_factory=list)
    """(state, text, source, destination) for what is no SIP message; True: the module has taken it."""
    tables: list[Callable[[S], dict[str, dict[str, Value]]]] = field(default_factory=list)
    """(state) -> items by table, for people who want to see what a script keeps."""


class Module(Generic[S]):
    """A simulated module. state is called with no arguments once per instance."""

    def __init__(self, name: str, state: Callable[[], S], doc: str, *, requires: tuple[str, ...] = ()) -> None:
        """requires names modules without which Kamailio does not start this one."""
        self.name = name
        self.state = state
        self.doc = doc
        self.requires = requires
        self.demands: tuple[Demand, ...] = ()
        self.functions: dict[tuple[str, int], Function] = {}
        self.params: dict[str, Param] = {}
        self.variables: dict[str, Variable] = {}
        self.transformations: dict[tuple[str, str], Transformation] = {}
        self.selects: dict[str, Select] = {}
        self.rpcs: dict[str, Rpc] = {}
        self.events: dict[str, EventRoute] = {}
        self.hooks: Hooks[S] = Hooks()

    def function(
        self, name: str, *params: AnyFixup, bound: bool = False, since: str = "", routes: Routes = Routes.ANY, constant: bool = False
    ) -> Callable[[Implementation], Implementation]:
        """Declares one form of a function; stack it for several. bound: the function is a factory (scope, state, *args)."""

        def declare(implementation: Implementation) -> Implementation:
            doc, example = split_doc(implementation)
            names = tuple(inspect.signature(implementation).parameters)[2 : 2 + len(params)]
            self.functions[name, len(params)] = Function(
                name, self.name, params, names, implementation, doc, routes, constant, bound, example=example, since=since
            )
            return implementation

        return declare

    def setting(self, name: str, *types: ParamType, attribute: str = "", doc: str, fixup: AnyFixup | None = None, since: str = "") -> None:
        """Declares a parameter that sets an attribute of the state (by default the one of its name)."""
        attr = attribute or name
        self.params[name] = Param(name, self.name, types, doc, lambda state, value: setattr(state, attr, value), fixup, since=since)

    def param(self, name: str, *types: ParamType, fixup: AnyFixup | None = None, since: str = "") -> Callable[[F], F]:
        """Declares a parameter with a function (state, value); it raises ParamError. It may be given several times."""

        def declare(apply: F) -> F:
            self.params[name] = Param(name, self.name, types, split_doc(apply)[0], apply, fixup, since=since)
            return apply

        return declare

    def variable(
        self, name: str, *aliases: str, static: Literal["int", "str", "any"] = "any", since: str = ""
    ) -> Callable[[Read], Variable]:
        """Declares a variable without inner name and index by its reader(run); `.setter` on the result declares the writer."""

        def declare(read: Read) -> Variable:
            made = Variable(name, self.name, lambda scope, inner, index: read, "", static=static, since=since, aliases=aliases)
            return self._add(made, read)

        return declare

    def variables_of(
        self,
        name: str,
        *aliases: str,
        inner: AnyFixup | None = None,
        required: bool = True,
        index: bool = False,
        static: Literal["int", "str", "any"] = "any",
        since: str = "",
    ) -> Callable[[ReadFactory], Variable]:
        """Declares a variable by a factory (scope, inner, index) -> reader; `.writer` on the result declares the writer's."""

        def declare(factory: ReadFactory) -> Variable:
            need = required and inner is not None
            made = Variable(name, self.name, factory, "", inner, need, index, static, since=since, aliases=aliases)
            return self._add(made, factory)

        return declare

    def _add(self, variable: Variable, documented: object) -> Variable:
        variable.doc, variable.example = split_doc(documented)
        for name in (variable.name, *variable.aliases):
            self.variables[name] = variable
        return variable

    def select(self, name: str, *, late: bool = False) -> Callable[[Family], Family]:
        """Declares the selects that begin with a name: `@name...`, by what takes the index of the name and the parts behind it."""

        def declare(family: Family) -> Family:
            doc, example = split_doc(family)
            self.selects[name] = Select(name, self.name, family, doc, example, late)
            return family

        return declare

    def transformation(
        self, family: str, function: str, parse: Callable[[str | None, Any], Any], signature: str = "", since: str = ""
    ) -> Callable[[Callable[[Any, Any], Apply]], Callable[[Any, Any], Apply]]:
        """Declares `{family.function,...}` by bind(parsed, scope) -> apply(run, value)."""

        def declare(bind: Callable[[Any, Any], Apply]) -> Callable[[Any, Any], Apply]:
            doc, example = split_doc(bind)
            self.transformations[family, function] = Transformation(
                family, function, self.name, parse, bind, doc, signature, example, since
            )
            return bind

        return declare

    def rpc(self, name: str, params: str = "", *, array: bool = False) -> Callable[[RpcImplementation], RpcImplementation]:
        """Declares an RPC command by (state, services, arguments) -> result."""

        def declare(implementation: RpcImplementation) -> RpcImplementation:
            self.rpcs[name] = Rpc(name, self.name, implementation, split_doc(implementation)[0], params, array)
            return implementation

        return declare

    def event_route(self, name: str, doc: str) -> None:
        """Declares an event route that the module runs."""
        self.events[name] = EventRoute(name, self.name, doc)

    def copy(self) -> "Module[S]":
        """A module with the same exports, to which others can be added."""
        made = Module(self.name, self.state, self.doc, requires=self.requires)
        made.functions, made.params, made.variables = dict(self.functions), dict(self.params), dict(self.variables)
        made.transformations, made.rpcs, made.events = dict(self.transformations), dict(self.rpcs), dict(self.events)
        made.selects = dict(self.selects)
        made.hooks, made.demands = self.hooks, self.demands
        return made

    def copy_function(self, known: Function, name: str) -> None:
        """Declares another name for a function."""
        self.functions[name, len(known.params)] = replace(known, name=name)


def split_doc(documented: object) -> tuple[str, str]:
    """The doc text of a declaration and the text behind `Example:`."""
    doc = inspect.getdoc(documented) or ""
    text, _, example = doc.partition("Example:")
    return text.strip(), example.strip()
