"""`make record [CASE=...]`: runs cases in the real Kamailio and writes what it did into them.

python -m tests.live.record [--diags] [--place] [CASE or FOLDER ...]
--diags: also write an `# expect diag:` for each complaint of Kamailio while it ran. --place: place all `# expect:` comments anew.
A case whose results differ from one run to the next is refused. Ends with status 1 when a case is refused.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from sroute.testing.expectations import Case, parse, read
from sroute.testing.outcome import unsaid
from sroute.testing.rewrite import with_diags, with_log, with_log_placed, with_refused, with_rpc
from tests.live.judge import Verdict
from tests.live.log import bare
from tests.live.namespace import ROOT, Pool, missing

LONGEST = 30
SPEC = ROOT / "tests" / "spec"


@dataclass(frozen=True, slots=True)
class Options:
    """How to record."""

    diags: bool = False
    place: bool = False


def cases(names: Sequence[Path]) -> list[Path]:
    """The scripts in files and folders; without any, all of the spec that a real 5.6.3 decides."""
    found = [path for name in names or [SPEC] for path in (sorted(name.rglob("*.cfg")) if name.is_dir() else [name])]
    return [path for path in found if "newer" not in path.parts]


def _facts(verdict: Verdict) -> list[str]:
    """What must be the same in each run."""
    return [
        f"started: {verdict.started}",
        f"trouble: {verdict.trouble}",
        *(f"log: {line.text!r}" for line in verdict.log.script),
        *(f"diag: {bare(line.text)!r}" for line in verdict.log.complaints),
        *(f"rpc: {answer!r}" for answer in verdict.rpc),
        *verdict.sent.splitlines(),
    ]


def refusal(case: Case, first: Verdict, second: Verdict) -> str | None:
    """Why these results can't be recorded, or None."""
    if _facts(first) != _facts(second):
        return "not stable:\n" + "\n".join(unified_diff(_facts(first), _facts(second), "first run", "second run", lineterm=""))
    if first.trouble:
        return first.trouble
    if case.refused and first.started:
        return "'# expect refused', but it starts"
    if not case.refused and not first.started:
        return "it does not start ('# expect refused' if that is meant):\n" + "\n".join(bare(line.text) for line in first.log.startup)
    return None


def record(case: Case, verdict: Verdict, traced: Verdict, options: Options) -> str | None:
    """Write the results into the case and its sidecar; what is wrong with the case, or None."""
    text = case.text
    said = tuple(line.text for line in verdict.log.script)
    lines = tuple(line.line for line in traced.log.script) if said == tuple(line.text for line in traced.log.script) else (0,) * len(said)
    text = (with_log_placed if options.place else with_log)(text, list(zip(said, lines, strict=True)))
    if verdict.started:
        text = with_rpc(text, [answer for _, answer in verdict.rpc])
    else:
        reasons = [bare(line.text) for line in verdict.log.startup if line.level != "WARNING"]
        text = with_refused(text, reasons[0].split("\n")[0] if reasons else "")
    if options.diags:
        text = with_diags(text, [bare(line.text) for line in verdict.log.complaints])
    if tuple(expected.text for expected in parse(case.path, text).log) != said:
        return "what is written can't be read back: put as many '# expect:' comments above what hides them"
    if text != case.text:
        case.path.write_text(text, "latin-1", newline="")
    _write_sidecar(case, verdict.sent)
    missed = unsaid(read(case.path), verdict.outcome())
    return (
        "\n".join([f"line {missed.span.line}: Kamailio does not say {missed.text!r}; it says:", *verdict.outcome().diags])
        if missed
        else None
    )


def _write_sidecar(case: Case, sent: str) -> None:
    if sent:
        case.sidecar.write_text(sent, "ascii", newline="")
    else:
        case.sidecar.unlink(missing_ok=True)


def _short(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[:LONGEST] + [f"... ({len(lines) - LONGEST} more lines)"] * (len(lines) > LONGEST))


def main(arguments: Sequence[str]) -> int:
    """Record; the exit status."""
    if reason := missing():
        print(f"can't record: {reason}")
        return 2
    options = Options("--diags" in arguments, "--place" in arguments)
    paths = cases([Path(name) for name in arguments if not name.startswith("--")])
    refused = 0
    with Pool() as pool:
        runs = [(path, pool.judge(path), pool.judge(path), pool.judge(path, trace=True)) for path in paths]
        for path, first, second, traced in runs:
            case = read(path)
            trouble = refusal(case, first.result(), second.result()) or record(case, first.result(), traced.result(), options)
            refused += trouble is not None
            print(f"{path}: {_short(trouble or 'recorded')}")
    print(f"{len(paths) - refused} recorded, {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
