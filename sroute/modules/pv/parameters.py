"""Parameters of transformations: `{s.substr,$var(n),3}`. Text is taken apart at load; a variable is read at each use."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sroute.exports.fixups import FixupError, Names, Scope
from sroute.exports.module import Module
from sroute.exports.transformation import Apply
from sroute.exports.variable import Pv
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Value, to_str, wrap32

_BLANKS = " \t\n\r"
_NUMBER = re.compile(r"([+-]?)([0-9]+)")
_NAME = re.compile(r"\$[A-Za-z0-9_.?]*")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


class Kind(Enum):
    """What a parameter is."""

    NUMBER = "number"
    TEXT = "text"
    CHARACTER = "character"
    """One character, or a backslash and one of `n r t \\`."""


@dataclass(frozen=True, slots=True)
class Param:
    """A declared parameter; complaint is what Kamailio logs when its variable has no fitting value."""

    kind: Kind
    complaint: str = ""
    negative: str = ""
    """Where not empty, a negative number is refused with these words."""


Parsed = tuple[int | str | Pv, ...]


class Fault(Exception):
    """A transformation that complains: what Kamailio logs and which module does; result is what it gives nevertheless."""

    def __init__(self, *texts: str, source: str = "pv", result: Value = FAILED) -> None:
        """Without a result, it fails."""
        super().__init__(*texts)
        self.source = source
        self.result = result

    def say(self, services: Services, run: Run) -> None:
        """Logs it."""
        for text in self.args:
            services.diag("ERROR", text, self.source, run.at)


def number(complaint: str, negative: str = "") -> Param:
    """A number, or a variable that holds an int."""
    return Param(Kind.NUMBER, complaint, negative)


def text(complaint: str) -> Param:
    """A text up to the next comma, or a variable."""
    return Param(Kind.TEXT, complaint)


CHARACTER = Param(Kind.CHARACTER)


def none(raw: str | None, names: Names) -> Parsed:
    """The parser of a transformation without parameters."""
    if raw is not None:
        raise FixupError("takes no parameters")
    return ()


def parser(*params: Param, optional: int = 0) -> Callable[[str | None, Any], Parsed]:
    """The parser of a transformation with parameters, of which the last ones may be left out."""

    def parse(raw: str | None, names: Names) -> Parsed:
        cursor = Cursor(raw, names)
        found: list[int | str | Pv] = []
        for param in params:
            if cursor.done and len(found) >= len(params) - optional:
                break
            found.append(cursor.take(param))
        if not cursor.done:
            raise FixupError("too many parameters")
        return tuple(found)

    return parse


class Cursor:
    """Takes parameters off a text, one behind each comma."""

    __slots__ = ("_at", "_names", "_text")

    def __init__(self, raw: str | None, names: Names) -> None:
        """raw is the text behind the first comma, None without one."""
        self._text = "," + raw if raw is not None else ""
        self._at = 0
        self._names = names

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._text)

    @property
    def rest(self) -> str:
        """What is left, without its comma; taken with this."""
        left = self._text[self._at + 1 :]
        self._at = len(self._text)
        return left

    def take(self, param: Param) -> int | str | Pv:
        """The next parameter.

        Raises FixupError.
        """
        if self.done:
            raise FixupError("a parameter is missing")
        self._at += 1
        if param.kind is Kind.CHARACTER:
            return self._character()
        self._skip()
        if self._text.startswith("$", self._at):
            return self._variable()
        return self._number(param) if param.kind is Kind.NUMBER else self._word()

    def _skip(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in _BLANKS:
            self._at += 1

    def _end(self) -> None:
        self._skip()
        if not self.done and self._text[self._at] != ",":
            raise FixupError(f"unexpected {self._text[self._at :]!r} behind a parameter")

    def _character(self) -> str:
        char = self._text[self._at : self._at + 1]
        self._at += 1
        if char == "\\":
            escape = self._text[self._at : self._at + 1]
            self._at += 1
            if escape not in _ESCAPES:
                raise FixupError(f"unexpected escape char: {escape}")
            char = _ESCAPES[escape]
        if not char or not self.done:
            raise FixupError("one separator character is needed")
        return char

    def _variable(self) -> Pv:
        end = variable_end(self._text, self._at)
        spec = self._text[self._at : end]
        self._at = end
        self._end()
        return self._names.pv(spec)

    def _number(self, param: Param) -> int:
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            raise FixupError("a number or a variable is needed")
        self._at = match.end()
        self._end()
        value = wrap32(int(match[2][:4000]))
        if match[1] == "-":
            value = -value
        if value < 0 and param.negative:
            raise FixupError(param.negative)
        return value

    def _word(self) -> str:
        end = self._at
        while end < len(self._text) and self._text[end] not in "\t\n,":
            end += 1
        word = self._text[self._at : end]
        self._at = end
        if not self.done and self._text[end] != ",":
            raise FixupError(f"unexpected {self._text[end:]!r} behind a parameter")
        return word


def variable_end(source: str, at: int) -> int:
    """Where the pseudo-variable that begins at an offset ends: behind its name and its balanced parentheses."""
    match = _NAME.match(source, at)
    end = match.end() if match else at + 1
    if not source.startswith("(", end):
        return end
    depth = 0
    for position in range(end, len(source)):
        if source[position] == "(":
            depth += 1
        elif source[position] == ")":
            depth -= 1
            if not depth:
                return position + 1
    raise FixupError("a parenthesis is not closed")


def bound(scope: Scope, parsed: Parsed, params: Sequence[Param], apply: Callable[..., Value]) -> Apply:
    """The transformation `apply(text, *values)` with its parameters bound; null before it, or a parameter without value, fails it."""
    if not any(isinstance(value, Pv) for value in parsed):
        return _constant(scope, parsed, apply)
    read_all, services = reading(scope, parsed, params), scope.services

    def run_time(run: Run, value: Value) -> Value:
        if value is None or value is FAILED:
            return FAILED
        values = read_all(run)
        try:
            return FAILED if values is None else apply(to_str(value), *values)
        except Fault as fault:
            fault.say(services, run)
            return fault.result

    return run_time


def reading(scope: Scope, parsed: Parsed, params: Sequence[Param]) -> Callable[[Run], list[int | str] | None]:
    """Reads the values of parameters; None when one has none, which is said."""
    readers = [_reader(scope, value, param) for value, param in zip(parsed, params, strict=False)]

    def run_time(run: Run) -> list[int | str] | None:
        values = []
        for read in readers:
            found = read(run)
            if found is None:
                return None
            values.append(found)
        return values

    return run_time


def on_text(
    module: Module[Any], family: str, function: str, *params: Param, optional: int = 0, signature: str = "", since: str = ""
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declares `{family.function,...}` by what it does to a text: apply(text, *values); null before it fails it."""

    def declare(apply: Callable[..., Value]) -> Callable[..., Value]:
        def bind(parsed: Parsed, scope: Scope) -> Apply:
            return bound(scope, parsed, params, apply)

        bind.__doc__ = apply.__doc__
        parse = parser(*params, optional=optional) if params else none
        module.transformation(family, function, parse, signature, since)(bind)
        return apply

    return declare


