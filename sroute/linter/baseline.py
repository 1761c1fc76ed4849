"""A baseline: the findings that an old configuration may keep. Only what is new is reported.

A finding is known by its file, its code and the text of its line, so that it stays known when lines are added above it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sroute.errors import UsageError
from sroute.linter.finding import Finding

VERSION = 1
Key = tuple[str, str, str]


def key(finding: Finding) -> Key:
    """What a finding is known by."""
    span = finding.span
    if span is None:
        return ("", finding.code, finding.diagnostic.message)
    return (span.source.name, finding.code, span.source.line(span.line).strip())


def text(findings: Iterable[Finding]) -> str:
    """A baseline file that knows these findings."""
    counted = sorted(Counter(key(finding) for finding in findings).items())
    rows = [{"file": file, "code": code, "line": line, "count": count} for (file, code, line), count in counted]
    return json.dumps({"version": VERSION, "findings": rows}, indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> Counter[Key]:
    """What a baseline file knows.

    Raises UsageError.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        rows = content["findings"]
        return Counter({(row["file"], row["code"], row["line"]): int(row["count"]) for row in rows})
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path}: this is no baseline of sroute lint") from None


def new(findings: Sequence[Finding], known: Counter[Key]) -> tuple[Finding, ...]:
    """The findings that a baseline does not know; of equal ones as many are let pass as it counts."""
    left = Counter(known)
    kept = []
    for finding in findings:
        mine = key(finding)
        if left[mine] > 0:
            left[mine] -= 1
        else:
            kept.append(finding)
    return tuple(kept)
