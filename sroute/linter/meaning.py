"""What a variable of the script holds, where it is given one constant in one place: `$var(code) = 99;` is as good as 99 written out."""

import re

from sroute.linter.knowledge import ARMED, FINAL, LOGGERS, PREDICATES, STORES, TEXTUAL
from sroute.resolve.constants import is_null
from sroute.resolve.usage import Tree, Use, parameter_names
from sroute.syntax.nodes import Assign, AssignExpression, Binary, Expression, Variable

Value = int | str
Name = tuple[str, str]
FLAGS = ("setflag", "resetflag", "isflagset", "setbflag", "resetbflag", "isbflagset", "setsflag", "resetsflag", "issflagset")
READERS = LOGGERS | PREDICATES | frozenset([*FINAL, *ARMED, *FLAGS, "t_set_fr", "t_set_max_lifetime", "fnmatch", "append_hf", "insert_hf"])
"""Functions that only read their arguments."""
Writes = dict[str, list[Use]]
NUMERIC = frozenset(["rp", "op", "dp", "sp", "cs", "rs", "ct"])
"""Variables with text that is mostly a number."""
KEPT = STORES - {"sht", "dlg_var"}
"""Classes whose variables only the script writes."""
_VARIABLE = re.compile(r"\$[\w(]")


def writes(tree: Tree, uses: list[Use]) -> Writes:
    """The places in which each variable is written, by its text; without those that parameters or computed names write."""
    written: dict[Name, list[Use]] = {}
    computed: set[str] = set()
    for use in uses:
        kind, inner = use.pv.variable.name, use.pv.spec.inner
        if kind not in KEPT or use.access == "read" or (use.call is not None and use.call.name in READERS):
            continue
        if not inner or "$" in inner:
            computed.add(kind)
        else:
            written.setdefault((kind, inner), []).append(use)
    given = parameter_names(tree.program)
    return {f"${kind}({inner})": places for (kind, inner), places in written.items() if kind not in computed and (kind, inner) not in given}


def meanings(writes: Writes, tree: Tree) -> dict[str, Value]:
    """The values by the text of the variable."""
    found = {name: _assigned(places, tree) for name, places in writes.items()}
    return {name: value for name, value in found.items() if value is not None}


def texts(writes: Writes, tree: Tree) -> frozenset[str]:
    """The variables that are given nothing but texts, which are no numbers."""
    return frozenset(name for name, places in writes.items() if all(_is_text(_source(place, tree), tree) for place in places))


def _source(place: Use, tree: Tree) -> Expression | None:
    """What is assigned; None where something else writes."""
    assign = tree.parent(place.node)
    return assign.value if isinstance(assign, Assign) and assign.target is place.node else None


def _is_text(value: Expression | None, tree: Tree) -> bool:
    while isinstance(value, Binary) and value.op == "+":
        value = value.left
    if isinstance(value, Variable):
        return value.spec.name in TEXTUAL and not value.spec.transformations and value.spec.name not in NUMERIC
    known = None if value is None else tree.program.constants.of(value)
    return isinstance(known, str) and not known[:1].isdigit()


def _assigned(places: list[Use], tree: Tree) -> Value | None:
    """The constant of the only assignment; a text with a variable in it means nothing that is sure."""
    assign = tree.parent(places[0].node) if len(places) == 1 else None
    if not isinstance(assign, Assign) or assign.target.spec.index is not None or is_null(assign.value):
        return None
    if isinstance(tree.parent(assign), AssignExpression):
        return None
    value = tree.program.constants.of(assign.value)
    return None if isinstance(value, str) and _VARIABLE.search(value) else value
