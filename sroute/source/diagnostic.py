"""What is wrong or worth saying: one shape for parser, resolver, linter, run and API."""

from dataclasses import dataclass
from typing import Literal

from sroute.source.text import Span

Severity = Literal["error", "warning", "info"]
Finding = dict[str, str | int | dict[str, object] | None]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding: code such as RT001, severity, message and, where known, place, hint and fix."""

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    hint: str | None = None
    fix: dict[str, object] | None = None

    def as_json(self) -> Finding:
        """The finding as the commands print it; absent parts are None."""
        begin = self.span.begin if self.span else None
        end = self.span.finish if self.span else None
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.span.source.name if self.span else None,
            "line": begin.line if begin else None,
            "column": begin.column if begin else None,
            "end_line": end.line if end else None,
            "end_column": end.column if end else None,
            "hint": self.hint,
            "fix": self.fix,
        }
