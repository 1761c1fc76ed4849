"""The error that the last action left behind (Kamailio's ser_error), and the replies that tell it.

Every action of a script clears it: only the very next one sees it. `if (!t_relay()) sl_reply_error();` does, with an xlog in
between it is gone.
"""

import re

from sroute.runtime.run import Run
from sroute.source.text import Span

UNSPEC = -1
CFG = -6
NO_SOCKET = -7
SEND = -477
BAD_ADDRESS = -478
BAD_URI = -479
_KNOWN = {
    0: (500, "No error"),
    SEND: (477, "Unfortunately error on sending to next hop occurred"),
    BAD_ADDRESS: (478, "Unresolvable destination"),
    BAD_URI: (479, "Regretfully, we were not able to process the URI"),
}
_KEY = "ser_error"
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|#[^\n]*", re.S)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'[^']*'", re.S)
_NEXT = re.compile(r"[\s()!;{}]*\Z")
_ELSE = re.compile(r"[\s()!]*\{.*\}\s*else[\s{]*\Z", re.S)


def report(run: Run, code: int) -> None:
    """The running call leaves that error (0: none)."""
    run.extra[_KEY] = (code, run.at)


def left(run: Run) -> int:
    """The error that the action in front of the running call left."""
    found = run.extra.get(_KEY)
    if not isinstance(found, tuple):
        return UNSPEC
    code, span = found
    return code if _follows(span, run.at) else UNSPEC


def phrase(code: int, signature: str) -> tuple[int, str]:
    """Status and reason of the reply that tells of an error: `Unresolvable destination (478/TM)`."""
    status, text = _KNOWN.get(code, (500, "I'm terribly sorry, server error occurred"))
    return status, f"{text} ({-code}/{signature})"


def _follows(before: Span | None, here: Span | None) -> bool:
    """Whether a call is the next action behind another one: nothing but brackets stands between them."""
    if before is None or here is None or before.source is not here.source or before.end > here.start:
        return False
    between = _STRING.sub('""', _COMMENT.sub(" ", before.source.text[before.end : here.start]))
    return bool(_NEXT.match(between)) or (bool(_ELSE.match(between)) and _closed(between))


def _closed(text: str) -> bool:
    """Whether the text is one balanced block and the `else` behind it."""
    depth, closed = 0, 0
    for mark in re.findall(r"[{}]", text.rpartition("else")[0]):
        depth += 1 if mark == "{" else -1
        closed += depth == 0
        if depth < 0:
            return False
    return depth == 0 and closed == 1