def _constant(scope: Scope, parsed: tuple[Any, ...], apply: Callable[..., Value]) -> Apply:
    services = scope.services

    def run_time(run: Run, value: Value) -> Value:
        if value is None or value is FAILED:
            return FAILED
        try:
            return apply(to_str(value), *parsed)
        except Fault as fault:
            fault.say(services, run)
            return fault.result

    return run_time


def _carried(scope: Scope, pv: Pv) -> Callable[[Run], Value]:
    """A variable as a number: the one that its text carries (`$rm`, `$proto`), where it has one."""
    variable = pv.variable
    if variable.number is None or pv.transformations:
        return scope.read(pv)
    return variable.number(scope, variable.inner.bind(pv.inner, scope) if variable.inner is not None else None, None)


def _reader(scope: Scope, value: int | str | Pv, param: Param) -> Callable[[Run], int | str | None]:
    if not isinstance(value, Pv):
        return lambda run: value
    read = _carried(scope, value) if param.kind is Kind.NUMBER else scope.read(value)
    services = scope.services

    def text_of(run: Run) -> str | None:
        found = read(run)
        if found is None or found is FAILED:
            services.diag("ERROR", param.complaint, "pv", run.at)
            return None
        return to_str(found)

    def number_of(run: Run) -> int | None:
        found = read(run)
        if isinstance(found, int) and found is not FAILED and not (found < 0 and param.negative):
            return int(found)
        wrong = isinstance(found, int) and found is not FAILED
        services.diag("ERROR", param.negative if wrong else param.complaint, "pv", run.at)
        return None

    return number_of if param.kind is Kind.NUMBER else text_of
