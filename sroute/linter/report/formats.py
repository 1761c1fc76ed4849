"""The formats by name. Each is a function in a file of this folder, which is imported when it is used."""

import importlib
from collections.abc import Mapping, Sequence

from sroute.source.diagnostic import Diagnostic

FORMATS: Mapping[str, tuple[str, str]] = {
    "json": ("json_lines", "array"),
    "concise": ("ci", "concise"),
    "github": ("ci", "github"),
    "gitlab": ("json_lines", "gitlab"),
    "junit": ("junit", "junit"),
    "sarif": ("sarif", "sarif"),
}
"""All formats but the one for people, which has excerpts and colours: the file and the function."""


def render(form: str, findings: Sequence[Diagnostic]) -> str:
    """Findings in one of the formats."""
    file, function = FORMATS[form]
    room = importlib.import_module(f"sroute.linter.report.{file}")
    text: str = getattr(room, function)(findings)
    return text
