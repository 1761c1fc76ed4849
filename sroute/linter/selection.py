"""Which findings are wanted: codes and prefixes of codes; the longest one that fits decides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sroute.errors import UsageError

_CODE = re.compile(r"[A-Z]{1,2}[0-9]{0,3}\Z")
ALL = "ALL"


def checked(codes: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Codes and prefixes as the user wrote them, in capitals.

    Raises UsageError for one that fits no rule.
    """
    given = tuple(code.strip().upper() for item in codes for code in item.split(",") if code.strip())
    all_known = tuple(known)
    for code in given:
        if code != ALL and not (_CODE.match(code) and any(name.startswith(code) for name in all_known)):
            raise UsageError(f"no rule has the code {code}; `sroute lint --rules` lists them")
    return given


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules that are wanted and rules that are not, each by code or prefix; without any, all are wanted."""

    select: tuple[str, ...] = (ALL,)
    ignore: tuple[str, ...] = ()

    def wants(self, code: str) -> bool:
        """Whether findings of that code are wanted; an ignore wins over a select of the same length."""
        return _longest(self.select, code) > _longest(self.ignore, code)


def _longest(codes: tuple[str, ...], code: str) -> int:
    fitting = (0 if given == ALL else len(given) for given in codes if given == ALL or code.startswith(given))
    return max(fitting, default=-1)
