"""The shape of a declaration: what a module of Kamailio offers to a script, without what it does."""

from dataclasses import dataclass

from sroute.exports.demand import Demand

ANY = "any"
BASELINE = "5.6.3"
LATER = "later"


def in_version(version: str, since: str, until: str = "") -> bool:
    """Whether a version has what came with `since` and went with `until`; `later` is any version after 5.6.3."""
    here = _rank(version)
    came = since == BASELINE or (here > _rank(BASELINE) if since == LATER else here >= _rank(since))
    return came and not (until and here >= _rank(until))


def _rank(version: str) -> tuple[int, int]:
    major, minor, *_ = version.split(".")
    return int(major), int(minor)


@dataclass(frozen=True, slots=True)
class FunctionFact:
    """A script function with the numbers of parameters that share one set of rules.

    `routes` names the blocks where Kamailio's parser takes it: `any`, or some of request, failure, tm_onreply, branch, onsend, error,
    local, core_onreply, branch_failure, event.  The parser reads `route[X]` and every `event_route[X]` as request, `reply_route` as
    core_onreply and `onreply_route[X]` as tm_onreply.  With `constant` no argument may be a variable (text that holds one is fine), in
    versions before `dynamic_since`.  `args` are the kinds of its arguments, where the start looks at them: see exports.kinds;
    `text` is any.  The arity of a few newer functions is not known; it is empty then.
    """

    name: str
    arity: tuple[int, ...]
    routes: tuple[str, ...] = (ANY,)
    constant: bool = False
    dynamic_since: str = ""
    args: tuple[str, ...] = ()
    since: str = BASELINE

    def takes(self, count: int) -> bool:
        """Whether that many arguments are right, as far as is known."""
        return not self.arity or count in self.arity

    def allowed_in(self, kind: str) -> bool:
        """Whether the parser takes the function in a block of that kind."""
        return self.routes == (ANY,) or kind in self.routes


@dataclass(frozen=True, slots=True)
class ParamFact:
    """A module parameter: the types of value it takes (`int`, `str`, and `string` for one without zero bytes).

    With `call` each setting of it calls a function of the module, so that several may add up; without, the last one counts.
    """

    name: str
    types: tuple[str, ...]
    call: bool = False
    since: str = BASELINE
    until: str = ""

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
    """A pseudo-variable; with `inner` it must be written `$name(...)`, without it must not; `names` are the only ones in the brackets."""

    name: str
    writable: bool = False
    inner: bool = False
    index: bool = False
    names: tuple[str, ...] = ()
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
    start it unless one module of every group in `needs` is loaded before it; what those need in turn is not repeated.  `demands` are
    what its start asks of the parameters.  Not `complete` is
    a module of a later version of which only the name is known.
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
    demands: tuple[Demand, ...] = ()
    complete: bool = True
    since: str = BASELINE
    until: str = ""
