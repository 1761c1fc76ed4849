"""Flags of the message, the branch and the script: `$mf`, `$bf`, `$sf`, in hex, and one by one."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index
from sroute.modules.pv.module import pv
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.values import Spelled, Value, wrap32

HIGHEST = 31
_MASK = 0xFFFFFFFF


class FlagNumber:
    """The number of a flag, 0 to 31, or the name of a declared one."""

    form = "flag"

    def parse(self, text: str, names: Names) -> int:
        """The number."""
        number = int(text) if text.lstrip("-").isdigit() and len(text) < 10 else names.flag(text)
        if number is None:
            raise FixupError(f"flag not declared: [{text}]")
        if not 0 <= number <= HIGHEST:
            raise FixupError(f"message flag {number} too high; MAX={HIGHEST}")
        return number

    def bind(self, parsed: int, scope: Scope) -> Arg[int]:
        """The number."""
        return Constant(parsed)


FLAG_NUMBER = FlagNumber()


@dataclass(frozen=True, slots=True)
class Word:
    """Where one kind of flags is kept, and what Kamailio logs when it is assigned something else than an int."""

    get: Callable[[Run], int]
    put: Callable[[Run, int], None]
    complaint: str
    single: str


def unsigned(number: int) -> Value:
    """Flags as they print: without sign; as an int they are signed."""
    number &= _MASK
    return number if number <= 0x7FFFFFFF else Spelled(wrap32(number), str(number))


def _declare(whole: str, hexed: str, single: str, title: str, word: Word) -> None:
    """The three variables of one kind."""

    def read(run: Run) -> Value:
        return unsigned(word.get(run))

    def read_hex(run: Run) -> Value:
        return f"{word.get(run) & _MASK:08x}"

    read.__doc__ = f"The flags of the {title} as a number.\n\nExample: ${whole} = 6;"
    read_hex.__doc__ = f'The flags of the {title} in hex, 8 digits.\n\nExample: xlog("${hexed}\\n");'
    number = pv.variable(whole, static="int")(read)
    text = pv.variable(hexed)(read_hex)
    text.numbered(lambda run: wrap32(word.get(run) & _MASK))

    def write(run: Run, value: Value) -> None:
        if isinstance(value, str):
            raise AssignError(word.complaint)
        word.put(run, (value or 0) & _MASK)

    number.setter(write)
    text.setter(write)
    _declare_single(single, title, word)


def _declare_single(name: str, title: str, word: Word) -> None:
    def factory(scope: Scope, inner: Arg[int], index: Index) -> Read:
        bit = _bit(inner)
        return lambda run: 1 if word.get(run) & bit else 0

    factory.__doc__ = f"One flag of the {title}: 1 when it is set, else 0.\n\nExample: if (${name}(3) == 1) ${name}(3) = 0;"
    single = pv.variables_of(name, inner=FLAG_NUMBER, static="int")(factory)

    def writer(scope: Scope, inner: Arg[int], index: Index) -> Write:
        """An int other than 0 sets the flag, 0 resets it; null resets all of them."""
        bit = _bit(inner)

        def write(run: Run, value: Value) -> None:
            if value is None:
                word.put(run, 0)
            elif isinstance(value, str):
                raise AssignError(word.single)
            else:
                word.put(run, word.get(run) | bit if value else word.get(run) & ~bit)

        return write

    single.writer(writer)


def _bit(inner: Arg[int]) -> int:
    assert isinstance(inner, Constant)
    number = inner.value
    assert isinstance(number, int)
    return 1 << number


def _put_message(run: Run, flags: int) -> None:
    run.message.flags = flags


def _put_branch(run: Run, flags: int) -> None:
    run.dset.ruri_flags = flags


def _put_script(run: Run, flags: int) -> None:
    run.process.script_flags = flags


_MESSAGE = Word(lambda run: run.message.flags, _put_message, "assigning non-int value to msg flags", "assigning non-int value to msg flag")
_BRANCH = Word(
    lambda run: run.dset.ruri_flags,
    _put_branch,
    "assigning non-int value to branch 0 flags",
    "assigning non-int value to branch 0 flags",
)
_SCRIPT = Word(
    lambda run: run.process.script_flags, _put_script, "assigning non-int value to script flags", "assigning non-int value to script flags"
)
_declare("mf", "mF", "Mf", "message", _MESSAGE)
_declare("bf", "bF", "Bf", "branch of the Request-URI", _BRANCH)
_declare("sf", "sF", "Sf", "script, reset for every message,", _SCRIPT)
