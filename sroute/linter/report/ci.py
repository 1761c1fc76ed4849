"""Findings for machines that read lines or JUnit: one line each, GitHub's annotations, a test report."""

import xml.etree.ElementTree as ET
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


def junit(findings: Sequence[Diagnostic]) -> str:
    """A test report: a suite for each file, a failed test for each finding."""
    suites = ET.Element("testsuites", name="sroute lint", tests=str(len(findings)), failures=str(len(findings)))
    files: dict[str, list[Diagnostic]] = {}
    for finding in findings:
        files.setdefault(finding.span.source.name if finding.span else "", []).append(finding)
    for name, here in files.items():
        suite = ET.SubElement(suites, "testsuite", name=readable(name), tests=str(len(here)), failures=str(len(here)))
        for finding in here:
            case = ET.SubElement(suite, "testcase", classname=readable(name), name=f"{finding.code} {place(finding).rstrip(': ')}")
            failure = ET.SubElement(case, "failure", type=finding.severity, message=readable(finding.message))
            failure.text = readable(finding.hint or "")
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)
