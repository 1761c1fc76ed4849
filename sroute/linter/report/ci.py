"""Findings as lines: for people in a hurry, and GitHub's annotations."""

from collections.abc import Sequence

from sroute.source.diagnostic import Diagnostic
from sroute.source.excerpt import readable

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def place(finding: Diagnostic) -> str:
    """`file:line:column`, or nothing."""
    if finding.span is None:
        return ""
    begin = finding.span.begin
    return f"{finding.span.source.name}:{begin.line}:{begin.column}: "


def concise(findings: Sequence[Diagnostic]) -> str:
    """One line a finding."""
    return "\n".join(f"{place(finding)}{finding.severity}: {readable(finding.message)} [{finding.code}]" for finding in findings)


def github(findings: Sequence[Diagnostic]) -> str:
    """Workflow commands that GitHub shows beside the lines."""
    return "\n".join(_annotation(finding) for finding in findings)


def _annotation(finding: Diagnostic) -> str:
    fields = {"title": f"{finding.code}"}
    if finding.span is not None:
        begin, end = finding.span.begin, finding.span.finish
        fields |= {"file": finding.span.source.name, "line": str(begin.line), "col": str(begin.column)}
        fields |= {"endLine": str(end.line)} | ({"endColumn": str(end.column)} if end.line == begin.line else {})
    text = readable(finding.message) + (f" ({readable(finding.hint)})" if finding.hint else "")
    head = ",".join(f"{name}={_escaped(value, ',:')}" for name, value in fields.items())
    return f"::{COMMANDS[finding.severity]} {head}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    for char in "%\r\n" + more:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
