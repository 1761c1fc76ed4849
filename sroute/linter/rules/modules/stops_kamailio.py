"""MD031."""

import re
from collections.abc import Iterable, Iterator

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.syntax.nodes import Assign, Call, CoreCall, Expression, Route, Variable
from sroute.syntax.walk import below

MULTIPART = "set_body_multipart"
PARAMETERS = frozenset(["assign_hf_value2", "remove_hf_value2"])
_OTHER_FORM = re.compile(r"(?:From|To|Via|Contact|Route|Record-Route|P-Asserted-Identity|Remote-Party-ID|Refer-To)\b", re.I)
"""Headers whose body is no list of `name=value`."""
TELLING = frozenset(["cT", "bs", "rb", "ml", "sdp"])


class StopsKamailio(ScriptRule):
    """A call may stop a process of Kamailio 5.6.3.

    After `set_body_multipart()` a message without Content-Type crashes the process that sends it: ask `has_body()` first, or add
    the header. `assign_hf_value2("From.tag", ...)` never comes back for a header that is no list of `name=value`, as From and To are
    not: it is for headers like Authorization. Use `assign_hf_value()` for the others.
    """

    code = "MD031"
    bad = (
        Bad("set_body_multipart();", ("set_body_multipart()",)),
        Bad('assign_hf_value2("From.tag", "x");', ('assign_hf_value2("From.tag", "x")',)),
    )
    good = (
        'if (has_body("application/sdp")) { set_body_multipart(); }',
        'if (!is_present_hf("Content-Type")) { exit; }\nset_body_multipart();',
        'assign_hf_value2("Authorization.qop", "auth");',
        'assign_hf_value("From.tag", "x");',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Bodies whose type nobody asked for, and parameters of headers that have none of that form."""
        if subject.program.dialect.newer:
            return
        for _, span, _ in subject.once(_typed).of("untyped"):
            yield Found(span, "without a Content-Type this crashes the process that sends the message", "ask has_body() first")
        for call in subject.calls(*PARAMETERS):
            name, _, param = (subject.argument(call, 0) or "").partition(".")
            if param and _OTHER_FORM.match(name):
                text = f"{name} is no list of name=value: this never comes back, and the process hangs"
                yield Found(call.span, text, f"use {call.name.removesuffix('2')}()")


class Typed(Watch[bool]):
    """Whether the message is known to have a Content-Type."""

    merges = True

    def initial(self, entry: Route) -> bool:
        """Nothing is known."""
        return False

    def merge(self, one: bool, other: bool) -> bool:
        """What both paths know."""
        return one and other

    def call(self, node: Call | CoreCall, state: bool, at: Here) -> Iterable[tuple[bool, Truth]]:
        """A question for the body or its type, and what sets one."""
        name = node.name
        text = (self.subject.argument(node, 0) or "").lower()
        if name == MULTIPART and not state:
            self.note("untyped", node)
        if name == "has_body" or (name == "is_present_hf" and text.startswith(("content-type", "c"))):
            return ((True, True), (state, False))
        return ((state or name in ("set_body", "filter_body") or "content-type:" in text, None),)

    def test(self, node: Expression, state: bool, truth: bool) -> bool:
        """A test of the type or of the body."""
        asked = (inner.spec for inner in (node, *below(node)) if isinstance(inner, Variable))
        return state or any(spec.name in TELLING or (spec.inner or "").lower() == "content-type" for spec in asked)

    def assign(self, node: Assign, state: bool, at: Here) -> bool:
        """Nothing changes."""
        return state


def _typed(subject: Subject) -> Followed:
    if not any(True for _ in subject.calls(MULTIPART)):
        return Followed({})
    return follow(subject, Typed)
