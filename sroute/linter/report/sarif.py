"""Findings as SARIF 2.1.0, the format of code scanning."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from sroute.linter.registry import all_rules
from sroute.source.diagnostic import Diagnostic
from sroute.source.excerpt import readable

LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(findings: Sequence[Diagnostic]) -> str:
    """A SARIF log with one run."""
    used = {finding.code for finding in findings}
    rules = [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.summary},
            "fullDescription": {"text": rule.why or rule.summary},
            "defaultConfiguration": {"level": LEVELS[rule.severity]},
        }
        for rule in all_rules()
        if rule.code in used
    ]
    index = {str(rule["id"]): number for number, rule in enumerate(rules)}
    driver = {"name": "sroute", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": [_result(finding, index) for finding in findings]}
    return json.dumps({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}, indent=1)


def _result(finding: Diagnostic, index: dict[str, int]) -> dict[str, object]:
    text = readable(finding.message) + (f"; {readable(finding.hint)}" if finding.hint else "")
    result: dict[str, object] = {"ruleId": finding.code, "level": LEVELS[finding.severity], "message": {"text": text}}
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.span is not None:
        begin, end = finding.span.begin, finding.span.finish
        region = {"startLine": begin.line, "startColumn": begin.column, "endLine": end.line, "endColumn": end.column}
        where = {"artifactLocation": {"uri": quote(finding.span.source.name)}, "region": region}
        result["locations"] = [{"physicalLocation": where}]
    return result
