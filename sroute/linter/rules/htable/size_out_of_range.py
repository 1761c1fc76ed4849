"""HT004."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class SizeOutOfRange(ScriptRule):
    """The size of a table is not between 2 and 31.

    The size is an exponent: `size=8` makes 256 slots. 0 and 1 become 3 (8 slots), more than 31 becomes 14 (16384 slots).
    """

    code = "HT004"
    bad = (
        Bad('#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=32")\nrequest_route { exit; }', ('"a=>size=32"',)),
    )
    good = ('#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=8")\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Written sizes."""
        for table in subject.tables.values():
            size = table.written.get("size", "")
            if size.isdigit() and not 2 <= int(size[:9]) <= 31:
                yield Found(table.value_span, f"size is an exponent from 2 to 31: {size} makes {table.slots} slots")
