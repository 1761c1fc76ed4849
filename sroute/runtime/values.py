"""Values of a script and how they turn into each other (Kamailio 5.6.3, rvalue conversion rules).

A value is an int, a str (one character is one byte) or None (null).
"""

import re
from collections.abc import Callable

Value = int | str | None


class Spelled(int):
    """An int whose text is not its own digits: `{s.int}` of `010` counts as 10 and prints `010`."""

    text: str

    def __new__(cls, number: int, text: str) -> "Spelled":
        """The number, and how it prints."""
        made = super().__new__(cls, number)
        made.text = text
        return made

    def __str__(self) -> str:
        """The text."""
        return self.text


FAILED = Spelled(0, "")
"""What a variable gives that fails to read, and a transformation of null: it prints nothing; elsewhere it is null.

An assignment from it logs `non existing right pvar` and assigns null. Test it with `is`.
"""

_DECIMAL = re.compile(r"[+-]?[0-9]+\Z").match
_HEX = re.compile(r"0[xX][0-9a-fA-F]+\Z").match


def wrap32(number: int) -> int:
    """Cuts to a signed 32-bit integer, silently as Kamailio does."""
    if -2147483648 <= number <= 2147483647:
        return number
    return ((number + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def wrap64(number: int) -> int:
    """Cuts to a signed 64-bit integer (newer dialects)."""
    if -0x8000000000000000 <= number <= 0x7FFFFFFFFFFFFFFF:
        return number
    return ((number + 0x8000000000000000) & 0xFFFFFFFFFFFFFFFF) - 0x8000000000000000


def wrapper(bits: int) -> Callable[[int], int]:
    """The function that cuts integers to that many bits."""
    return wrap64 if bits == 64 else wrap32


def parse_int(text: str, bits: int = 32) -> int | None:
    """An int from text by the rules of an automatic conversion; None when the text is no number.

    Decimal digits with a sign, within range; `0x` and hex digits, cut to 32 bits; the empty text is 0.
    """
    if _DECIMAL(text):
        if len(text) > 4000:
            return None
        number = int(text)
        half = 1 << (bits - 1)
        return number if -half <= number < half else None
    if not text:
        return 0
    if _HEX(text):
        number = int(text[2:][-16:], 16)
        return wrap32(number) if bits == 32 else number & 0xFFFFFFFF
    return None


def to_str(value: Value) -> str:
    """The text of a value in expressions: null is empty."""
    if value.__class__ is str:
        return value
    return "" if value is None else str(value)


def printed(value: Value) -> str:
    """The text of a value in format strings: null is `<null>`."""
    if value.__class__ is str:
        return value
    return "<null>" if value is None else str(value)
