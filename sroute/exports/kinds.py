"""Kinds of arguments by name, for functions that are only declared: what Kamailio's start says about them."""

from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, INTEGER, TARGET, TEXT, VARIABLE, AnyFixup, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv


@dataclass(frozen=True, slots=True)
class Filled:
    """A text that is not empty."""

    form: str = "text"

    def parse(self, text: str, names: Names) -> str:
        """The text."""
        if not text:
            raise FixupError("it must not be empty")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """A constant."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that stands there as such."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int:
        """The number."""
        if text.startswith("$"):
            raise FixupError(f"{text} is a variable, a number is needed")
        parsed = INTEGER.parse(text, names)
        assert isinstance(parsed, int)
        return parsed

    def bind(self, parsed: int, scope: Scope) -> Arg[int]:
        """A constant."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Avp:
    """The name of an AVP in quotes."""

    form: str = "$avp(...)"

    def parse(self, text: str, names: Names) -> Pv:
        """The AVP."""
        pv = names.pv(text)
        if pv.spec.name != "avp":
            raise FixupError(f"{text} is no $avp(...)")
        return pv

    def bind(self, parsed: Pv, scope: Scope) -> Arg[Pv]:
        """The AVP itself."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Id:
    """A number, or the name of a `$var` or an `$avp` that holds one."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """The number or the variable."""
        if not text:
            raise FixupError("it must not be empty")
        parsed = INTEGER.parse(text, names)
        if not isinstance(parsed, int) and parsed.spec.name not in ("var", "avp"):
            raise FixupError(f"{text} is no $var(...) and no $avp(...)")
        return parsed

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int]:
        """The number, or what reads it."""
        return INTEGER.bind(parsed, scope)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words; `folded`: in any case."""

    words: tuple[str, ...]
    folded: bool = False

    @property
    def form(self) -> str:
        """The words."""
        return "|".join(self.words)

    def parse(self, text: str, names: Names) -> str:
        """The word."""
        if (text.lower() if self.folded else text) not in self.words:
            raise FixupError(f"{text!r} is none of {', '.join(self.words)}")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """A constant."""
        return Constant(parsed)


_KINDS: dict[str, AnyFixup] = {
    "text": TEXT,
    "format": FORMAT,
    "int": INTEGER,
    "number": Number(),
    "id": Id(),
    "variable": VARIABLE,
    "writable": TARGET,
    "avp": Avp(),
    "filled": Filled(),
}


def kind(name: str) -> AnyFixup:
    """The fixup of a kind: text, format, int, number, id, variable, writable, avp, filled, or words between bars (`all|caller`)."""
    return _KINDS[name] if name in _KINDS else OneOf(tuple(name.split("|")), folded=True)
