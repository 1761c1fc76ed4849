"""A select of a module: what `@name...` and `$sel(name...)` read, by the path behind the name."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.runtime.run import Read
from sroute.runtime.services import Services

Part = tuple[str, int | str | None]
"""A name and its index, where one is written."""
Parts = tuple[Part, ...]
Factory = Callable[[Services], Read]
"""Makes the reader of a select for an instance."""
Family = Callable[[int | str | None, Parts], Factory | None]
"""Takes the index of the first name and the parts behind it; None when there is no such select."""


@dataclass(frozen=True, slots=True)
class Select:
    """The declaration of `@name`: the selects that begin with that name."""

    name: str
    module: str
    family: Family
    doc: str
    example: str = ""
    late: bool = False
    """Known only when the modules are initialised, and so not to `$sel()`."""
