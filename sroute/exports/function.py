"""Functions as modules declare them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import AnyFixup
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run

Implementation = Callable[..., Any]
"""(state, run, *values) -> return code; or, for a bound one, (scope, state, *args) -> Callable[[Run], int]."""
Bound = Callable[[Run], int]


@dataclass(frozen=True, slots=True)
class Function:
    """One form of a function: its name with one number of arguments.

    constant says that arguments can't be computed (Kamailio: a fixup without its counterpart that frees). simulated is
    False where only the declaration is known. bound says that the implementation is a factory that runs once, when the
    instance binds its script, for what is worth preparing.
    """

    name: str
    module: str
    params: tuple[AnyFixup, ...]
    names: tuple[str, ...]
    implementation: Implementation
    doc: str
    routes: Routes = Routes.ANY
    constant: bool = False
    bound: bool = False
    simulated: bool = True
    example: str = ""
    since: str = ""

    @property
    def signature(self) -> str:
        """The form as it is written, for people."""
        return f"{self.name}({', '.join(self.names)})"


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A call in a script with its arguments parsed; None stands for an argument that is computed at each call."""

    function: Function
    parsed: tuple[Any, ...]
