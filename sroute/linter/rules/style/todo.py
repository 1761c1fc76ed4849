"""ST008."""

import re
from collections.abc import Iterator

from sroute.linter.comments import comments
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.spans import inside
from sroute.linter.subject import Subject

_MARK = re.compile(r"\b(?:TODO|FIXME|XXX)\b")


class Todo(ScriptRule):
    """A comment says that something is left to do.

    A list of them shows how finished a script is.
    """

    code = "ST008"
    severity = "info"
    bad = (Bad("# TODO: handle BYE\nexit;", ("TODO",)),)
    good = ("# handles BYE\nexit;",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Comments with one of the usual marks."""
        for source in subject.sources:
            if _MARK.search(source.text):
                for span in comments(source):
                    match = _MARK.search(span.text())
                    if match is not None:
                        yield Found(inside(span, match[0]), "something is left to do here")
