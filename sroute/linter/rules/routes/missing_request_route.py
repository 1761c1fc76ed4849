"""RT009."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.shapes import words
from sroute.source.text import Span

ENGINES = frozenset(words("app_lua app_python3 app_python3s app_ruby app_ruby_proc app_jsdt app_sqlang"))
"""Modules that bring a routing engine of their own."""


class MissingRequestRoute(ScriptRule):
    """There is no `request_route`.

    Kamailio starts, logs an error for each request and does nothing with it.
    """

    code = "RT009"
    stage = "run"
    bad = (Bad('#!KAMAILIO\nloadmodule "pv.so"\nroute[A] { exit; }', ("#!KAMAILIO",)),)
    good = ('#!KAMAILIO\nloadmodule "pv.so"\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """A whole script without its main block."""
        around = subject.circumstances
        if ("request", None) in subject.program.routes or around.fragment or around.broken or subject.loaded & ENGINES:
            return
        source = subject.sources[0]
        span = Span(source, 0, len(source.line(1)))
        yield Found(span, "there is no request_route: every request is an error", "--fragment if this file is included elsewhere")
