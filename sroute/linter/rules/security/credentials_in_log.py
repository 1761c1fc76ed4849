"""SE015."""

from collections.abc import Iterator

from sroute.exports.variable import Pv
from sroute.linter.knowledge import LOGGERS
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign, Call, Variable
from sroute.syntax.walk import below

HEADERS = frozenset(["authorization", "proxy-authorization"])
WHOLE = frozenset(["mb", "mbu", "msgbuf"])


class CredentialsInLog(NodeRule[Call]):
    """Credentials are written to the log.

    The Authorization header, and with it the whole message (`$mb`), lets whoever reads the log work on the password.
    """

    code = "SE015"
    nodes = (Call,)
    bad = (
        Bad('xlog("L_INFO", "auth: $hdr(Authorization)\\n");', ('"auth: $hdr(Authorization)\\n"',)),
        Bad('xlog("L_ERR", "$mb\\n");', ('"$mb\\n"',)),
    )
    good = ('xlog("L_INFO", "from $fU\\n");', 'xlog("L_DBG", "$mb\\n");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """Log lines above the level of debugging."""
        if node.name not in LOGGERS or node.name == "xdbg" or subject.argument(node, 0) == "L_DBG":
            return
        for arg in node.args:
            for pv in subject.variables(arg):
                if secret(pv) or pv.spec.text in subject.once(_stored):
                    yield Found(arg.span, f"{pv.spec.text} holds credentials, and goes to the log", "use L_DBG, or leave it out")


def secret(pv: Pv) -> bool:
    """Whether a variable may hold the sender's credentials."""
    return pv.variable.name in WHOLE or (pv.variable.name == "hdr" and (pv.spec.inner or "").lower() in HEADERS)


def _stored(subject: Subject) -> frozenset[str]:
    """The variables of the script that are given such a text as it is."""
    found = set()
    for node in subject.tree.each(Assign):
        for part in (node.value, *below(node.value)):
            pv = subject.program.pvs.get(id(part)) if isinstance(part, Variable) else None
            if pv is not None and secret(pv) and not pv.transformations:
                found.add(node.target.spec.text)
    return frozenset(found)
