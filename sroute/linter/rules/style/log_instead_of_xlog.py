"""ST003."""

from collections.abc import Iterator

from sroute.exports.variable import Pv
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import CoreCall


class LogInsteadOfXlog(NodeRule[CoreCall]):
    """`log()` is given variables, which it does not expand.

    It prints `$rU` as it stands there. `xlog()` expands them.
    """

    code = "ST003"
    severity = "info"
    nodes = (CoreCall,)
    bad = (Bad('log("user $rU\\n");', ('"user $rU\\n"',), 'xlog("user $rU\\n");'),)
    good = ('xlog("L_INFO", "user $rU\\n");', 'log("plain\\n");')

    def check(self, node: CoreCall, subject: Subject) -> Iterator[Found]:
        """The text of a log that names a variable."""
        text = subject.text(node.args[-1]) if node.name == "log" and node.args else None
        if text and any(isinstance(piece, Pv) for piece in subject.pieces(text)):
            usable = len(node.args) == 1 and "xlog" in subject.loaded
            fix = Fix("use xlog()", (Edit(node.name_span, "xlog"),)) if usable else None
            yield Found(node.args[-1].span, "log() does not expand variables", "use xlog()", fix)
