"""Arguments of avpops: `$avp(name)/flags`, `operator/value/flags`."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope, reader
from sroute.exports.variable import Pv
from sroute.modules.pv.avps import AvpNameFixup
from sroute.runtime.avp import AvpName
from sroute.runtime.regex import PARAMETER, BadPattern, searcher
from sroute.runtime.run import Run
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


def read_name(pv: Pv, scope: Scope) -> ReadName:
    """What reads the name of an AVP."""
    return reader(NAME.bind(pv.inner, scope))


@dataclass(frozen=True, slots=True)
class Kinds:
    """`a`, `i` or `s`: all AVPs, those with numbers for names, those with texts; flags are script flags that they get."""

    letter: str
    flags: int = 0

    def fits(self, name: AvpName) -> bool:
        """Whether an AVP of that name is meant."""
        return self.letter not in ("i", "s") or isinstance(name, int) == (self.letter == "i")


def kinds(text: str) -> Kinds:
    """Takes `a`, `i`, `s` with a number behind, which has a bit for each script flag."""
    letter, digits = text[:1].lower(), text[1:]
    if not text or letter not in ("a", "i", "s") or (digits and not digits.isdecimal()):
        raise FixupError("bad param - expected : $avp(name), *, s or i value" if not text else "bad param - expected : *, s or i AVP flag")
    return Kinds(letter, int(digits or 0))


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
    lax: bool = False
    """What stands behind is not looked at."""

    def parse(self, text: str, names: Names) -> tuple[Pv, Pv | None, str]:
        """The AVPs and the flags."""
        first, *rest = split(text)
        if self.lax:
            return avp(first, names), None, ""
        target = avp(rest.pop(0), names) if self.two and rest and rest[0].startswith("$") else None
        return avp(first, names), target, flags("".join(rest), self.known)

    def bind(self, parsed: tuple[Pv, Pv | None, str], scope: Scope) -> Arg[Avps]:
        """What reads the names."""
        source, target, given = parsed
        return Constant(Avps(read_name(source, scope), given, None if target is None else read_name(target, scope)))


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
            name = read_name(parsed, scope)

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
    """An operator, what reads its value (of an AVP all of them), and flags."""

    operator: str
    value: Callable[[Run], Value]
    flags: str
    values: Callable[[Run], list[int | str]]


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
        value = self._value(rest[0], names)
        if operator == "fm" and isinstance(value, int):
            raise FixupError("fast_match operation requires string value or avp name/alias")
        if operator == "re" and isinstance(value, str):
            try:
                searcher(value, PARAMETER)
            except BadPattern as bad:
                raise FixupError(f"bad re <{value}>: {bad.reason}") from None
        return operator, value, flags("".join(rest[1:]), self.known)

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
        plain = text.removeprefix("s:")
        if not plain:
            raise FixupError(f"parse error in <{text}>")
        return plain

    def bind(self, parsed: tuple[str, int | str | Pv, str], scope: Scope) -> Arg[Operation]:
        """The operation with what reads its value."""
        operator, value, given = parsed
        if not isinstance(value, Pv):
            return Constant(Operation(operator, lambda run: value, given, lambda run: [value]))
        found = Source().bind(value, scope)
        assert isinstance(found, Constant)
        return Constant(Operation(operator, scope.read(value), given, found.value.read))
