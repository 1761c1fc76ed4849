"""Pending changes of a message ("lumps"): what a script adds and removes stays apart from the text until it is sent or applied.

A lump list is a row of anchors in the order of their offsets. An anchor may remove what stands at its offset, and carries
pieces that come out in front of and behind it. Changes never see each other: two that remove the same bytes both write
their replacement.
"""

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Substitution = Literal[
    "RCV_IP", "RCV_PORT", "RCV_PROTO", "RCV_ALL", "RCV_ALL_EX", "SND_IP", "SND_PORT", "SND_PROTO", "SND_ALL", "SND_ALL_EX"
]  # fmt: skip
Condition = Literal["FALSE", "TRUE", "DIFF_REALMS", "DIFF_AF", "DIFF_PROTO", "DIFF_PORT", "DIFF_IP", "RAND"]


@dataclass(slots=True, eq=False)
class Piece:
    """Text that an anchor adds; subclasses are settled only when the way out is known."""

    text: str


@dataclass(slots=True, eq=False)
class Subst(Piece):
    """Stands for a part of the receiving or sending address (Record-Route does so)."""

    what: Substitution = "SND_ALL"


@dataclass(slots=True, eq=False)
class Cond(Piece):
    """Those behind it on this side of the anchor come out only when it holds."""

    condition: Condition = "TRUE"


@dataclass(slots=True, eq=False)
class Anchor:
    """A place in the text: removes `length` characters there; adds pieces before and after."""

    offset: int
    length: int = 0
    kind: str = ""
    before: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)

    def add_before(self, piece: str | Piece) -> Piece:
        """Add a piece in front; the newest one comes out first."""
        return _insert(self.before, 0, piece)

    def add_after(self, piece: str | Piece, behind: Piece | None = None) -> Piece:
        """Add a piece behind the anchor, in front of those already there, or right behind one of them."""
        return _insert(self.after, 0 if behind is None else self.after.index(behind) + 1, piece)

    def copy(self) -> "Anchor":
        """The same anchor with lists of its own."""
        return Anchor(self.offset, self.length, self.kind, self.before.copy(), self.after.copy())


def _insert(pieces: list[Piece], at: int, piece: str | Piece) -> Piece:
    made = Piece(piece) if isinstance(piece, str) else piece
    pieces.insert(at, made)
    return made


def _offset(anchor: Anchor) -> int:
    return anchor.offset


class Lumps:
    """One list of changes (a message has one for its headers and one for its body)."""

    __slots__ = ("anchors",)

    def __init__(self) -> None:
        self.anchors: list[Anchor] = []

    def __bool__(self) -> bool:
        return bool(self.anchors)

    def __iter__(self) -> Iterator[Anchor]:
        return iter(self.anchors)

    def anchor(self, offset: int, kind: str = "") -> Anchor:
        """A new place to add at; it comes behind the others of the same offset."""
        return self.delete(offset, 0, kind)

    def delete(self, offset: int, length: int, kind: str = "") -> Anchor:
        """Remove characters; returns the anchor, behind which a replacement can be added."""
        made = Anchor(offset, length, kind)
        anchors = self.anchors
        if anchors and anchors[-1].offset > offset:
            insort(anchors, made, key=_offset)
        else:
            anchors.append(made)
        return made

    def remove(self, anchor: Anchor) -> bool:
        """Take a change back."""
        if anchor in self.anchors:
            self.anchors.remove(anchor)
            return True
        return False

    def copy(self) -> "Lumps":
        """A copy whose anchors can be changed without touching these."""
        made = Lumps()
        made.anchors = [anchor.copy() for anchor in self.anchors]
        return made

    def added(self) -> Iterator[str]:
        """The plain texts that wait to be added, in the order in which they come out."""
        for anchor in self.anchors:
            for piece in (*anchor.before, *anchor.after):
                if piece.text:
                    yield piece.text


class Way:
    """How conditions and substitutions come out; without a way out none holds and all are empty."""

    __slots__ = ()

    def holds(self, condition: Condition) -> bool:
        """Whether a conditional piece comes out."""
        return condition == "TRUE"

    def subst(self, what: Substitution) -> str:
        """The text of a substitution."""
        return ""


NO_WAY = Way()


def delta(lumps: Lumps, way: Way = NO_WAY) -> int:
    """By how many characters a list changes the length of its text."""
    out: list[str] = []
    skipped, position = 0, 0
    for anchor in lumps.anchors:
        _pieces(anchor.before, out, way)
        begin = max(anchor.offset, position)
        end = max(anchor.offset + anchor.length, begin)
        skipped += end - begin
        position = end
        _pieces(anchor.after, out, way)
    return sum(map(len, out)) - skipped


def apply(text: str, lumps: Lumps, out: list[str], position: int, way: Way = NO_WAY) -> int:
    """Write the text with its changes up to the last anchor; returns the offset up to which the text is used up.

    What an earlier anchor has removed is not removed again, and an anchor inside it moves to its end.
    """
    for anchor in lumps.anchors:
        offset = anchor.offset
        if offset > position:
            out.append(text[position:offset])
            position = offset
        if anchor.before:
            _pieces(anchor.before, out, way)
        if anchor.length and offset + anchor.length > position:
            position = offset + anchor.length
        if anchor.after:
            _pieces(anchor.after, out, way)
    return position


def _pieces(pieces: list[Piece], out: list[str], way: Way) -> None:
    for piece in pieces:
        match piece:
            case Subst(what=what):
                out.append(way.subst(what))
            case Cond(condition=condition):
                if not way.holds(condition):
                    return
            case _:
                out.append(piece.text)
