"""What selects are made of: readers that need no instance, ends of paths, names of parameters."""

from collections.abc import Callable

from sroute.exports.select import Factory, Parts
from sroute.runtime.run import Run
from sroute.runtime.values import Value

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
