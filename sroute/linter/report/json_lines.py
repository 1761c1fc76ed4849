"""Findings as JSON: the one shape of all commands, and GitLab's code quality report."""

import hashlib
import json
from collections.abc import Sequence

from sroute.source.diagnostic import Diagnostic
from sroute.source.excerpt import readable

SEVERITIES = {"error": "critical", "warning": "major", "info": "minor"}


def array(findings: Sequence[Diagnostic]) -> str:
    """An array of findings."""
    rows = [json.dumps(finding.as_json(), ensure_ascii=False) for finding in findings]
    return "[\n  " + ",\n  ".join(rows) + "\n]" if rows else "[]"


def gitlab(findings: Sequence[Diagnostic]) -> str:
    """A code quality report of GitLab; the fingerprint does not depend on the line number."""
    seen: dict[str, int] = {}
    rows = []
    for finding in findings:
        key = "\0".join([finding.code, finding.span.source.name if finding.span else "", line_text(finding), finding.message])
        seen[key] = seen.get(key, 0) + 1
        fingerprint = hashlib.md5(f"{key}\0{seen[key]}".encode(), usedforsecurity=False).hexdigest()
        span = finding.span
        lines = {"begin": span.begin.line if span else 1, "end": span.finish.line if span else 1}
        rows.append(
            {
                "description": readable(finding.message),
                "check_name": finding.code,
                "fingerprint": fingerprint,
                "severity": SEVERITIES[finding.severity],
                "location": {"path": span.source.name if span else "", "lines": lines},
            }
        )
    return json.dumps(rows, indent=1, ensure_ascii=False)


def line_text(finding: Diagnostic) -> str:
    """The source line of a finding without its indentation."""
    return finding.span.source.line(finding.span.begin.line).strip() if finding.span else ""
