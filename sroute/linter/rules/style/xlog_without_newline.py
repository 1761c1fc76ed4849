"""ST001."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject, verbatim
from sroute.source.text import Span
from sroute.syntax.nodes import Call, CoreCall, Literal

LOGGERS = frozenset(["xlog", "xlogl", "xinfo", "xdbg", "xerr", "xwarn", "xnotice", "xcrit", "xalert", "xbug", "log"])


class XlogWithoutNewline(NodeRule[Call | CoreCall]):
    """A log line has no line end.

    On stderr the next line is glued to it. (syslog does not mind.)
    """

    code = "ST001"
    severity = "info"
    nodes = (Call, CoreCall)
    bad = (Bad('xlog("L_INFO", "hello");', ('"hello"',), 'xlog("L_INFO", "hello\\n");'),)
    good = ('xlog("L_INFO", "hello\\n");', 'xlog("L_INFO", "$var(line)");')

    def check(self, node: Call | CoreCall, subject: Subject) -> Iterator[Found]:
        """The text, which is the last argument."""
        text = subject.text(node.args[-1]) if node.name in LOGGERS and node.args else None
        pieces = subject.pieces(text) if text else ()
        if pieces and not (isinstance(pieces[-1], str) and pieces[-1].endswith("\n")) and not (len(pieces) == 1 and pieces[0] != text):
            arg = node.args[-1]
            end = Span(arg.span.source, arg.span.end - 1, arg.span.end - 1)
            fix = Fix("add \\n", (Edit(end, "\\n"),), safe=True) if isinstance(arg, Literal) and verbatim(arg) else None
            yield Found(arg.span, "this log line has no line end", "add \\n", fix)
