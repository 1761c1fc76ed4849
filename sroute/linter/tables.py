"""The hash tables of a script as they are defined, and where they are used."""

import re
from dataclasses import dataclass
from typing import Protocol

from sroute.exports.fixups import FixupError
from sroute.resolve.program import Program
from sroute.source.text import Span

BY_KEY = frozenset(["sht_lock", "sht_unlock", "sht_rm_name_re", "sht_rm_value_re"])
"""Functions whose first argument is a table with a key or a pattern: `table=>key`."""
BY_NAME = {
    "sht_rm": 0,
    "sht_rm_name": 0,
    "sht_rm_value": 0,
    "sht_match_name": 0,
    "sht_has_name": 0,
    "sht_match_str_value": 0,
    "sht_has_str_value": 0,
    "sht_reset": 0,
    "sht_iterator_start": 1,
}
"""Functions with an argument that is the name of a table."""
_ATTRIBUTE = re.compile(r"(\w+)[ \t]*=[ \t]*([^;]*)")


class Definition(Protocol):
    """What the module makes of the text of a definition."""

    name: str
    slots: int
    autoexpire: int
    dbtable: str
    dbmode: int
    initval: int | None
    dmqreplicate: int


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its text with its place, and its parts; written are the attributes as they stand there."""

    name: str
    text: str
    span: Span
    slots: int
    autoexpire: int
    dbtable: str
    dbmode: int
    initval: int | None
    dmqreplicate: int
    written: dict[str, str]

    @property
    def value_span(self) -> Span:
        """The place of the definition's text in its modparam."""
        whole = self.span.text()
        at = whole.rfind('"', 0, whole.rfind('"')) if whole.count('"') >= 2 else 0
        return Span(self.span.source, self.span.start + at, self.span.start + whole.rfind('"') + 1) if at else self.span


def tables(program: Program) -> dict[str, Table]:
    """The tables by name; of two with one name the first."""
    found: dict[str, Table] = {}
    for setting in program.params:
        if setting.module.name == "htable" and setting.param.name == "htable" and isinstance(setting.value, str):
            if setting.param.fixup is None:
                continue
            try:
                made: Definition = setting.param.fixup.parse(setting.value, program.names)
            except FixupError:
                continue
            found.setdefault(made.name, _table(made, setting.value, setting.span))
    return found


def _table(made: Definition, text: str, span: Span) -> Table:
    written = dict(reversed(_ATTRIBUTE.findall(text.partition("=>")[2])))
    parts = (made.slots, made.autoexpire, made.dbtable, made.dbmode, made.initval, made.dmqreplicate)
    return Table(made.name, text, span, *parts, written)
