"""A finding of the linter: the diagnostic that everybody prints, and the fix that only the linter knows."""

from dataclasses import dataclass, replace

from sroute.linter.rule import Edit, Fix, Found, Rule
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with its fix; condition names the defines under which it holds, where that is not always."""

    diagnostic: Diagnostic
    fix: Fix | None = None
    condition: str = ""

    @property
    def code(self) -> str:
        """The code of the rule."""
        return self.diagnostic.code

    @property
    def span(self) -> Span | None:
        """The place."""
        return self.diagnostic.span

    @property
    def order(self) -> tuple[str, int, str, str]:
        """By file, place and code: the order in which findings are shown."""
        span = self.span
        return (span.source.name if span else "", span.start if span else 0, self.code, self.diagnostic.message)

    @property
    def identity(self) -> tuple[str, str, int, int, str]:
        """Two findings that agree in this are the same one."""
        span = self.span
        return (self.code, span.source.name if span else "", span.start if span else 0, span.end if span else 0, self.diagnostic.message)

    def under(self, condition: str) -> "Finding":
        """The finding with the condition under which it holds in its message."""
        if not condition:
            return self
        shown = replace(self.diagnostic, message=f"{self.diagnostic.message} ({condition})")
        return Finding(shown, self.fix, condition)


def of_rule(rule: Rule, found: Found) -> Finding:
    """What a rule has found."""
    severity = found.severity or rule.severity
    fix = in_form(found.fix) if found.fix and applicable(found.fix) else None
    return Finding(Diagnostic(rule.code, severity, found.message, found.span, found.hint, as_json(fix)), fix)


def with_fix(diagnostic: Diagnostic, fix: Fix | None) -> Finding:
    """A diagnostic of the parser, the resolver or the start."""
    if fix is None or not applicable(fix):
        return Finding(diagnostic)
    fix = in_form(fix)
    return Finding(replace(diagnostic, fix=as_json(fix)), fix)


def in_form(fix: Fix) -> Fix:
    """The fix with the line ends of the places that it edits."""
    if not any("\n" in edit.text for edit in fix.edits):
        return fix
    return replace(fix, edits=tuple(Edit(edit.span, edit.text.replace("\n", _line_end(edit.span))) for edit in fix.edits))


def _line_end(span: Span) -> str:
    text = span.source.text
    at = text.find("\n", span.start)
    at = text.rfind("\n", 0, span.start) if at < 0 else at
    return "\r\n" if text[at - 1 : at] == "\r" else "\n"


def applicable(fix: Fix) -> bool:
    """Whether a fix changes something, only in one file, and nothing that a directive may switch off."""
    files = {edit.span.source for edit in fix.edits}
    return len(files) == 1 and not any("\n#!" in edit.span.text() for edit in fix.edits)


def as_json(fix: Fix | None) -> dict[str, object] | None:
    """A fix as the commands print it."""
    if fix is None:
        return None
    return {"title": fix.title, "safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> dict[str, object]:
    begin, end = edit.span.begin, edit.span.finish
    return {
        "file": edit.span.source.name,
        "line": begin.line,
        "column": begin.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": edit.text,
    }
