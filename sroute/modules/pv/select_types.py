"""What selects are made of: paths, families of paths, and the readers that they come to."""

from collections.abc import Callable

from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value

Part = tuple[str, int | str | None]
"""A name and its index, where one is written."""
Parts = tuple[Part, ...]
Factory = Callable[[Services], Read]
"""Makes the reader of a select for an instance."""
Family = Callable[[int | str | None, Parts], Factory | None]
"""Takes the index of the first name and the parts behind it."""
Text = Callable[[Run], str | None]


def always(read: Callable[[Run], Value]) -> Factory:
    """A select that needs nothing of the instance."""
    return lambda services: read


def leaf(read: Callable[[Run], Value], rest: Parts) -> Factory | None:
    """A select that ends here."""
    return None if rest else always(read)


def named(parts: Parts) -> str | None:
    """The name of a parameter: `params.x` or `params["x"]`; None where none is given, or more follows."""
    name, index = parts[0]
    if isinstance(index, str) and len(parts) == 1:
        return index
    if name == "params" and index is None and len(parts) == 2 and parts[1][1] is None:
        return parts[1][0]
    return None
