"""What differs between what a case expects and what the real Kamailio did."""

from collections.abc import Iterator
from difflib import unified_diff

from sroute.testing.expectations import Case
from tests.live.judge import Verdict


def unsaid(case: Case, verdict: Verdict) -> str | None:
    """The first `# expect diag:` text that Kamailio did not say behind those before it, or None."""
    lines = iter(verdict.log.complaints)
    for expected in case.diags:
        if not any(expected.text in line.text for line in lines):
            return expected.text
    return None


def differences(case: Case, verdict: Verdict) -> Iterator[str]:
    """A text for each difference; none when the case is right."""
    if verdict.trouble:
        yield verdict.trouble
    if verdict.started is (case.refused is not None):
        yield "it starts" if verdict.started else f"it does not start: {[line.text for line in verdict.log.startup]}"
    yield from _lines("log", [repr(e.text) for e in case.log], [repr(line.text) for line in verdict.log.script])
    for call, (_, answer) in zip(case.rpc, verdict.rpc, strict=False):
        yield from _lines(f"rpc {call.command}", [e.text for e in call.output], answer.splitlines())
    sidecar = case.sidecar.read_text("ascii") if case.sidecar.exists() else ""
    yield from _lines("sent", sidecar.splitlines(), verdict.sent.splitlines())
    if (missed := unsaid(case, verdict)) is not None:
        yield f"not said: {missed!r}; said: {[line.text for line in verdict.log.complaints]}"


def _lines(what: str, expected: list[str], real: list[str]) -> Iterator[str]:
    if expected != real:
        yield f"{what} differs:\n" + "\n".join(unified_diff(expected, real, "expected", "Kamailio", lineterm=""))
