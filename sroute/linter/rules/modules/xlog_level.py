"""MD019."""

from collections.abc import Iterator

from sroute.linter.fixes import named_inside
from sroute.linter.rule import Bad, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Call

LEVELS = ("L_ALERT", "L_BUG", "L_CRIT", "L_CRIT2", "L_ERR", "L_WARN", "L_NOTICE", "L_INFO", "L_DBG")


class XlogLevel(NodeRule[Call]):
    """A log level is misspelt.

    `xlog()` looks at the letter behind `L_` only: `L_NOPE` logs at level NOTICE. When the letter begins no level, or there is no
    `L_`, the start fails.
    """

    code = "MD019"
    nodes = (Call,)
    bad = (Bad('xlog("L_NOPE", "bad\\n");', ('"L_NOPE"',), 'xlog("L_NOTICE", "bad\\n");'),)
    good = ('xlog("L_INFO", "fine\\n");', 'xlog("$var(level)", "fine\\n");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """A constant level that is none of those that are documented."""
        if node.name not in ("xlog", "xlogm", "xlogl", "xlogml") or len(node.args) < 2:
            return
        arg = node.args[len(node.args) - 2]
        level = subject.text(arg)
        if level and level.startswith("L_") and level not in LEVELS:
            meant = next((known for known in LEVELS if known[2] == level[2:3]), "L_NOTICE")
            fix = named_inside(arg.span, level, meant)
            safe = Fix(fix.title, fix.edits, safe=True) if fix else None
            yield Found(arg.span, f"there is no log level {level}: it counts as {meant}", did_you_mean(level, LEVELS), safe)
