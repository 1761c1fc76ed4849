"""ST010."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import GlobalParam, Word

DEBUG = 3


class DebugSettings(NodeRule[GlobalParam]):
    """Settings for debugging are on.

    `debug=3` writes a hundred lines for each message; with `log_stderror=yes` nothing goes to syslog.
    """

    code = "ST010"
    severity = "info"
    nodes = (GlobalParam,)
    bad = (
        Bad("#!KAMAILIO\ndebug=3\nrequest_route { exit; }", ("debug=3",)),
        Bad("#!KAMAILIO\nlog_stderror=yes\nrequest_route { exit; }", ("log_stderror=yes",)),
    )
    good = ("#!KAMAILIO\ndebug=2\nlog_stderror=no\nrequest_route { exit; }",)

    def check(self, node: GlobalParam, subject: Subject) -> Iterator[Found]:
        """The two parameters."""
        value = node.value.text if isinstance(node.value, Word) else node.value.value
        if node.name == "debug" and isinstance(value, int) and value >= DEBUG:
            yield Found(node.span, "this logs everything that Kamailio does")
        elif node.name == "log_stderror" and value in ("yes", "on", "true", 1):
            yield Found(node.span, "this logs to stderr, not to syslog")
