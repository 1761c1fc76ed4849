"""Arguments of the older functions (`fix_param_types`): what begins with `$` and is no variable is the name of an AVP, `@` a select.

Of a text that begins with a variable only that counts, as in every argument that may be a variable: `"$rU not here"` is `$rU`.

Kamailio says nothing when such an AVP is not there: the function goes on as without the argument.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sroute.exports.fixups import AnyFixup, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.runtime.run import Run
from sroute.runtime.values import Value, to_str
from sroute.syntax.pvparse import leading

T = TypeVar("T")
_AVP = re.compile(r"\$(?:[iI]:[0-9]+|[sS]:.+|(?:(?:f|fu|fr|fd|t|tu|tr|td|g)\.)?[^.:]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An AVP or a select in the place of an argument."""

    pv: Pv


@dataclass(frozen=True, slots=True)
class VariableOrText:
    """A variable, or a text in which none is looked for; null reads as empty."""

    form: str = "text"

    def parse(self, text: str, names: Names) -> str | Pv:
        """The variable or the text."""
        return names.pv(text) if text.startswith("$") else text

    def bind(self, parsed: str | Pv, scope: Scope) -> Arg[str]:
        """Its text."""
        if isinstance(parsed, str):
            return Constant(parsed)
        read = scope.read(parsed)
        return lambda run: to_str(read(run))


@dataclass(frozen=True, slots=True)
class OrAvp(Generic[T]):
    """An argument of its own kind, an AVP, or a select; `convert` makes its value of what these hold, None where it can't."""

    plain: AnyFixup
    convert: Callable[[Value], T | None]

    @property
    def form(self) -> str:
        """That of the plain argument."""
        return self.plain.form

    def parse(self, text: str, names: Names) -> Any:
        """What the plain argument takes, else the AVP or the select."""
        if text.startswith("@"):
            return Attribute(names.select(text[1:]))
        try:
            return self.plain.parse(leading(text), names)
        except FixupError:
            if _AVP.fullmatch(text.strip()) is None:
                raise
            return Attribute(names.avp(text.strip()[1:]))

    def bind(self, parsed: Any, scope: Scope) -> "Arg[T | None]":
        """The value, or None."""
        if not isinstance(parsed, Attribute):
            bound: Arg[T | None] = self.plain.bind(parsed, scope)
            return bound
        read, convert = scope.read(parsed.pv), self.convert

        def value(run: Run) -> T | None:
            found = read(run)
            return None if found is None else convert(found)

        return value


VARIABLE_OR_TEXT = VariableOrText()
