"""PP017."""

from collections.abc import Iterator

from sroute.linter.directives import DEFINES, directives
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call, CoreCall

KINDS = {
    "setflag": "FLT",
    "resetflag": "FLT",
    "isflagset": "FLT",
    "setbflag": "FLB",
    "resetbflag": "FLB",
    "isbflagset": "FLB",
    "setsflag": "FLS",
    "resetsflag": "FLS",
    "issflagset": "FLS",
}
"""Functions that take a flag, with the kind of it: of the message, of a branch, of the script."""


class FlagNumberCollision(ScriptRule):
    """Two names share one flag number.

    Both names set and test the same bit. Kamailio warns when the numbers are declared with `flags`, and says nothing when they come
    from defines.
    """

    code = "PP017"
    severity = "warning"
    stage = "check warns"
    bad = (
        Bad(
            """
        #!KAMAILIO
        flags FLT_A:5, FLT_B:5;
        request_route { exit; }
        """,
            ("FLT_B:5",),
        ),
        Bad("#!define FLT_A 5\n#!define FLT_B 5\nsetflag(FLT_A);\nresetflag(FLT_B);", ("FLT_B",)),
    )
    good = (
        """
        #!define FLT_A 5
        #!define FLT_B 6
        setflag(FLT_A);
        setflag(FLT_B);
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Defines of one number whose names are flags of one kind; those that `flags` declares are found when they are read."""
        kinds = _kinds(subject)
        seen: dict[tuple[str, int], tuple[str, int]] = {}
        for each in subject.once(directives):
            kind = kinds.get(each.name) or each.name[:3]
            if each.word not in DEFINES or kind not in KINDS.values() or not each.rest.strip().isdigit():
                continue
            key = (kind, int(each.rest.strip()[:9]))
            name, line = seen.setdefault(key, (each.name, each.span.line))
            if name != each.name:
                yield Found(each.name_span, f"{each.name} is the same flag as {name} of line {line}", "give it a number of its own")


def _kinds(subject: Subject) -> dict[str, str]:
    """The names that stand in functions for flags."""
    calls: list[Call | CoreCall] = [*subject.tree.each(Call), *subject.tree.each(CoreCall)]
    return {call.args[0].span.text().strip('"'): KINDS[call.name] for call in calls if call.name in KINDS and call.args}
