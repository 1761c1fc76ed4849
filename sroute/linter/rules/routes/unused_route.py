"""RT010."""

from collections.abc import Iterator

from sroute.linter.knowledge import ARMED
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.resolve.callgraph import key_of
from sroute.syntax.nodes import Call, Literal, Route

BY_KIND = {kind: name for name, (kind, _) in ARMED.items()}


class UnusedRoute(NodeRule[Route]):
    """A block is never entered.

    No path from a request, a reply, an event or a call-back of tm leads to it, and no function or parameter names it.
    """

    code = "RT010"
    severity = "info"
    nodes = (Route,)
    bad = (
        Bad("request_route { exit; }\nroute[OLD] { exit; }", ("OLD",)),
        Bad("request_route { exit; }\nfailure_route[F] { exit; }", ("F",)),
    )
    good = (
        "request_route { route(NEW); }\nroute[NEW] { exit; }",
        "request_route { route($var(x)); }\nroute[OLD] { exit; }",
        'request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { exit; }',
    )

    def check(self, node: Route, subject: Subject) -> Iterator[Found]:
        """A named block that is not reached, unless names are computed."""
        if node.name is None or subject.circumstances.fragment or subject.circumstances.broken:
            return
        if node.kind == "request":
            if key_of(node) not in subject.graph.reached and not subject.graph.dynamic:
                yield Found(node.name_span or head(node), f"route[{node.name}] is never called")
        elif node.kind in BY_KIND and node.kind != "event" and not _named(node.name, BY_KIND[node.kind], subject):
            yield Found(node.name_span or head(node), f"no {BY_KIND[node.kind]}() names this block")


def _named(name: str, function: str, subject: Subject) -> bool:
    for call in subject.tree.each(Call):
        if call.name == function:
            text = subject.argument(call, 0)
            if text is None or "$" in text or text == name:
                return True
        elif any(isinstance(arg, Literal) and arg.value == name for arg in call.args):
            return True
    return False
