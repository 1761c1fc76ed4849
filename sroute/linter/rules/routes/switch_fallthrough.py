"""RT017."""

from collections.abc import Iterator

from sroute.linter.endings import called, exits, leaves_block
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import CallStatement, Statement, Switch


class SwitchFallthrough(NodeRule[Switch]):
    """A case runs into the next one.

    Without `break`, `exit` or `return` at its end a case goes on with the statements of the next label. Empty cases that share
    statements are fine.
    """

    code = "RT017"
    nodes = (Switch,)
    bad = (
        Bad(
            'switch ($var(x)) {\n    case 1:\n        xlog("one\\n");\n    case 2:\n        xlog("two\\n");\n}',
            ('case 1:\n        xlog("one\\n")',),
        ),
    )
    good = (
        'switch ($var(x)) {\n    case 1:\n    case 2:\n        xlog("two\\n");\n        break;\n    default:\n        exit;\n}',
        "request_route { switch ($var(x)) { case 1: route(END); case 2: exit; } }\nroute[END] { exit; }",
    )

    def check(self, node: Switch, subject: Subject) -> Iterator[Found]:
        """A case with statements, another one behind it, and no way out at its end."""
        for case, following in zip(node.cases, node.cases[1:], strict=False):
            if case.body and not any(_ends(statement, subject) for statement in case.body):
                what = "default:" if following.label is None else "the next case"
                yield Found(case.span, f"this case runs on into {what}", "end it with break")


def _ends(statement: Statement, subject: Subject) -> bool:
    if leaves_block(statement):
        return True
    key = called(subject, statement.call) if isinstance(statement, CallStatement) else None
    return key is not None and subject.once(exits).always(key)
