"""Which Kamailio is imitated: one place holds each difference between versions.

5.6 is Kamailio 5.6.3, the default, proven against the binary. dev is the development branch after 6.1, 6.1 the release.
"""

from dataclasses import dataclass

from sroute.errors import UsageError


@dataclass(frozen=True, slots=True)
class Dialect:
    """The facts in which versions differ; the reference's section is named behind each."""

    name: str
    version: str
    newer: bool
    """Newer than 5.6: modern preprocessor, loadmodule and socket forms, parameters and reserved words (8.4, 8.5)."""
    int_bits: int = 32
    """Width of integers at run time; literals are 32 bits everywhere (8.1)."""
    failed_conversion_is_error: bool = False
    """A text that is no number fails the whole expression instead of counting as 0 (8.2)."""
    while_needs_positive: bool = False
    """`while` loops while its value is > 0 instead of != 0 (8.3)."""
    has_undef: bool = False
    """`#!undef` and its relatives exist (8.4)."""


DIALECTS = {
    "5.6": Dialect("5.6", "5.6.3", newer=False),
    "6.1": Dialect("6.1", "6.1.0", newer=True, int_bits=64, failed_conversion_is_error=True),
    "dev": Dialect("dev", "6.2.0", newer=True, int_bits=64, failed_conversion_is_error=True, while_needs_positive=True, has_undef=True),
}
DEFAULT = DIALECTS["5.6"]


def dialect(name: str) -> Dialect:
    """The dialect of that name.

    Raises UsageError for an unknown one.
    """
    try:
        return DIALECTS[name]
    except KeyError:
        raise UsageError(f"unknown Kamailio version {name!r}: one of {', '.join(DIALECTS)}") from None
