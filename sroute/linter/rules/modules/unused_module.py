"""MD013."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.shapes import words
from sroute.syntax.nodes import Call, Route

ACTING = frozenset(
    words(
        "acc auth cfg_rpc counters ctl debugger dialog dmq jsonrpcs kex corex nat_traversal nathelper presence pua rtimer siptrace sl "
        "snmpstats sst statistics stun tls tm tmx topoh topos uac websocket xhttp xhttp_rpc outbound path log_custom usrloc secfilter "
        "misc_radius keepalive timer evrexec rls msilo lwsc xmlrpc sctp tcpops gzcompress pv"
    )
)
"""Modules that do something by being there."""


class UnusedModule(ScriptRule):
    """A module is loaded and nothing of it is used.

    No function, variable, transformation, event or parameter of it occurs, and no other module needs it.
    """

    code = "MD013"
    severity = "info"
    bad = (Bad('#!KAMAILIO\nloadmodule "pv.so"\nloadmodule "ipops.so"\nrequest_route { exit; }', ('loadmodule "ipops.so"',)),)
    good = ('#!KAMAILIO\nloadmodule "pv.so"\nloadmodule "ipops.so"\nrequest_route { if (is_ip("$rd")) exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Modules whose only sense is to be used by the script."""
        if subject.circumstances.fragment or subject.circumstances.broken:
            return
        used = set(_used(subject))
        for module in subject.program.modules:
            span = subject.program.loaded_at.get(module.name)
            offers = bool(module.functions or module.variables or module.transformations)
            if (
                span is not None
                and offers
                and module.name not in used | ACTING
                and not module.name.startswith(("db_", "app_", "ims_", "presence_"))
            ):
                yield Found(span, f"nothing of the module {module.name} is used", "remove it if nothing else needs it")


def _used(subject: Subject) -> Iterator[str]:
    program = subject.program
    yield from (plan.function.module for plan in program.calls.values())
    yield from (use.pv.variable.module for use in subject.uses)
    yield from (tr.declaration.module for use in subject.uses for tr in use.pv.transformations)
    yield from (setting.module.name for setting in program.params)
    yield from (name for module in program.modules for need in module.requires for name in need.split("|"))
    yield from (route.name.partition(":")[0] for route in subject.tree.each(Route) if route.kind == "event" and route.name)
    names = {call.name for call in subject.tree.each(Call)}
    yield from (module.name for module in program.modules if any(name in names for name, _ in module.functions))
