"""PV018."""

from collections.abc import Iterator
from difflib import get_close_matches

from sroute.linter.fixes import named_inside
from sroute.linter.knowledge import HEADERS
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Call

FUNCTIONS = frozenset(["is_present_hf", "remove_hf"])
KNOWN = {name.lower(): name for name in HEADERS}
PLAIN = {name.lower().replace("-", ""): name for name in HEADERS}
VARIABLES = frozenset(["hdr", "hfl", "hdrc"])
CUTOFF = 0.88


class UnknownHeaderName(ScriptRule):
    """A header's name is nearly that of a known one.

    A header that is not there reads as null, so a misspelt name is never noticed: `$hdr(CallID)` is null in every message.
    """

    code = "PV018"
    bad = (
        Bad("$var(x) = $hdr(CallID);", ("$hdr(CallID)",), "$var(x) = $hdr(Call-ID);"),
        Bad('remove_hf("Record-Rout");', ('"Record-Rout"',), 'remove_hf("Record-Route");'),
    )
    good = ("$var(x) = $hdr(Call-ID);", "$var(x) = $hdr(X-Mine);", "$var(x) = $hdr(subject);")

    def check(self, subject: Subject) -> Iterator[Found]:
        """Names in variables and functions."""
        for use in subject.uses:
            if use.pv.variable.name in VARIABLES and use.pv.spec.inner:
                yield from _misspelt(use.pv.spec.inner, use.span)
        for call in subject.tree.each(Call):
            name = subject.argument(call, 0) if call.name in FUNCTIONS else None
            if name:
                yield from _misspelt(name, call.args[0].span)


def _misspelt(name: str, span: Span) -> Iterator[Found]:
    meant = nearly(name)
    if meant is not None:
        yield Found(span, f"{name} is no usual header, {meant} is", f"did you mean {meant}?", named_inside(span, name, meant))


def nearly(name: str) -> str | None:
    """The known header that a name is nearly."""
    lower = name.lower()
    if lower in KNOWN or lower.startswith("x-") or "$" in name or len(name) < 4:
        return None
    if lower.replace("-", "").replace("_", "") in PLAIN:
        return PLAIN[lower.replace("-", "").replace("_", "")]
    close = get_close_matches(lower, KNOWN, n=1, cutoff=CUTOFF)
    return KNOWN[close[0]] if close else None
