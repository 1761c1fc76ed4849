"""Patterns that need no backtracking by their nature, in the words of the POSIX engines: whether such a pattern matches does not
depend on the order in which its ways are tried."""

from sroute.source.perl import nodes as perl
from sroute.source.perl.nodes import At, Capture, Chars, Either, Loop, Node, Row, Spot
from sroute.source.posix import charsets
from sroute.source.posix.nodes import Assertion, Choice, Empty, OneOf, Place, Repeat, Sequence
from sroute.source.posix.nodes import Node as Plain

_PLACES = {
    Spot.TEXT_START: Place.TEXT_START,
    Spot.TEXT_END: Place.TEXT_END,
    Spot.LINE_END: Place.LINE_END,
    Spot.WORD_EDGE: Place.WORD_EDGE,
    Spot.NOT_WORD_EDGE: Place.NOT_WORD_EDGE,
}
_LAST_LINE_END = Sequence((Repeat(OneOf(charsets.NEWLINE), 0, 1), Assertion(Place.TEXT_END)))


class _IrregularError(Exception):
    """A part has no words there."""


def regular(root: Node) -> Plain | None:
    """The pattern for the POSIX engines (with the flag newline); None where it is not regular."""
    try:
        return _plain(root, last=True)
    except _IrregularError:
        return None


def _plain(node: Node, *, last: bool) -> Plain:
    """A part; last where nothing follows that takes a character."""
    match node:
        case Chars(chars):
            return OneOf(chars)
        case At(spot):
            return _place(spot, last=last)
        case Capture(_, body):
            return _plain(body, last=last)
        case Either(branches):
            return Choice(tuple(_plain(branch, last=last) for branch in branches))
        case Row(parts):
            return _row(parts, last=last)
        case Loop(body, low, high, mode):
            return _repeat(body, low, high, mode)
        case _:
            raise _IrregularError


def _place(spot: Spot, *, last: bool) -> Plain:
    if spot is Spot.LAST_LINE_END and last:
        return _LAST_LINE_END
    if spot not in _PLACES:
        raise _IrregularError
    return Assertion(_PLACES[spot])


def _row(parts: tuple[Node, ...], *, last: bool) -> Plain:
    made: list[Plain] = []
    for at, part in enumerate(parts):
        rest = parts[at + 1 :]
        if part == At(Spot.LINE_START):
            # libpcre does not take the end of the text for the start of a line, behind its last newline.
            if not rest or not isinstance(rest[0], Chars):
                raise _IrregularError
            made.append(Assertion(Place.LINE_START))
            continue
        plain = _plain(part, last=last and not rest)
        if not isinstance(plain, Empty):
            made.append(plain)
    if len(made) > 1:
        return Sequence(tuple(made))
    return made[0] if made else Empty()


def _repeat(body: Node, low: int, high: int | None, mode: perl.Mode) -> Plain:
    if mode == "possessive":
        raise _IrregularError
    plain = _plain(body, last=False)
    if isinstance(plain, Empty) or high == 0:
        return Empty()
    return Repeat(plain, low, high)
