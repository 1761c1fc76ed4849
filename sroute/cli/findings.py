"""Findings on a terminal: colours only where there is one and NO_COLOR is not set."""

import os

import click

from sroute.source.diagnostic import Diagnostic
from sroute.source.excerpt import show

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan", "place": "bright_black", "caret": "green", "hint": "cyan"}


def paint(text: str, role: str) -> str:
    """Colours a part of an excerpt; click drops colours where there is no terminal."""
    if os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=COLOURS.get(role), bold=role in ("error", "warning"))


def finding_lines(findings: tuple[Diagnostic, ...]) -> list[str]:
    """Findings with excerpts."""
    return [show(finding, paint) for finding in findings]
