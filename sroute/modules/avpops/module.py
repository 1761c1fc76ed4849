"""The functions of avpops that work on AVPs alone."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope, reader
from sroute.exports.function import Bound
from sroute.exports.variable import Pv
from sroute.modules.avpops.arguments import (
    AvpArg,
    Avps,
    Kinds,
    Operation,
    OperationArg,
    ReadName,
    Source,
    Values,
    flags,
    kinds,
    read_name,
    split,
)
from sroute.modules.avpops.arguments import (
    avp as avp_variable,
)
from sroute.modules.avpops.declaration import AvpOps, avpops
from sroute.modules.pv.parameters import variable_end
from sroute.modules.textopsx.fnmatch import matches
from sroute.runtime.dset import Branch
from sroute.runtime.flow import AssignError
from sroute.runtime.regex import PARAMETER, BadPattern, searcher
from sroute.runtime.run import Run, Write
from sroute.runtime.values import parse_int, to_str, wrap32
from sroute.source.posix.errors import MatchLimitError
from sroute.source.posix.substitution import BadSubstitution, EmptyMatchError, Substitution, parse

_DIVIDING = {"div": "division by 0", "mod": "modulo by 0"}
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge", "re", "fm", "and", "or", "xor")
COMPUTATIONS: dict[str, Callable[[int, int], int]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1),
    "mod": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "not": lambda a, b: ~b,
}


class _SetArg(AvpArg):
    """`$avp(name)/flags`, s and n not together."""

    __slots__ = ()

    def parse(self, text: str, names: Names) -> tuple[Pv, Pv | None, str]:
        """The AVP and the flags."""
        parsed = super().parse(text, names)
        if "s" in parsed[2] and "n" in parsed[2]:
            raise FixupError("invalid flag combination <n> and 's|S'")
        return parsed


@avpops.function("is_avp_set", _SetArg("esn"))
def is_avp_set(state: AvpOps, run: Run, avp: Avps) -> int:
    """True if an AVP has a value; `/s`: one that is text, `/n`: a number, `/e`: an empty text, or 0.

    Example: if (is_avp_set("$avp(x)/s")) xlog("text\\n");
    """
    name = avp.name(run)
    value = None if name is None else run.avps.get(name)
    if value is None:
        return -1
    if "n" in avp.flags:
        return 1 if isinstance(value, int) else -1
    if "e" in avp.flags:
        return 1 if value in ("", 0) else -1
    return -1 if "s" in avp.flags and isinstance(value, int) else 1


@dataclass(frozen=True, slots=True)
class Doomed:
    """What avp_delete() takes: an AVP by its name, or kinds of names; all of them, or the newest."""

    name: ReadName | None
    kinds: Kinds
    all: bool


@dataclass(frozen=True, slots=True)
class DoomedArg:
    """`$avp(name)/g`, `a/g`, `i`, `s`."""

    form: str = "$avp(name)/g"

    def parse(self, text: str, names: Names) -> tuple[Pv | None, Kinds, bool]:
        """The AVPs."""
        first, *rest = split(text)
        every = "g" in flags("".join(rest), "g")
        return (avp_variable(first, names), Kinds(""), every) if first.startswith("$") else (None, kinds(first), every)

    def bind(self, parsed: tuple[Pv | None, Kinds, bool], scope: Scope) -> Arg[Doomed]:
        """What reads the name."""
        pv, chosen, every = parsed
        return Constant(Doomed(None if pv is None else read_name(pv, scope), chosen, every))


@avpops.function("avp_delete", DoomedArg())
def avp_delete(state: AvpOps, run: Run, doomed: Doomed) -> int:
    """Deletes the newest value of an AVP, with `/g` all of them; -1 when there is none.

    In place of a name, `a` deletes all AVPs, `i` all with numbers for names, `s` all with texts.

    Example: avp_delete("$avp(x)/g"); avp_delete("a");
    """
    if doomed.name is None:
        found = [pair for pair in run.avps if doomed.kinds.fits(pair.name)]
        for pair in found:
            run.avps.remove(pair)
        return 1 if found else -1
    name = doomed.name(run)
    if name is None or not run.avps.count(name):
        return -1
    if doomed.all:
        run.avps.clear(name)
    else:
        run.avps.pop(name)
    return 1


@avpops.function("avp_copy", AvpArg("", lax=True), AvpArg("gdns"))
def avp_copy(state: AvpOps, run: Run, source: Avps, target: Avps) -> int:
    """Copies the newest value of an AVP to another, newest first; -1 when there is none.

    Flags behind the second: g all values, d the first AVP loses them, s as text, n as numbers.

    Example: avp_copy("$avp(x)", "$avp(y)/g");
    """
    old, new = source.name(run), target.name(run)
    if old is None or new is None or not run.avps.count(old):
        return -1
    values = run.avps.all(old)
    for value in values if "g" in target.flags else values[:1]:
        made: int | str | None = str(value) if "s" in target.flags else value
        if "n" in target.flags and isinstance(made, str):
            made = parse_int(made) if made else None
        if made is None:
            return state.complain(run, "cannot convert str to int")
        if "d" in target.flags:
            run.avps.pop(old)
        run.avps.push(new, made)
    return 1


# ---------------------------------------------------------------- comparing and computing


@avpops.function("avp_check", Source(), OperationArg(COMPARISONS, "ig"))
def avp_check(state: AvpOps, run: Run, values: Values, operation: Operation) -> int:
    """Compares the newest value of an AVP (or variable): eq ne lt le gt ge re fm and or xor; `i:5` is a number.

    Flags: g any of the values will do, i without regard to case (as lt, le, gt, ge always). -1 when it does not hold, or the types differ.

    Example: if (avp_check("$avp(x)", "eq/i:5")) xlog("five\\n");
    """
    every = "g" in operation.flags
    found, wanted = values.read(run), operation.values(run)
    for value in found if every else found[:1]:
        for other in wanted if every else wanted[:1]:
            if isinstance(value, int) != isinstance(other, int):
                state.complain(run, "value types don't match")
            elif _holds(operation, value, other):
                return 1
    return -1


def _holds(operation: Operation, value: int | str, wanted: int | str) -> bool:
    operator = operation.operator
    if isinstance(value, int) and isinstance(wanted, int):
        if operator in ("and", "or", "xor"):
            return bool(COMPUTATIONS[operator](value, wanted))
        return _compared(operator, (value > wanted) - (value < wanted))
    left, right = to_str(value), to_str(wanted)
    if operator == "re":
        try:
            return bool(searcher(right, PARAMETER)(left))
        except (BadPattern, MatchLimitError):
            return False
    if operator == "fm":
        return matches(left, right)
    if "i" in operation.flags or operator not in ("eq", "ne"):  # 5.6.3 orders without regard to case
        left, right = left.lower(), right.lower()
    return _compared(operator, (left > right) - (left < right))


def _compared(operator: str, order: int) -> bool:
    return {"eq": order == 0, "ne": order != 0, "lt": order < 0, "le": order <= 0, "gt": order > 0, "ge": order >= 0}.get(operator, False)


@avpops.function("avp_op", AvpArg("", two=True), OperationArg(tuple(COMPUTATIONS), "gd", number=True))
def avp_op(state: AvpOps, run: Run, avp: Avps, operation: Operation) -> int:
    """Computes with each number of an AVP, newest first, and adds the results to it, or to a second one; -1 without any.

    add, sub, mul, div, mod, and, or, xor, not: `avp_op("$avp(x)/$avp(y)", "mul/i:2")`. A division by 0 gives 0. Flag d deletes the
    numbers that were computed with; there is nothing that g changes.

    Example: $avp(x) = 5; avp_op("$avp(x)", "add/i:3"); xlog("$avp(x)\\n");
    """
    name, operand = avp.name(run), operation.value(run)
    target = name if avp.target is None else avp.target(run)
    pairs = [pair for pair in run.avps if pair.name == name and isinstance(pair.value, int)]
    if not pairs or target is None or not isinstance(operand, int):
        return -1
    for pair in pairs:
        assert isinstance(pair.value, int)
        if operation.operator in _DIVIDING and not operand:
            state.complain(run, _DIVIDING[operation.operator])
            run.avps.push(target, 0)
        else:
            run.avps.push(target, wrap32(COMPUTATIONS[operation.operator](pair.value, operand)))
        if "d" in operation.flags:
            run.avps.remove(pair)
    return 1


# ---------------------------------------------------------------- substitution, pushing


@dataclass(frozen=True, slots=True)
class Subst:
    """`/pattern/replacement/flags`."""

    form: str = "/pattern/replacement/flags"

    def parse(self, text: str, names: Names) -> Substitution[Pv]:
        """The substitution."""

        def variable(whole: str, at: int) -> tuple[Pv, int]:
            end = variable_end(whole, at)
            return names.pv(whole[at:end]), end

        try:
            return parse(text, variable)
        except BadSubstitution as bad:
            raise FixupError(str(bad)) from None
        except BadPattern as bad:
            raise FixupError(f"bad regular expression: {bad.reason}") from None

    def bind(self, parsed: Substitution[Pv], scope: Scope) -> Arg[Callable[[Run, str], str | None]]:
        """What changes a text; None without a match."""
        readers = {id(piece.value): scope.read(piece.value) for piece in parsed.pieces if hasattr(piece, "value")}

        def change(run: Run, text: str) -> str | None:
            try:
                return parsed.apply(text, lambda pv: to_str(readers[id(pv)](run)), run.message.uri)
            except (EmptyMatchError, MatchLimitError):
                return None

        return Constant(change)


@avpops.function("avp_subst", AvpArg("gd", two=True), Subst())
def avp_subst(state: AvpOps, run: Run, avp: Avps, change: Callable[[Run, str], str | None]) -> int:
    """Changes the newest text of an AVP that matches, in place or as a value of a second AVP; -1 without a match.

    Flags: g all that match, d they are deleted from the first.

    Example: $avp(x) = "alice@x"; avp_subst("$avp(x)", "/(.*)@(.*)/\\\\2/"); xlog("$avp(x)\\n");
    """
    name = avp.name(run)
    target = name if avp.target is None else avp.target(run)
    if name is None or target is None:
        return -1
    done = -1
    for pair in [found for found in run.avps if found.name == name]:
        new = change(run, pair.value) if isinstance(pair.value, str) else None
        if new is None:
            continue
        if avp.target is None or "d" in avp.flags:
            run.avps.remove(pair)
        run.avps.push(target, new)
        done = 1
        if "g" not in avp.flags:
            break
    return done


@avpops.function("avp_subst_pv", AvpArg("gd", two=True), FORMAT, bound=True)
def avp_subst_pv(scope: Scope, state: AvpOps, avp: Constant[Avps], expression: Arg[str]) -> Bound:
    """As avp_subst(), with variables in the whole expression; -3 for one that is none.

    Example: $avp(x) = "alice"; $var(c) = "a"; avp_subst_pv("$avp(x)", "/$var(c)/A/"); xlog("$avp(x)\\n");
    """
    text, fixup = reader(expression), Subst()

    def change(run: Run) -> int:
        written = text(run)
        try:
            made = fixup.bind(fixup.parse(written, scope.names), scope)
        except FixupError as error:
            state.complain(run, f"{error.message} in {written}")
            state.complain(run, f"bad subst re {written}")
            return -3
        assert isinstance(made, Constant)
        code: int = avp_subst(state, run, avp.value, made.value)
        return code

    return change


@dataclass(frozen=True, slots=True)
class Destination:
    """`$ru`, `$ru/username`, `$ru/domain`, `$du`, `$br`."""

    form: str = "destination"

    def parse(self, text: str, names: Names) -> Pv:
        """The variable that is written."""
        first, *rest = split(text)
        name = first.strip()
        part = "".join(rest)
        if name not in ("$ru", "$du", "$br") or part not in ("", "username", "domain") or (part and name != "$ru"):
            raise FixupError(f"unsupported destination {text}")
        return names.pv({"username": "$rU", "domain": "$rd"}.get(part, name))

    def bind(self, parsed: Pv, scope: Scope) -> Arg[tuple[str, Write]]:
        """Its name and its writer."""
        return Constant((parsed.variable.name, scope.write(parsed)))


@dataclass(frozen=True, slots=True)
class PushedArg:
    """`$avp(name)/g`, or any variable."""

    form: str = "variable/g"

    def parse(self, text: str, names: Names) -> tuple[Pv, bool]:
        """The variable, and whether all its values are meant."""
        first, *rest = split(text)
        return names.pv(first), "g" in flags("".join(rest), "g")

    def bind(self, parsed: tuple[Pv, bool], scope: Scope) -> Arg[Callable[[Run], list[int | str]]]:
        """What reads the values."""
        pv, every = parsed
        found = Source().bind(pv, scope)
        assert isinstance(found, Constant)
        read = found.value.read
        return Constant(read if every else lambda run: read(run)[:1])


@avpops.function("avp_pushto", Destination(), PushedArg(), bound=True)
def avp_pushto(
    scope: Scope, state: AvpOps, destination: Constant[tuple[str, Write]], source: Constant[Callable[[Run], list[int | str]]]
) -> Bound:
    """Writes the newest value of an AVP, or a variable, into `$ru` (or its `/username`, `/domain`), `$du`, or as a branch (`$br`).

    With `/g` all values: those that `$ru` had in between become branches.

    Example: $avp(x) = "sip:a@b"; avp_pushto("$ru", "$avp(x)"); xlog("$ru\\n");
    """
    name, write = destination.value

    def push(run: Run) -> int:
        values = source.value(run)
        for number, value in enumerate(values):
            if number and name in ("ru", "rU", "rd"):
                run.dset.branches.append(Branch(run.message.uri, run.message.dst_uri or ""))
            try:
                write(run, to_str(value))
            except AssignError as error:
                return state.complain(run, str(error))
        return 1 if values else -1

    return push


@avpops.function("avp_print")
def avp_print(state: AvpOps, run: Run) -> int:
    """Writes all AVPs into the log, at level INFO.

    Example: avp_print();
    """
    assert state.services is not None
    for pair in run.avps:
        state.services.diag("INFO", f"name=[{pair.name}] value=[{pair.value}]", "avpops", run.at)
    return 1
