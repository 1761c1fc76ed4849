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
    """What came of a case; `refused` are the reasons why it did not start, `trouble` is what stopped the run on the way."""

    log: tuple[str, ...] = ()
    diags: tuple[str, ...] = ()
    sent: str = ""
    rpc: tuple[str, ...] = ()
    refused: tuple[str, ...] | None = None
    trouble: tuple[str, ...] = ()


def unsaid(case: Case, outcome: Outcome) -> Expected | None:
    """The first `# expect diag:` that nothing said behind those before it, or None."""
    said = iter(outcome.diags)
    for expected in case.diags:
        if not any(expected.text in text for text in said):
            return expected
    return None


def differences(case: Case, outcome: Outcome, *, silent: bool = False) -> list[Diagnostic]:
    """All that is not as expected, each at its line of the script.

    A case without a `.sent` file says nothing of what is sent; with `silent` it says that nothing is.
    """
    place = _Place(case)
    found = [place.error(0, message) for message in outcome.trouble]
    if outcome.refused is not None:
        if case.refused is None:
            found += [place.error(0, f"refused: {reason}") for reason in outcome.refused]
        return found
    if case.refused is not None:
        return [*found, place.error(case.refused.line, "it is not refused")]
    found += _texts(place, case.log, outcome.log, "logged")
    for call, answer in zip(case.rpc, outcome.rpc, strict=False):
        found += _texts(place, call.output, tuple(answer.splitlines()), "printed", call.line)
    if (missed := unsaid(case, outcome)) is not None:
        found.append(place.error(missed.line, f"not said: {escape(missed.text)}", f"said: {[escape(text) for text in outcome.diags]}"))
    if silent or case.sidecar.exists():
        found += _sent(place, case, outcome)
    return found


class _Place:
    """Puts messages at lines of the script."""

    def __init__(self, case: Case) -> None:
        self._source = Source(str(case.path), case.text)
        self._starts = [0]
        for line in case.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def error(self, line: int, message: str, hint: str | None = None) -> Diagnostic:
        """A difference at a line; at the first one for 0."""
        start = self._starts[max(line, 1) - 1]
        width = len(self._source.line(max(line, 1)))
        return Diagnostic("", "error", message, Span(self._source, start, start + width), hint)


def _texts(place: _Place, expected: Sequence[Expected], real: Sequence[str], verb: str, line: int = 0) -> Iterator[Diagnostic]:
    """Differences between a sequence of expected texts and what came."""
    wanted = [one.text for one in expected]
    matcher = SequenceMatcher(None, wanted, real, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        for one, text in zip(expected[a:b], real[c:d], strict=False):
            yield place.error(one.line, f"expected: {escape(one.text)}", f"{verb}: {escape(text)}")
        for one in expected[a:b][d - c :]:
            yield place.error(one.line, f"not {verb}: {escape(one.text)}")
        before = expected[b - 1].line if b else line
        for text in real[c:d][b - a :]:
            yield place.error(before, f"{verb} but not expected here: {escape(text)}")


def _sent(place: _Place, case: Case, outcome: Outcome) -> Iterator[Diagnostic]:
    """Differences between the sidecar and what was sent."""
    expected = case.sidecar.read_text("ascii") if case.sidecar.exists() else ""
    if expected == outcome.sent:
        return
    wanted, real = expected.splitlines(), outcome.sent.splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, wanted, real, autojunk=False).get_opcodes():
        if tag != "equal":
            number = sum(line.startswith(">>> ") for line in wanted[: a + 1])
            missing, extra = " | ".join(wanted[a:b]), " | ".join(real[c:d])
            yield place.error(0, f"{case.sidecar.name}, message {number}: expected: {missing}", f"sent: {extra}")
