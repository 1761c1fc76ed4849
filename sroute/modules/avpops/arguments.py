"""Arguments of avpops: `$avp(name)/flags`, `operator/value/flags`."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope, reader
from sroute.exports.variable import Pv
from sroute.modules.pv.avps import AvpNameFixup
from sroute.runtime.avp import AvpName
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value, parse_int

ReadName = Callable[[Run], AvpName | None]
NAME = AvpNameFixup()


@dataclass(frozen=True, slots=True)
class Avps:
    """An AVP's name and the flags behind it; a second name where one is written."""

    name: ReadName
    flags: str = ""
    target: ReadName | None = None


def split(text: str) -> list[str]:
    """The parts between the slashes that stand outside of brackets."""
    parts, depth, at = [], 0, 0
    for place, char in enumerate(text):
        depth += (char in "({[") - (char in ")}]")
        if char == "/" and depth <= 0:
            parts.append(text[at:place])
            at = place + 1
    return [*parts, text[at:]]


def avp(text: str, names: Names) -> Pv:
    """The variable of a text, which must be an AVP."""
    pv = names.pv(text.strip())
    if pv.variable.name != "avp" or pv.transformations:
        raise FixupError(f"{text} is no AVP")
    return pv


def flags(text: str, known: str) -> str:
    """Flags, each of which must be known."""
    wrong = next((flag for flag in text if flag.lower() not in known), None)
    if wrong is not None:
        raise FixupError(f"invalid flag '{wrong}'")
    return text.lower()


@dataclass(frozen=True, slots=True)
class AvpArg:
    """`$avp(name)/flags`; with two also `$avp(name)/$avp(target)/flags`."""

    known: str
    two: bool = False
    form: str = "$avp(name)/flags"

    def parse(self, text: str, names: Names) -> tuple[Pv, Pv | None, str]:
        """The AVPs and the flags."""
        first, *rest = split(text)
        target = avp(rest.pop(0), names) if self.two and rest and rest[0].startswith("$") else None
        return avp(first, names), target, flags("".join(rest), self.known)

    def bind(self, parsed: tuple[Pv, Pv | None, str], scope: Scope) -> Arg[Avps]:
        """What reads the names."""
        source, target, given = parsed
        return Constant(Avps(_name(source, scope), given, None if target is None else _name(target, scope)))


def _name(pv: Pv, scope: Scope) -> ReadName:
    return reader(NAME.bind(pv.inner, scope))


@dataclass(frozen=True, slots=True)
class Values:
    """What is compared: all values of an AVP, newest first, or that of another variable."""

    read: Callable[[Run], list[int | str]]


@dataclass(frozen=True, slots=True)
class Source:
    """An AVP, or any variable."""

    form: str = "variable"

    def parse(self, text: str, names: Names) -> Pv:
        """The variable."""
        return names.pv(text)

    def bind(self, parsed: Pv, scope: Scope) -> Arg[Values]:
        """What reads its values."""
        if parsed.variable.name == "avp" and not parsed.transformations and parsed.index is None:
            name = _name(parsed, scope)

            def stack(run: Run) -> list[int | str]:
                found = name(run)
                return [] if found is None else run.avps.all(found)

            return Constant(Values(stack))
        read = scope.read(parsed)

        def single(run: Run) -> list[int | str]:
            value = read(run)
            return [] if value is None else [value]

        return Constant(Values(single))


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator, what reads its value, and flags."""

    operator: str
    value: Callable[[Run], Value]
    flags: str


@dataclass(frozen=True, slots=True)
class OperationArg:
    """`operator/value/flags`; a value is `i:5`, `s:text`, text, or a variable."""

    operators: tuple[str, ...]
    known: str
    number: bool = False
    form: str = "operator/value/flags"

    def parse(self, text: str, names: Names) -> tuple[str, int | str | Pv, str]:
        """The parts."""
        operator, *rest = split(text)
        operator = operator.strip().lower()
        if operator not in self.operators or not rest:
            raise FixupError(f"unknown operation {text}")
        return operator, self._value(rest[0], names), flags("".join(rest[1:]), self.known)

    def _value(self, text: str, names: Names) -> int | str | Pv:
        if text.startswith("$"):
            return names.pv(text)
        if text.startswith("i:"):
            number = parse_int(text[2:]) if text[2:] else None
            if number is None:
                raise FixupError(f"{text} is no number")
            return number
        if self.number:
            raise FixupError("value must be int")
        return text.removeprefix("s:")

    def bind(self, parsed: tuple[str, int | str | Pv, str], scope: Scope) -> Arg[Operation]:
        """The operation with what reads its value."""
        operator, value, given = parsed
        read: Read = scope.read(value) if isinstance(value, Pv) else _fixed(value)
        return Constant(Operation(operator, read, given))


def _fixed(value: int | str) -> Read:
    return lambda run: value
