"""The shape of a declaration: what a module of Kamailio offers to a script, without what it does."""

from dataclasses import dataclass

ANY = "any"
BASELINE = "5.6.3"


@dataclass(frozen=True, slots=True)
class FunctionFact:
    """A script function with the numbers of parameters that share one set of rules.

    `routes` names the blocks where Kamailio's parser takes it: `any`, or some of request, failure, tm_onreply, branch, onsend, error,
    local, core_onreply, branch_failure, event.  The parser reads `route[X]` and every `event_route[X]` as request, `reply_route` as
    core_onreply and `onreply_route[X]` as tm_onreply.  With `constant` no argument may be a variable (text that holds one is fine).
    """

    name: str
    arity: tuple[int, ...]
    routes: tuple[str, ...] = (ANY,)
    constant: bool = False
    since: str = BASELINE

    def allowed_in(self, kind: str) -> bool:
        """Whether the parser takes the function in a block of that kind."""
        return self.routes == (ANY,) or kind in self.routes


@dataclass(frozen=True, slots=True)
class ParamFact:
    """A module parameter: the types of value it takes (`int`, `str`, and `string` for one without zero bytes)."""

    name: str
    types: tuple[str, ...]
    call: bool = False
    since: str = BASELINE

    @property
    def takes_text(self) -> bool:
        """Whether a string is a value for it."""
        return "str" in self.types or "string" in self.types

    @property
    def takes_number(self) -> bool:
        """Whether an integer is a value for it."""
        return "int" in self.types


@dataclass(frozen=True, slots=True)
class VariableFact:
    """A pseudo-variable; with `inner` it must be written `$name(...)`, without it must not."""

    name: str
    writable: bool = False
    inner: bool = False
    index: bool = False
    since: str = BASELINE


@dataclass(frozen=True, slots=True)
class TransformationFact:
    """A class of transformations, `{name.member}`, and the members the parser was seen to take."""

    name: str
    members: tuple[str, ...] = ()
    since: str = BASELINE


@dataclass(frozen=True, slots=True)
class RpcFact:
    """An RPC command; `array` says that it may answer with several values."""

    name: str
    array: bool = False
    since: str = BASELINE


@dataclass(frozen=True, slots=True)
class EventRouteFact:
    """An event route that the module runs; a name that ends in `*` stands for all that begin so."""

    name: str
    since: str = BASELINE

    def matches(self, name: str) -> bool:
        """Whether a block with that name is one of these."""
        return name.startswith(self.name[:-1]) if self.name.endswith("*") else name == self.name


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything known about one module.

    `name` is the file that `loadmodule` takes, `param_name` what `modparam` calls it.  With its parameters left alone Kamailio does not
    start it unless one module of every group in `needs` is loaded before it; what those need in turn is not repeated.
    """

    name: str
    param_name: str
    package: str
    needs: tuple[tuple[str, ...], ...] = ()
    functions: tuple[FunctionFact, ...] = ()
    params: tuple[ParamFact, ...] = ()
    variables: tuple[VariableFact, ...] = ()
    transformations: tuple[TransformationFact, ...] = ()
    rpc: tuple[RpcFact, ...] = ()
    event_routes: tuple[EventRouteFact, ...] = ()
    selects: tuple[str, ...] = ()
    since: str = BASELINE
