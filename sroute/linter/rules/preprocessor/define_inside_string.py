"""PP010."""

import re
from collections.abc import Iterator

from sroute.linter.directives import DEFINES, directives
from sroute.linter.knowledge import LOGGERS
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.spans import inside
from sroute.linter.subject import Subject, verbatim
from sroute.syntax.nodes import Call, Literal

_WORD = re.compile(r"(?<![\w$({.])[A-Z][A-Z0-9_]{3,}(?![\w(])")


class DefineInsideString(NodeRule[Literal]):
    """A defined name stands inside a string.

    Names are replaced outside of quotes only: `xlog("HOST\\\\n")` prints HOST. Write `$def(HOST)` in arguments that expand
    variables, or use `#!substdef`, which reaches into strings.
    """

    code = "PP010"
    nodes = (Literal,)
    bad = (
        Bad(
            '#!define GATEWAY "10.0.0.1"\n$du = "sip:GATEWAY:5060";',
            ("GATEWAY",),
        ),
        Bad(
            '#!define GATEWAY "10.0.0.1"\nappend_hf("X-Via: GATEWAY\\r\\n");',
            ("GATEWAY",),
            '#!define GATEWAY "10.0.0.1"\nappend_hf("X-Via: $def(GATEWAY)\\r\\n");',
        ),
    )
    good = (
        '#!define GATEWAY "10.0.0.1"\nappend_hf("X-Via: $def(GATEWAY)\\r\\n");',
        '#!define GATEWAY "10.0.0.1"\nxlog("L_INFO", "no GATEWAY found\\n");',
        '#!define WITH_NAT\n$var(x) = "WITH_NAT";',
    )

    def check(self, node: Literal, subject: Subject) -> Iterator[Found]:
        """A name that is defined with a value, outside of log texts."""
        names = subject.once(_valued)
        if not names or not isinstance(node.value, str):
            return
        name = next((word for word in _WORD.findall(node.value) if word in names), None)
        call = subject.tree.parent(node)
        if name is None or (isinstance(call, Call) and call.name in LOGGERS) or subject.tree.route(node) is None:
            return
        expands = isinstance(call, Call) and verbatim(node)
        fix = Fix("write $def(...)", (Edit(inside(node.span, name), f"$def({name})"),)) if expands else None
        yield Found(inside(node.span, name), f"{name} is not replaced inside of a string", f"$def({name})", fix)


def _valued(subject: Subject) -> frozenset[str]:
    return frozenset(each.name for each in subject.once(directives) if each.word in DEFINES and each.rest)
