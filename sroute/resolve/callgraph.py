"""Which block calls which, and where Kamailio enters a script."""

import re
from collections.abc import Iterator

from sroute.resolve.flow import Key
from sroute.resolve.shapes import Shapes
from sroute.resolve.usage import Tree
from sroute.syntax.nodes import Call, Literal, ModParam, Route, RouteCall

_NAME = re.compile(r"[A-Za-z0-9_.:-]+")


class CallGraph:
    """The calls between blocks, by the keys of the program's routes."""

    def __init__(self, tree: Tree, shapes: Shapes, *, every: bool = False) -> None:
        """With every, a block that nobody calls is an entry point too."""
        self._tree = tree
        self._shapes = shapes
        self._routes = tree.program.routes
        self.calls: dict[Key, list[tuple[Key, RouteCall]]] = {}
        self.dynamic = False
        for node in tree.each(RouteCall):
            self._add(node)
        self.entries = tuple(self._entries(every=every))
        self.reached = self.below(*self.entries)

    def _add(self, node: RouteCall) -> None:
        inside = self._tree.route(node)
        if inside is None:
            return
        here = self.calls.setdefault(key_of(inside), [])
        name = self._tree.program.constants.of(node.target)
        if name is None:
            targets = list(self._shapes.dynamic_targets(node))
            self.dynamic = self.dynamic or not targets
            here += [(target, node) for target in targets]
            return
        key: Key = ("request", str(name))
        here.append((("request", None) if str(name) == "0" and key not in self._routes else key, node))

    def _entries(self, *, every: bool) -> Iterator[Key]:
        called = {target for here in self.calls.values() for target, _ in here}
        mentioned = self._mentioned()
        for route in self._tree.each(Route):
            key = key_of(route)
            if key[0] != "request" or key[1] is None or key[1] in mentioned or (every and key not in called):
                yield key

    def _mentioned(self) -> set[str]:
        """Names of blocks that stand in the arguments of functions and in parameters: modules enter them."""
        names = {name for kind, name in self._routes if kind == "request" and name}
        texts = [arg.value for call in self._tree.each(Call) for arg in call.args if isinstance(arg, Literal)]
        texts += [node.value.value for node in self._tree.each(ModParam) if isinstance(node.value, Literal)]
        return {word for text in texts if isinstance(text, str) for word in _NAME.findall(text) if word in names}

    def below(self, *keys: Key) -> frozenset[Key]:
        """Some blocks and all that they call, directly or not."""
        found: set[Key] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += [target for target, _ in self.calls.get(key, ())]
        return frozenset(found)


def key_of(route: Route) -> Key:
    """The key of a block among the program's routes."""
    return (route.kind, route.name)
