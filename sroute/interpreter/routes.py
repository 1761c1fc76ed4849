"""All blocks of a program bound for one instance."""

from collections.abc import Mapping
from typing import Protocol

from sroute.interpreter import blocks
from sroute.interpreter.actions import Actions
from sroute.interpreter.binder import Binder, Observer
from sroute.interpreter.stub import Stub
from sroute.resolve.program import Program
from sroute.runtime.flow import NEXT, RETURN
from sroute.runtime.run import Act, Run
from sroute.runtime.services import Services
from sroute.syntax.nodes import If, Literal, Route, RouteCall, Switch, While
from sroute.syntax.walk import below


class Elsewhere(Protocol):
    """Blocks that are written in another language."""

    def find(self, kind: str, name: str | None) -> Act | None:
        """What runs a block there."""

    def replaces(self, kind: str, name: str | None) -> bool:
        """Whether such a block of the script never runs."""


class Routes:
    """The bound blocks of an instance, by kind and name."""

    def __init__(self, binder: Binder) -> None:
        """Binds nothing yet."""
        self.binder = binder
        self.elsewhere: Elsewhere | None = None

    def find(self, kind: str, name: str | None) -> Act | None:
        """What runs a block: all bodies of an unnamed one, in order."""
        if self.elsewhere is not None:
            found = self.elsewhere.find(kind, name)
            if found is not None or self.elsewhere.replaces(kind, name):
                return found
        bodies = self.binder.route_bodies.get((kind, name))
        return bodies[0] if bodies else None

    def has(self, kind: str, name: str | None) -> bool:
        """Whether there is such a block."""
        if self.elsewhere is not None:
            if self.elsewhere.find(kind, name) is not None:
                return True
            if self.elsewhere.replaces(kind, name):
                return False
        return (kind, name) in self.binder.program.routes

    def bind(self, kind: str, name: str | None, routes: list[Route]) -> None:
        """Binds a block, or binds it anew; who calls it sees the new one."""
        if self.binder.services.actions:
            self.binder.actions = self.binder.actions or Actions(self.binder.services.actions)
            self.binder.actions.enter(kind, name)
        bodies = [blocks.block(route.body, self.binder, tail=True) for route in routes]
        self.binder.route_bodies.setdefault((kind, name), [])[:] = [_in_order(bodies)]


def _in_order(bodies: list[Act]) -> Act:
    if len(bodies) == 1:
        return bodies[0]

    def act(run: Run) -> int:
        flow = NEXT
        for body in bodies:
            flow = body(run)
            if flow not in (NEXT, RETURN):
                break
        return flow

    return act


def prepare(program: Program, services: Services, *, stubs: Mapping[str, Stub], observer: Observer | None = None) -> Routes:
    """The routes of a program with nothing bound yet; their binder is the scope of the modules' init."""
    binder = Binder(program, services, stubs=stubs, observer=observer)
    binder.counts_levels = may_nest_too_deeply(program, binder.max_level)
    return Routes(binder)


def may_nest_too_deeply(program: Program, limit: int) -> bool:
    """Whether blocks can nest to max_recursive_level: by recursion, computed route names, or plain depth."""
    calls: dict[str | None, list[str]] = {}
    depth: dict[str | None, int] = {}
    for (kind, name), routes in program.routes.items():
        key = name if kind == "request" else f"{kind} {name}"
        calls[key], depth[key] = [], 1
        for route in routes:
            for node in below(route.body):
                if isinstance(node, RouteCall):
                    if not isinstance(node.target, Literal):
                        return True
                    calls[key].append(str(node.target.value))
                elif isinstance(node, If | While | Switch):
                    depth[key] += 1
    return _deepest(calls, depth, limit) > limit


def _deepest(calls: dict[str | None, list[str]], depth: dict[str | None, int], limit: int) -> int:
    """An upper bound of the nesting, or more than the limit when routes call each other in a circle."""
    total: dict[str | None, int] = {}
    for start in calls:
        stack: list[tuple[str | None, bool]] = [(start, False)]
        open_: set[str | None] = set()
        while stack:
            name, done = stack.pop()
            if done:
                open_.discard(name)
                total[name] = depth[name] + max((total.get(callee, 0) for callee in calls[name]), default=0)
            elif name in open_:
                return limit + 1
            elif name in calls and name not in total:
                open_.add(name)
                stack.append((name, True))
                stack += [(callee, False) for callee in calls[name]]
    return max(total.values(), default=0)
