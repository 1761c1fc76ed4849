"""ST008."""

import re
from collections.abc import Iterator

from sroute.linter.comments import comments, line_comments
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.spans import inside
from sroute.linter.subject import Subject
from sroute.source.text import Source, Span

_MARK = re.compile(r"\b(?:TODO|FIXME|XXX)\b")


_CODE = re.compile(
    r"#+\s*(?:[A-Za-z_]\w*\(.*\)\s*;|\$[\w(].*=.*;|(?:if|while|switch)\s*\(.*[{)]|\}?\s*else\b.*|\}|(?:exit|drop|return|break)\b.*;)\s*\Z"
)
LINES = 3
LONGEST = 200


class Todo(ScriptRule):
    """A comment says that something is left to do, or holds statements.

    A list of them shows how finished a script is. Statements that were commented out (three lines and more) are in the history of
    the file; here nobody knows whether they still hold.
    """

    code = "ST008"
    severity = "info"
    bad = (
        Bad("# TODO: handle BYE\nexit;", ("TODO",)),
        Bad('# if (is_method("BYE")) {\n#     $var(x) = 1;\n# }\nexit;', ('# if (is_method("BYE")) {',)),
    )
    good = ("# handles BYE\nexit;", '# for example: if (is_method("BYE")) { exit; }\nexit;')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Comments with one of the usual marks."""
        for source in subject.sources:
            if _MARK.search(source.text):
                for span in comments(source):
                    match = _MARK.search(span.text())
                    if match is not None:
                        yield Found(inside(span, match[0]), "something is left to do here")
            yield from _switched_off(source)


def _switched_off(source: Source) -> Iterator[Found]:
    """The first line of each run of lines with nothing but statements behind `#`."""
    run: list[Span] = []
    for span in line_comments(source):
        alone = span.begin.column == len(source.line(span.line)) - len(source.line(span.line).lstrip()) + 1
        if not alone or len(span.text()) > LONGEST or not _CODE.match(span.text()):
            continue
        if run and run[-1].line + 1 != span.line:
            yield from _reported(run)
            run = []
        run.append(span)
    yield from _reported(run)


def _reported(run: list[Span]) -> Iterator[Found]:
    if len(run) >= LINES:
        yield Found(run[0], f"{len(run)} lines of statements are commented out", "remove them, or say what they are for")
