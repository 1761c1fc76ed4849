"""Transformations as modules declare them: `{family.function,params}`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sroute.runtime.run import Run
from sroute.runtime.values import Value

Apply = Callable[[Run, Value], Value]
"""A bound transformation: the value before it to the value after it."""


@dataclass(frozen=True, slots=True)
class Transformation:
    """The declaration of one function of a transformation class.

    parse takes the raw parameter text (None without one) and the names, and raises FixupError; bind turns what it gave
    into the function that is applied.
    """

    family: str
    function: str
    module: str
    parse: Callable[[str | None, Any], Any]
    bind: Callable[[Any, Any], Apply]
    doc: str
    signature: str = ""
    example: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Tr:
    """A transformation in a script with its parameters parsed."""

    declaration: Transformation
    parsed: Any
