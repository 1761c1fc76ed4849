"""Pseudo-variables and format strings as written: `$name(inner)[index]{transformation,params}`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transformation:
    """`{class.function,params}`; params is the raw text behind the first comma, None without one."""

    family: str
    function: str
    params: str | None


@dataclass(frozen=True, slots=True)
class PvSpec:
    """A pseudo-variable as written.

    text is the whole of it; inner the raw text between the parentheses of the name (None: no parentheses). index is an
    int, "*" for all, a PvSpec, or None. Meaning of inner belongs to the variable's declaration.
    """

    text: str
    name: str
    inner: str | None = None
    index: "int | str | PvSpec | None" = None
    transformations: tuple[Transformation, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A format string: literal pieces and pseudo-variables in order."""

    parts: tuple[str | PvSpec, ...]
