"""Extended flags, internal flags, branches with q, and what kind of message this is."""

from sroute.exports.fixups import FORMAT, INTEGER
from sroute.modules.corex.module import CoreExtras, corex
from sroute.modules.pv.branches import append
from sroute.runtime.dset import NO_Q, Branch
from sroute.runtime.run import Run
from sroute.sip.compose import FAKED

HIGHEST = 63
INTERNAL = {"USE_UAC_FROM": 1, "USE_UAC_TO": 2}
_WORD = 32


def _split(flag: int) -> tuple[int, int]:
    """The word and the bit of an extended flag; bit 0 for a number that is none."""
    return (flag // _WORD, 1 << flag % _WORD) if 0 <= flag <= HIGHEST else (0, 0)


def _put(run: Run, flag: int, *, on: bool) -> int:
    word, bit = _split(flag)
    if not bit:
        return -1
    words = list(run.message.xflags)
    words[word] = words[word] | bit if on else words[word] & ~bit
    run.message.xflags = (words[0], words[1])
    return 1


@corex.function("setxflag", INTEGER)
def setxflag(state: CoreExtras, run: Run, flag: int) -> int:
    """Sets an extended flag (0 to 63) of the message.

    Example: setxflag("40");
    """
    return _put(run, flag, on=True)


@corex.function("resetxflag", INTEGER)
def resetxflag(state: CoreExtras, run: Run, flag: int) -> int:
    """Resets an extended flag (0 to 63) of the message.

    Example: resetxflag("40");
    """
    return _put(run, flag, on=False)


@corex.function("isxflagset", INTEGER)
def isxflagset(state: CoreExtras, run: Run, flag: int) -> int:
    """Whether an extended flag (0 to 63) of the message is set.

    Example: if (isxflagset("40")) xlog("set\\n");
    """
    word, bit = _split(flag)
    return 1 if run.message.xflags[word] & bit else -1


@corex.function("msg_iflag_set", FORMAT)
def msg_iflag_set(state: CoreExtras, run: Run, name: str) -> int:
    """Sets an internal flag of the message: USE_UAC_FROM or USE_UAC_TO. In 5.6.3 an unknown name counts as USE_UAC_FROM.

    Example: msg_iflag_set("USE_UAC_FROM");
    """
    run.message.iflags |= INTERNAL.get(name.upper(), 1)
    return 1


@corex.function("msg_iflag_reset", FORMAT)
def msg_iflag_reset(state: CoreExtras, run: Run, name: str) -> int:
    """Resets an internal flag of the message. In 5.6.3 an unknown name counts as USE_UAC_FROM.

    Example: msg_iflag_reset("USE_UAC_FROM");
    """
    run.message.iflags &= ~INTERNAL.get(name.upper(), 1)
    return 1


@corex.function("msg_iflag_is_set", FORMAT)
def msg_iflag_is_set(state: CoreExtras, run: Run, name: str) -> int:
    """Whether an internal flag of the message is set; -2 when not, -1 for an unknown name.

    Example: if (msg_iflag_is_set("USE_UAC_FROM")) xlog("set\\n");
    """
    bit = INTERNAL.get(name.upper())
    if bit is None:
        state.complain(run, f"unsupported flag name [{name}]")
        return -1
    return 1 if run.message.iflags & bit else -2


@corex.function("is_faked_msg")
def is_faked_msg(state: CoreExtras, run: Run) -> int:
    """Whether the message is the one that stands for none, in event routes that no message causes.

    Example: if (is_faked_msg()) exit;
    """
    return 1 if run.message.text == FAKED else -1


@corex.function("is_incoming")
def is_incoming(state: CoreExtras, run: Run) -> int:
    """Whether event_route[network:msg] runs for what comes in; sroute does not run it, so never.

    Example: if (is_incoming()) xlog("in\\n");
    """
    return -1


# ---------------------------------------------------------------- branches


def _q(text: str) -> int | None:
    """A q in thousandths; None for what is none."""
    if not text:
        return NO_Q
    whole, dot, part = text.partition(".")
    if whole not in ("0", "1", "") or not (dot or whole) or len(part) > 3 or (part and not (part.isascii() and part.isdigit())):
        return None
    value = int(whole or 0) * 1000 + int(part.ljust(3, "0") or 0)
    return value if value <= 1000 else None


@corex.function("append_branch")
@corex.function("append_branch", FORMAT)
@corex.function("append_branch", FORMAT, FORMAT)
def append_branch(state: CoreExtras, run: Run, uri: str = "", q: str = "") -> int:
    """Adds a branch: a URI, or what the Request-URI is now; its q from 0 to 1 decides its turn in serial forking.

    It gets the destination, Path, branch flags and socket of now, which a branch made from the Request-URI takes with it.

    Example: append_branch("sip:b@example.com", "0.5");
    """
    number = _q(q)
    if number is None:
        state.complain(run, "cannot parse the Q parameter")
        return -1
    message, dset = run.message, run.dset
    made = Branch(uri or message.uri, message.dst_uri or "", message.path or "", number, dset.ruri_flags, message.send_socket or "")
    if not append(run, made):
        return -1
    if not uri:
        dset.ruri_flags = 0
        message.dst_uri = message.path = message.send_socket = None
    return 1
