"""SB020."""

from collections.abc import Iterator

from sroute.linter.changes import Changes, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class ChangeNotVisibleYet(ScriptRule):
    """A header is looked at after it was changed, and the change is not there yet.

    Changes are put into the message when it is sent. Until then `is_present_hf()`, `$hdr(...)`, `$fU` and all others see what came
    in. Call `msg_apply_changes()` between (only in `request_route`).
    """

    code = "SB020"
    bad = (
        Bad('append_hf("X-Key: 1\\r\\n");\nif (is_present_hf("X-Key")) { exit; }', ('is_present_hf("X-Key")',)),
        Bad('$fU = "bob";\nif ($fU == "bob") { exit; }', ("$fU",)),
    )
    good = (
        'append_hf("X-Key: 1\\r\\n");\nmsg_apply_changes();\nif (is_present_hf("X-Key")) { exit; }',
        'append_hf("X-Key: 1\\r\\n");\nif (is_present_hf("X-Other")) { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Looks at what was changed on the same path."""
        for _, span, detail in subject.once(followed).of(Changes.READ):
            name, line = detail.rsplit(" ", 1)
            yield Found(span, f"{name} was changed on line {line}; that is not visible before msg_apply_changes()")
