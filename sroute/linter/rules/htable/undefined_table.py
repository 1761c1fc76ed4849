"""HT001."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.tables import BY_KEY, BY_NAME
from sroute.source.nearest import did_you_mean
from sroute.source.text import Span
from sroute.syntax.nodes import Call

VARIABLES = re.compile(r"sht(?:ex|cn|cv|inc|dec|val|iterator.*)?\Z")


class UndefinedTable(ScriptRule):
    """A hash table is used that is not defined.

    Reading from it gives null, writing logs an error at each run; `sht_rm_name_re()` even returns true.
    """

    code = "HT001"
    stage = "run"
    bad = (
        Bad("$sht(zz=>x) = 1;", ("$sht(zz=>x)",)),
        Bad('sht_rm("zz", "x");', ('"zz"',)),
    )
    good = ("$sht(a=>x) = 1;", 'sht_rm("$var(table)", "x");')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Names of tables in variables and functions."""
        if subject.circumstances.fragment:
            return
        for name, span in used(subject):
            if name and "$" not in name and name not in subject.tables:
                yield Found(
                    span,
                    f"there is no table {name}",
                    did_you_mean(name, subject.tables) or f'modparam("htable", "htable", "{name}=>size=8")',
                )


def used(subject: Subject) -> Iterator[tuple[str, Span]]:
    """The names of tables with their places."""
    for use in subject.uses:
        if VARIABLES.match(use.pv.variable.name) and use.pv.variable.module == "htable" and "=>" in (use.pv.spec.inner or ""):
            yield (use.pv.spec.inner or "").partition("=>")[0].strip(), use.span
    for call in subject.tree.each(Call):
        if call.name in BY_KEY or call.name in BY_NAME:
            number = BY_NAME.get(call.name, 0)
            text = subject.argument(call, number)
            if text is not None:
                yield text.partition("=>")[0].strip() if call.name in BY_KEY else text, call.args[number].span
