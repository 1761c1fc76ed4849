"""HT006."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.htable.undefined_table import used
from sroute.linter.subject import Subject
from sroute.linter.tables import BY_KEY, BY_NAME, Table
from sroute.resolve.usage import Use
from sroute.syntax.nodes import Call, Route


class TableUnused(ScriptRule):
    """A table is defined and not used in the script, or only read, or only written.

    It may still be read or written over RPC, or from a database.
    """

    code = "HT006"
    severity = "info"
    bad = (
        Bad('#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "old=>size=8")\nrequest_route { exit; }', ('"old=>size=8"',)),
        Bad(
            """
            #!KAMAILIO
            loadmodule "pv.so"
            loadmodule "htable.so"
            modparam("htable", "htable", "seen=>size=8;autoexpire=60")
            request_route { $sht(seen=>$ci) = 1; }
            """,
            ('"seen=>size=8;autoexpire=60"',),
        ),
    )
    good = (
        r"""
        #!KAMAILIO
        loadmodule "pv.so"
        loadmodule "xlog.so"
        loadmodule "htable.so"
        modparam("htable", "htable", "a=>size=8")
        request_route { $sht(a=>x) = $ci; xlog("L_INFO", "$sht(a=>x)\n"); }
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Tables whose name does not occur."""
        if subject.circumstances.broken:
            return
        names = {name for name, _ in used(subject)}
        if any("$" in name for name in names):
            return
        for table in subject.tables.values():
            if table.name not in names:
                yield Found(table.value_span, f"the table {table.name} is not used in this script")
            elif (how := _one_way(table, subject)) is not None:
                yield Found(table.value_span, f"the table {table.name} is {how} in this script")


def _one_way(table: Table, subject: Subject) -> str | None:
    """How a table is used that only assignments write, or only reads look at; None where it is used both ways."""
    if table.dbtable or table.dmqreplicate or any(name == table.name for name in _in_functions(subject)):
        return None
    events = any(route.kind == "event" and (route.name or "").endswith(f":{table.name}") for route in subject.tree.each(Route))
    ways = {use.access for use in subject.uses if use.pv.variable.module == "htable" and _name(use) == table.name}
    counted = any(use.pv.variable.name in ("shtinc", "shtdec") and _name(use) == table.name for use in subject.uses)
    if counted or events or "both" in ways or len(ways) != 1:
        return None
    return "written and never read" if ways == {"write"} else "read and never written" if table.initval is None else None


def _in_functions(subject: Subject) -> Iterator[str]:
    """The tables that functions are told of, which may read or write."""
    for call in subject.tree.each(Call):
        if call.name in BY_KEY or call.name in BY_NAME:
            yield (subject.argument(call, BY_NAME.get(call.name, 0)) or "").partition("=>")[0].strip()


def _name(use: Use) -> str:
    return (use.pv.spec.inner or "").partition("=>")[0].strip()
