"""SB024."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign

_TARGET = re.compile(r"sips?:(?:[^@;]*@)?(\[[^\]]+\]|[^:;?]+)(?::(\d+))?", re.IGNORECASE)


class RelaysToItself(NodeRule[Assign]):
    """The target of a request is an address of this server.

    The request comes back, runs through the same script and is sent here again, until Max-Forwards ends it.
    """

    code = "SB024"
    nodes = (Assign,)
    bad = (
        Bad(
            '#!KAMAILIO\nlisten=udp:10.0.0.1:5060\nloadmodule "pv.so"\nloadmodule "tm.so"\n'
            'request_route { $du = "sip:10.0.0.1:5060"; t_relay(); }',
            ('"sip:10.0.0.1:5060"',),
        ),
    )
    good = (
        '#!KAMAILIO\nlisten=udp:10.0.0.1:5060\nloadmodule "pv.so"\nloadmodule "tm.so"\n'
        'request_route { $du = "sip:10.0.0.1:5070"; t_relay(); }',
    )

    def check(self, node: Assign, subject: Subject) -> Iterator[Found]:
        """A constant target that is one of the listen lines, or an alias."""
        value = subject.value(node.value)
        match = _TARGET.match(value) if node.target.spec.name in ("du", "ru") and isinstance(value, str) else None
        if match is None:
            return
        default = subject.program.settings.integer("port", 5060)
        own = {
            (host.strip("[]").lower(), spec.port or default)
            for listen in subject.program.settings.listen
            for spec in listen.sockets
            for host in spec.hosts
        }
        own |= {(host.lower(), spec.port or default) for spec in subject.program.settings.aliases for host in spec.hosts}
        if (match[1].strip("[]").lower(), int(match[2] or 5060)) in own:
            yield Found(node.value.span, "this is an address of this server: the request comes back")
