"""The formats by name."""

from collections.abc import Callable, Mapping, Sequence

from sroute.linter.report import ci, json_lines, sarif
from sroute.source.diagnostic import Diagnostic

Format = Callable[[Sequence[Diagnostic]], str]
FORMATS: Mapping[str, Format] = {
    "json": json_lines.array,
    "concise": ci.concise,
    "github": ci.github,
    "gitlab": json_lines.gitlab,
    "junit": ci.junit,
    "sarif": sarif.sarif,
}
"""All formats but the one for people, which has excerpts and colours."""
