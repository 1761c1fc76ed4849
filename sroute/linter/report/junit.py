"""Findings as a JUnit test report."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from sroute.linter.report.ci import place
from sroute.source.diagnostic import Diagnostic
from sroute.source.excerpt import readable


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
