"""Kinds of arguments of tm and sl: codes, phrases, handlers."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.loose import OrAvp
from sroute.exports.variable import Pv
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.values import Value, parse_int, to_str


@dataclass(frozen=True, slots=True)
class MaybeInt:
    """A number, or one variable: None, with Kamailio's complaint, when that holds no int (not even as text)."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        if text.startswith("$"):
            return names.pv(text)
        number = parse_int(text) if text[:2].lower() != "0x" else None
        if number is None:
            raise FixupError(f"{text!r} is neither a number nor a variable")
        return number

    def bind(self, parsed: int | Pv, scope: Scope) -> "Arg[int | None]":
        """The number."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read, services = scope.read(parsed), scope.services

        def number(run: Run) -> int | None:
            value = read(run)
            if isinstance(value, int):
                return value
            services.diag("ERROR", "Could not convert PV to int", "core", run.at)
            return None

        return number


@dataclass(frozen=True, slots=True)
class MaybeText:
    """A format, or one variable: None, with Kamailio's complaint, when that is null."""

    form: str = "format"

    def parse(self, text: str, names: Names) -> "tuple[str | Pv, ...]":
        """The pieces of the format."""
        return names.format(text)

    def bind(self, parsed: "tuple[str | Pv, ...]", scope: Scope) -> "Arg[str | None]":
        """The text."""
        if len(parsed) != 1 or isinstance(parsed[0], str):
            return _as_maybe(scope.text(parsed))
        read, services = scope.read(parsed[0]), scope.services

        def text(run: Run) -> str | None:
            value = read(run)
            if value is not None:
                return to_str(value)
            services.diag("ERROR", "Could not convert PV to str", "core", run.at)
            return None

        return text


def _as_maybe(arg: Arg[str]) -> "Arg[str | None]":
    if isinstance(arg, Constant):
        return Constant(arg.value)
    call: Callable[[Run], str] = arg
    return call


def to_int(value: Value) -> int | None:
    """A number, also one that is written as text."""
    return value if isinstance(value, int) else parse_int(value or "")


@dataclass(frozen=True, slots=True)
class Handler:
    """The name of a block that a function sets, to be run later; `0` stands for none."""

    function: str
    kind: Routes
    prefix: str = ""
    form: str = "route"

    def parse(self, text: str, names: Names) -> str:
        """The name as it is; empty for none."""
        return "" if text == "0" else text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The name. A block that the script does not have is set all the same, with Kamailio's warning."""
        if parsed and not scope.names.has_route(self.kind, self.prefix + parsed):
            scope.services.diag("WARNING", f'{self.function}("{parsed}"): empty/non existing route', "tm")
        return Constant(parsed)


MAYBE_INT = MaybeInt()
MAYBE_TEXT = MaybeText()
CODE = OrAvp(MAYBE_INT, to_int)
REASON = OrAvp(MAYBE_TEXT, to_str)
