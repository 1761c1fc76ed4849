"""RT013."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.spans import closed
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Leave


class ReturnZero(NodeRule[Leave]):
    """`return 0` in a sub-route ends the whole script.

    A return code of 0 stops the script as `exit` does; the caller does not go on. For "no" return -1, to end the script write
    `exit`.
    """

    code = "RT013"
    nodes = (Leave,)
    bad = (
        Bad("route[A] {\n    return 0;\n}", ("return 0",), "route[A] {\n    exit;\n}"),
        Bad(
            "route[A] {\n    if (has_totag()) return(0);\n    return 1;\n}",
            ("return(0)",),
            "route[A] {\n    if (has_totag()) exit;\n    return 1;\n}",
        ),
    )
    good = ("route[A] {\n    return -1;\n}", "route[A] {\n    return;\n}", "request_route {\n    return 0;\n}")

    def check(self, node: Leave, subject: Subject) -> Iterator[Found]:
        """A constant 0 behind return."""
        route = subject.tree.route(node)
        if node.how != "return" or node.value is None or subject.value(node.value) != 0:
            return
        if route is None or route.kind != "request" or route.name is None:
            return
        span = closed(node.span)
        fix = Fix("write exit", (Edit(span, "exit"),)) if span.text().startswith("return") else None
        yield Found(span, "return 0 ends the whole script, as exit does", "return -1 for no, exit to end the script", fix)
