"""The preprocessor's lines as they stand in the files, whether they are switched off or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sroute.linter.comments import comments
from sroute.linter.subject import Subject
from sroute.source.text import Source, Span

_LINE = re.compile(r"^(?:#!|!!)(\w+)[ \t]*([A-Za-z_][A-Za-z0-9_]*)?[ \t]*(.*)$", re.MULTILINE)
DEFINES = frozenset(["define", "def", "trydefine", "trydef", "redefine", "redef"])
TESTS = frozenset(["ifdef", "ifndef"])
SUBSTITUTES = frozenset(["subst", "substdef", "substdefs"])
_NAME = re.compile(r"[A-Za-z_]\w*\Z")


@dataclass(frozen=True, slots=True)
class Directive:
    """One line: its word, the name behind it, the rest, and where they stand."""

    word: str
    name: str
    rest: str
    span: Span
    name_span: Span
    rest_span: Span


def directives(subject: Subject) -> tuple[Directive, ...]:
    """All directives of a script in the order of its files; ask with `subject.once(directives)`."""
    return tuple(found for source in subject.sources for found in _of(source))


def _of(source: Source) -> Iterator[Directive]:
    blocks = [span for span in comments(source) if source.text.startswith("/*", span.start)] if "/*" in source.text else []
    for match in _LINE.finditer(source.text):
        if any(span.start < match.start() < span.end for span in blocks):
            continue
        rest = match[3].rstrip("\r")
        name_span = Span(source, match.start(2), match.end(2)) if match[2] else Span(source, match.start(), match.end(1))
        rest_span = Span(source, match.start(3), match.start(3) + len(rest))
        yield Directive(match[1], match[2] or "", rest, Span(source, match.start(), match.end()), name_span, rest_span)


def written(subject: Subject, span: Span) -> Span:
    """Where the text of a constant stands: in the only define of the name that is used, or where it is used itself."""
    name = span.text()
    defined = [each for each in subject.once(directives) if each.word in DEFINES and each.name == name] if _NAME.match(name) else []
    return (value_of(subject, span) or span) if len(defined) == 1 else span


def value_of(subject: Subject, span: Span) -> Span | None:
    """Where the value of a define stands, for the place where its name is used; None for any other place."""
    name = span.text()
    if not _NAME.match(name):
        return None
    found = [each for each in subject.once(directives) if each.word in DEFINES and each.name == name and each.rest]
    return _without_blanks(found[-1].rest_span) if found else None


def _without_blanks(span: Span) -> Span:
    text = span.text()
    return Span(span.source, span.start + len(text) - len(text.lstrip()), span.start + len(text.rstrip()))
