"""Fixes of mistakes that the parser and the resolver report, from the place of the finding alone."""

import re

from sroute.linter.rule import Edit, Fix
from sroute.linter.spans import behind, whole_lines
from sroute.linter.subject import quoted
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_MEANT = re.compile(r"did you mean (\S+)\?")
_LAST = re.compile(r"[ <{$]([\w.-]+)[>}]?(?: of this file)?\Z")
_CASE = re.compile(r"names are case-sensitive: (\S+)")
_VARIABLE = re.compile(r"\$[A-Za-z_]\w*(?:\([^()\n]*\))?(?:\[[^\]\n]*\])?(?:\{[^}\n]*\})*")


def replaced(finding: Diagnostic, text: str, title: str, *, safe: bool) -> Fix | None:
    """Another text in the place of the finding."""
    return None if finding.span is None else Fix(title, (Edit(finding.span, text),), safe=safe)


def insert_behind(finding: Diagnostic, text: str, title: str) -> Fix | None:
    """A text behind the place of the finding."""
    return None if finding.span is None else Fix(title, (Edit(behind(finding.span), text),))


def as_meant(finding: Diagnostic, *, safe: bool = False) -> Fix | None:
    """The nearest name in the place of a misspelt one, where the finding underlines just the name."""
    match = _MEANT.search(finding.hint or "") or _CASE.search(finding.hint or "")
    if match is None or finding.span is None:
        return None
    written = finding.span.text()
    if _NAME.match(written):
        return replaced(finding, match[1], f"write {match[1]}", safe=safe)
    if written[:1] == '"' and written[-1:] == '"':
        return replaced(finding, quoted(match[1]), f"write {match[1]}", safe=safe)
    return None


def named_inside(span: Span | None, wrong: str, meant: str) -> Fix | None:
    """Another name for one that stands once in a place, as a word of its own."""
    if span is None or not wrong:
        return None
    found = list(re.finditer(rf"(?<![\w.-]){re.escape(wrong)}(?![\w-])", span.text()))
    if len(found) != 1:
        return None
    place = Span(span.source, span.start + found[0].start(), span.start + found[0].end())
    return Fix(f"write {meant}", (Edit(place, meant),))


def meant_inside(finding: Diagnostic) -> Fix | None:
    """The nearest name for the last one of the message, inside of what is underlined."""
    meant, wrong = _MEANT.search(finding.hint or ""), _LAST.search(finding.message)
    return named_inside(finding.span, wrong[1], meant[1]) if meant and wrong else None


def add_quotes(finding: Diagnostic) -> Fix | None:
    """Double quotes around a word or a variable."""
    text = finding.span.text() if finding.span else ""
    if not text or '"' in text or "\\" in text or "\n" in text:
        return None
    return replaced(finding, f'"{text}"', "put it into quotes", safe=True)


def remove_quotes(finding: Diagnostic) -> Fix | None:
    """A number without the quotes around it."""
    text = finding.span.text() if finding.span else ""
    return replaced(finding, text[1:-1], "remove the quotes", safe=True) if re.fullmatch(r'"-?[0-9]+"', text) else None


def add_parentheses(finding: Diagnostic) -> Fix | None:
    """Parentheses behind a name."""
    span = finding.span
    if span is None or not _NAME.match(span.text()):
        return None
    return Fix("add ()", (Edit(behind(span), "()"),), safe=True)


def drop_semicolon(finding: Diagnostic) -> Fix | None:
    """The `;` goes."""
    if finding.span is None or finding.span.text() != ";":
        return None
    return Fix("remove the ;", (Edit(finding.span, ""),), safe=True)


def else_if(finding: Diagnostic) -> Fix | None:
    """`else if` in the place of other languages' words for it."""
    if finding.span is None or finding.span.text() not in ("elseif", "elsif", "elif"):
        return None
    return replaced(finding, "else if", "write else if", safe=False)


def fill_block(finding: Diagnostic) -> Fix | None:
    """An empty statement in an empty block."""
    if finding.span is None or not re.fullmatch(r"\{\s*\}", finding.span.text()):
        return None
    return replaced(finding, "{ ; }", "add an empty statement", safe=False)


def wrap_variable(finding: Diagnostic) -> Fix | None:
    """`$(...)` around a variable with its index and transformations."""
    span = finding.span
    match = _VARIABLE.match(span.source.text, span.start) if span else None
    if span is None or match is None or match.end() < span.end:
        return None
    whole = Span(span.source, match.start(), match.end())
    return Fix("put it into $(...)", (Edit(whole, f"$({match[0][1:]})"),), safe=True)


def remove_line(finding: Diagnostic, title: str, *, safe: bool) -> Fix | None:
    """The line of the finding goes, if nothing else stands on it."""
    return None if finding.span is None else Fix(title, (Edit(whole_lines(finding.span), ""),), safe=safe)


def add_loadmodule(finding: Diagnostic) -> Fix | None:
    """`loadmodule` of the module that the hint names, before the line of the finding or of the block that it stands in."""
    match = re.search(r'loadmodule "([^"]+)"', finding.hint or "")
    if match is None or finding.span is None:
        return None
    source = finding.span.source
    places = [found.start() for found in re.finditer(r"^loadmodule ", source.text, re.M)]
    at = max((place for place in places if place < finding.span.start), default=None)
    if at is None:
        return None
    end = source.text.find("\n", at) + 1
    return Fix(f"load {match[1]}", (Edit(Span(source, end, end), f'loadmodule "{match[1]}"\n'),)) if end else None


def double_dollar(finding: Diagnostic) -> Fix | None:
    """`$$` for each dollar sign that begins no variable."""
    if finding.span is None:
        return None
    text = finding.span.text()
    changed = re.sub(r"(?<!\$)\$(?![A-Za-z_($])", "$$", text)
    return replaced(finding, changed, "write $$", safe=True) if changed != text else None


def unquote_variable(finding: Diagnostic) -> Fix | None:
    """A variable without the quotes around it."""
    text = finding.span.text() if finding.span else ""
    return replaced(finding, text[1:-1], "remove the quotes", safe=True) if re.fullmatch(r'"\$[^"\\ ]+"', text) else None
