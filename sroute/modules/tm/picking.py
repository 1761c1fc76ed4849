"""Which reply of several branches goes upstream."""

from sroute.modules.tm.transaction import Answer, Branch, Faked, Transaction

ERROR = -1
PENDING = -2
_CLASSES = (32000, 11000, 0, 3000, 4000, 5000, 1000)
_FAVOURED = frozenset({1, 7, 15, 20, 84})
"""401, 407, 415, 420 and 484 beat the other 4xx."""


def priority(code: int, answer: Answer | None, faked: int) -> int:
    """The rank of a code, the lowest wins; faked is the penalty for replies that tm made up."""
    group, rest = divmod(code, 100)
    if group < 7:
        if group == 4 and rest not in _FAVOURED:
            rest += 100
        rank = _CLASSES[group] + rest
    else:
        rank = 10000 + code
    return rank + faked if isinstance(answer, Faked) else rank


def pick(t: Transaction, incoming: Branch | None, code: int, faked: int) -> tuple[int, int]:
    """Index and code of the best final reply; PENDING while a branch has none, ERROR when there is nothing to pick.

    incoming is the branch whose reply, with that code, is not stored yet.
    """
    best, best_code = ERROR, 0
    for branch in t.branches:
        if branch is incoming:
            if priority(code, branch.reply, faked) < priority(best_code, branch.reply, faked):
                best, best_code = branch.index, code
            continue
        if not branch.sent and branch.last >= 200:
            continue
        if branch.last < 200 and not _resumed(t, branch):
            return PENDING, 0
        reply = branch.reply
        if reply is not None and priority(branch.last, reply, faked) < priority(best_code, reply, faked):
            best, best_code = branch.index, branch.last
    return best, best_code


def pick_blind(t: Transaction, faked: int) -> tuple[int, int]:
    """As pick, but branches without a message (suspended transactions) count too."""
    best, best_code = ERROR, 0
    for branch in t.branches:
        if branch.last < 200:
            return PENDING, 0
        reply = branch.reply
        if reply is not None and priority(branch.last, reply, faked) < priority(best_code, reply, faked):
            best, best_code = branch.index, branch.last
    return best, best_code


def _resumed(t: Transaction, branch: Branch) -> bool:
    return t.continuing and t.resume is not None and branch.index == t.resume.blind
