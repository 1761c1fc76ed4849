"""How statements and blocks end: whether anything behind them is reached, whether they end the script."""

from sroute.linter.subject import Subject
from sroute.resolve.flow import Key
from sroute.syntax.nodes import Block, Call, CallStatement, CoreCall, If, Leave, Route, RouteCall, Statement, Switch, While
from sroute.syntax.walk import below


def leaves_block(node: Statement) -> bool:
    """Whether nothing behind a statement is reached."""
    match node:
        case Leave():
            return True
        case If(then=then, other=other):
            return other is not None and ends(then) and ends(other)
        case _:
            return False


def ends(block: Block) -> bool:
    """Whether the end of a block is never reached."""
    return any(leaves_block(statement) for statement in block.statements)


class Exits:
    """Which blocks end the script whenever they are entered, and which may."""

    def __init__(self, subject: Subject) -> None:
        """Nothing is known yet."""
        self._subject = subject
        self._always: dict[Key, bool] = {}

    def always(self, key: Key) -> bool:
        """Whether a block ends the script on each path that does not return; one that calls itself does not."""
        if key not in self._always:
            self._always[key] = False
            routes = self._subject.program.routes.get(key, [])
            self._always[key] = bool(routes) and all(self._block(route.body) for route in routes)
        return self._always[key]

    def _block(self, block: Block) -> bool:
        return any(self._statement(statement) for statement in block.statements) and not _returns(block)

    def _statement(self, node: Statement) -> bool:
        match node:
            case Leave(how=how):
                return how in ("exit", "drop")
            case If(then=then, other=other):
                return other is not None and self._block(then) and self._block(other)
            case CallStatement(call=RouteCall() as call):
                name = self._subject.text(call.target)
                return name is not None and self.always(("request", name))
            case _:
                return False

    def may(self, key: Key) -> Leave | None:
        """An `exit` or `drop` in a block or in one that it calls."""
        for inside in self._subject.graph.below(key):
            for route in self._subject.program.routes.get(inside, ()):
                for node in below(route):
                    if isinstance(node, Leave) and node.how in ("exit", "drop"):
                        return node
        return None


def _returns(block: Block) -> bool:
    return any(isinstance(node, Leave) and node.how in ("return", "break") for node in below(block))


def exits(subject: Subject) -> Exits:
    """The answers for one script; ask it with `subject.once(exits)`."""
    return Exits(subject)


def depth(route: Route) -> int:
    """How deep blocks are nested in a route."""
    deepest, waiting = 0, [(route.body, 0)]
    while waiting:
        block, level = waiting.pop()
        deepest = max(deepest, level)
        for node in block.statements:
            match node:
                case If(then=then, other=other):
                    waiting.append((then, level + 1))
                    if other is not None:
                        waiting.append((other, level + (1 if other.braces else 0)))
                case While(body=body):
                    waiting.append((body, level + 1))
                case Switch(cases=cases):
                    waiting += [(Block(case.body, case.span), level + 1) for case in cases]
                case _:
                    pass
    return deepest


def called(subject: Subject, call: Call | CoreCall | RouteCall) -> Key | None:
    """The block that a `route(...)` with a constant name enters."""
    if not isinstance(call, RouteCall):
        return None
    name = subject.text(call.target)
    key: Key = ("request", name)
    return key if name is not None and key in subject.program.routes else None
