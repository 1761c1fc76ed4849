"""What a script uses, gathered in one walk: nodes by type, what stands around them, variables with how they are used.

The tree says what was written; this says where a name occurs, also inside quoted arguments and in the text of other variables.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal, TypeVar

from sroute.exports.fixups import FixupError, Format, Integer, Target, Text
from sroute.exports.variable import Pv
from sroute.resolve.program import Program
from sroute.source.text import Span
from sroute.syntax.nodes import Assign, Call, Expression, Route, Variable
from sroute.syntax.nodes import Literal as LiteralNode
from sroute.syntax.walk import Node, children

Access = Literal["read", "write", "both"]
N = TypeVar("N", bound=Node)
_VARIABLES = re.compile(r"\$\w+(?:\([^()]*\))?|\$\([^()]*(?:\([^()]*\))?[^()]*\)")
_PARAMETER = re.compile(r"\$\(?(\w+)\(((?:[^()]|\([^()]*\))*)\)")


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a variable: where it stands, in which block, and the call in whose quoted argument it is written."""

    pv: Pv
    access: Access
    span: Span
    node: Node
    route: Route | None
    call: Call | None = None


class Tree:
    """The nodes of a script by type, each with its parent and its block."""

    def __init__(self, program: Program) -> None:
        """Walks the script once."""
        self.by_type: dict[type[Node], list[Node]] = {}
        self._parents: dict[int, Node] = {}
        self._routes: dict[int, Route] = {}
        self.program = program
        for item in program.script.items:
            self._add(item, item if isinstance(item, Route) else None)

    def _add(self, root: Node, route: Route | None) -> None:
        by_type, parents, routes = self.by_type, self._parents, self._routes
        waiting = [root]
        while waiting:
            node = waiting.pop()
            by_type.setdefault(type(node), []).append(node)
            if route is not None:
                routes[id(node)] = route
            below = children(node)
            for child in below:
                parents[id(child)] = node
            waiting.extend(reversed(below))

    def each(self, kind: type[N]) -> list[N]:
        """All nodes of one type, in the order of the script."""
        return self.by_type.get(kind, [])  # type: ignore[arg-type,return-value]

    def parent(self, node: Node) -> Node | None:
        """The node directly around another one."""
        return self._parents.get(id(node))

    def ancestors(self, node: Node) -> Iterator[Node]:
        """What stands around a node, from the inside out."""
        around = self.parent(node)
        while around is not None:
            yield around
            around = self.parent(around)

    def route(self, node: Node) -> Route | None:
        """The block in which a node stands."""
        return self._routes.get(id(node))


def uses(tree: Tree) -> list[Use]:
    """Every use of a variable in the blocks of a script."""
    program, found = tree.program, []
    for node in tree.each(Variable):
        parent = tree.parent(node)
        target = isinstance(parent, Assign) and parent.target is node
        pv = program.pvs.get(id(node))
        if pv is not None:
            route = tree.route(node)
            found.append(Use(pv, "write" if target else "read", node.span, node, route))
            found += [Use(inner, "read", node.span, node, route) for inner in inner_pvs(pv)]
    for call in tree.each(Call):
        found += _in_arguments(call, tree)
    return found


def _in_arguments(call: Call, tree: Tree) -> Iterator[Use]:
    plan = tree.program.calls.get(id(call))
    if plan is None:
        return
    route = tree.route(call)
    for fixup, parsed, arg in zip(plan.function.params, plan.parsed, call.args, strict=False):
        if parsed is None:
            continue
        if isinstance(fixup, Text):
            pvs, access = _loose(arg, tree.program)
        else:
            pvs, access = list(pvs_in(parsed)), "both" if _may_write(fixup, arg) else "read"
        for pv in pvs:
            yield Use(pv, access, arg.span, arg, route, call)
            for inner in inner_pvs(pv):
                yield Use(inner, "read", arg.span, arg, route, call)


def _may_write(fixup: object, arg: Expression) -> bool:
    """Whether a function may write the variables of an argument: a form of its own with nothing but variables in it."""
    if isinstance(fixup, Target):
        return fixup.writable
    if isinstance(fixup, Format | Integer) or not isinstance(arg, LiteralNode):
        return False
    return not _VARIABLES.sub("", str(arg.value)).strip(" ,;")


def _loose(arg: Expression, program: Program) -> tuple[list[Pv], Access]:
    """Variables in the argument of a function that is only declared: a lone one may be written, too."""
    if not isinstance(arg, LiteralNode) or not isinstance(arg.value, str) or "$" not in arg.value:
        return [], "read"
    try:
        pieces = program.names.format(arg.value)
    except FixupError:
        return [], "read"
    pvs = [piece for piece in pieces if isinstance(piece, Pv)]
    return pvs, "both" if len(pieces) == 1 else "read"


def pvs_in(parsed: object) -> Iterator[Pv]:
    """The variables in a parsed argument, whatever its form."""
    waiting = [parsed]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Pv):
            yield part
        elif isinstance(part, tuple | list):
            waiting.extend(part)
        elif is_dataclass(part) and not isinstance(part, type):
            waiting.extend(getattr(part, field.name) for field in fields(part))


def inner_pvs(pv: Pv) -> Iterator[Pv]:
    """The variables inside the parentheses, the index and the transformations of one, however deep."""
    waiting: list[object] = [pv.inner, pv.index, *(tr.parsed for tr in pv.transformations)]
    while waiting:
        for found in pvs_in(waiting.pop()):
            yield found
            waiting += [found.inner, found.index, *(tr.parsed for tr in found.transformations)]


def parameter_names(program: Program) -> set[tuple[str, str]]:
    """(class, inner text) of variables that stand in the values of modparams, or are given a value by them."""
    found: set[tuple[str, str]] = set()
    for setting in program.params:
        if setting.param.name in ("varset", "shvset"):
            found.add((setting.param.name.removesuffix("set"), str(setting.value).partition("=")[0].strip()))
        if isinstance(setting.value, str):
            found.update((match[1], match[2]) for match in _PARAMETER.finditer(setting.value))
    return found
