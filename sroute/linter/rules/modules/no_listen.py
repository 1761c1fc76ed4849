"""MD028."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Listen


class NoListen(ScriptRule):
    """No address to listen on is named.

    Kamailio binds every address of the machine, those of management networks and containers as well.
    """

    code = "MD028"
    severity = "info"
    bad = (Bad('#!KAMAILIO\nloadmodule "pv.so"\nrequest_route { exit; }', ("#!KAMAILIO",)),)
    good = ("#!KAMAILIO\nlisten=udp:10.0.0.1:5060\nrequest_route { exit; }",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """A whole script without `listen`."""
        around = subject.circumstances
        if around.fragment or around.broken or subject.tree.each(Listen) or ("request", None) not in subject.program.routes:
            return
        source = subject.sources[0]
        yield Found(Span(source, 0, len(source.line(1))), "there is no listen: every address of the machine is bound")
