"""What came of a case, in sroute or in the real Kamailio, and how it differs from what the case expects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source, Span
from sroute.testing.expectations import Case, Expected
from sroute.testing.notation import escape


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case; `refused` says why it did not start, `trouble` what stopped the run on the way."""

    log: tuple[str, ...] = ()
    diags: tuple[str, ...] = ()
    sent: str = ""
    rpc: tuple[str, ...] = ()
    refused: tuple[Diagnostic, ...] | None = None
    trouble: tuple[Diagnostic, ...] = ()


def unsaid(case: Case, outcome: Outcome) -> Expected | None:
    """The first `# expect diag:` that nothing said behind those before it, or None."""
    said = iter(outcome.diags)
    for expected in case.diags:
        if not any(expected.text in text for text in said):
            return expected
    return None


def differences(case: Case, outcome: Outcome, *, silent: bool = False) -> list[Diagnostic]:
    """All that is not as expected, each at its place in the script.

    A case without a `.sent` file says nothing of what is sent; with `silent` it says that nothing is.
    """
    found = list(outcome.trouble)
    if outcome.refused is not None:
        return found if case.refused else [*found, *outcome.refused]
    if case.refused is not None:
        return [*found, _error(case.refused.span, "it is not refused")]
    begin = Span(case.source, 0, 0)
    found += _texts(begin, case.log, outcome.log, "logged")
    for call, answer in zip(case.rpc, outcome.rpc, strict=False):
        found += _texts(call.span, call.output, tuple(answer.splitlines()), "printed")
    if (missed := unsaid(case, outcome)) is not None:
        found.append(_error(missed.span, f"not said: {escape(missed.text)}", f"said: {[escape(text) for text in outcome.diags]}"))
    if silent or case.sidecar.exists():
        found += _sent(case, outcome)
    return found


def _error(span: Span, message: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic("", "error", message, span, hint)


def _texts(begin: Span, expected: Sequence[Expected], real: Sequence[str], verb: str) -> Iterator[Diagnostic]:
    """Differences between a sequence of expected texts and what came; `begin` is the place of what comes before the first."""
    wanted = [one.text for one in expected]
    matcher = SequenceMatcher(None, wanted, real, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        for one, text in zip(expected[a:b], real[c:d], strict=False):
            yield _error(one.span, f"expected: {escape(one.text)}", f"{verb}: {escape(text)}")
        for one in expected[a:b][d - c :]:
            yield _error(one.span, f"not {verb}: {escape(one.text)}")
        before = expected[b - 1].span if b else begin
        for text in real[c:d][b - a :]:
            yield _error(before, f"{verb} but not expected here: {escape(text)}")


def _sent(case: Case, outcome: Outcome) -> Iterator[Diagnostic]:
    """Differences between the sidecar and what was sent, each at its line of the sidecar."""
    expected = case.sidecar.read_text("ascii") if case.sidecar.exists() else ""
    if expected == outcome.sent:
        return
    source = Source(str(case.sidecar), expected)
    wanted, real = expected.splitlines(keepends=True), outcome.sent.splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, wanted, real, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start = sum(len(line) for line in wanted[:a])
        span = Span(source, start, start + len("".join(wanted[a:b]).rstrip("\n")))
        came = "".join(real[c:d]).rstrip("\n").replace("\n", " | ")
        yield _error(span, f"sent: {came}" if came else "not sent")
