"""The engines behind one face each: yes or no is `search(text)`, spans are `find(text, start, notbol)`."""

import re
from collections.abc import Callable, Iterator

from sroute.source.posix import translate
from sroute.source.posix.backtrack import Backtracker
from sroute.source.posix.nodes import BackReference, Expression, Flags, Node, Place, nodes, places
from sroute.source.posix.program import assemble
from sroute.source.posix.walk import Spans, Walker

Search = Callable[[str], object]
Find = Callable[[str, int, bool], Spans | None]
FindAll = Callable[[str], Iterator[Spans]]

_LOOK_BACK = frozenset(Place) - {Place.LINE_END, Place.TEXT_END}


def shifted(spans: Spans, start: int) -> Spans:
    """Spans in a text of which the part before start was cut off."""
    return tuple((begin + start, end + start) if end >= 0 else (-1, -1) for begin, end in spans)


def repeated(find: Find) -> FindAll:
    """All matches by searching again behind each, up to the first empty one."""

    def find_all(text: str) -> Iterator[Spans]:
        spans = find(text, 0, False)
        while spans is not None:
            yield spans
            start, end = spans[0]
            if start == end:
                return
            spans = find(text, end, True)

    return find_all


def python(root: Node, flags: Flags, *, notbol: bool = False) -> re.Pattern[str]:
    """The pattern for Python's `re`."""
    return re.compile("(?as)" + translate.translate(root, translate.python(flags, notbol=notbol)))


def python_find(root: Node, flags: Flags) -> Find:
    """Spans from Python's `re`; a second pattern serves searches for which the start is no start of a line."""
    used = places(root)
    first = python(root, flags).search
    again = python(root, flags, notbol=True).search if Place.LINE_START in used else first
    if not used & _LOOK_BACK:

        def find(text: str, start: int, notbol: bool) -> Spans | None:
            found = first(text, start)
            return found and found.regs

        return find

    def find_sliced(text: str, start: int, notbol: bool) -> Spans | None:
        found = (again if notbol else first)(text[start:] if start else text)
        if found is None:
            return None
        return shifted(found.regs, start) if start else found.regs

    return find_sliced


def re2(root: Node, flags: Flags) -> Search | None:
    """The search of RE2, or None where it refuses the pattern."""
    import re2 as engine  # noqa: PLC0415  (takes 3 ms, and is seldom needed)

    options = engine.Options()
    options.encoding = engine.Options.Encoding.LATIN1
    options.dot_nl = True
    options.never_capture = True
    options.log_errors = False
    try:
        text = translate.translate(root, translate.re2(flags))
        search = engine.compile(text.encode("latin-1"), options).search
    except (translate.Untranslatable, engine.error):
        return None
    return lambda text: search(text.encode("latin-1"))


class Own:
    """Our own engine for a pattern, made at the first search: the automaton, or backtracking for back-references."""

    __slots__ = ("_engine", "_expression", "_flags")

    def __init__(self, expression: Expression, flags: Flags) -> None:
        """The pattern as it was parsed."""
        self._expression = expression
        self._flags = flags
        self._engine: Walker | Backtracker | None = None

    def _made(self) -> Walker | Backtracker:
        if self._engine is None:
            program = assemble(self._expression)
            if any(isinstance(node, BackReference) for node in nodes(self._expression.root)):
                self._engine = Backtracker(program, self._flags)
            else:
                self._engine = Walker(program, newline=self._flags.newline)
        return self._engine

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere."""
        return self._made().search(text)

    def find(self, text: str, start: int, notbol: bool) -> Spans | None:
        """Spans of the first match at or behind start."""
        return self._made().find(text, start, notbol=notbol)

    def find_all(self, text: str) -> Iterator[Spans]:
        """All matches, each searched for behind the one before."""
        return self._made().find_all(text)


class Late:
    """RE2 for a pattern or, where it refuses, our own engine; chosen at the first search."""

    __slots__ = ("_bare", "_flags", "_own", "_search")

    def __init__(self, bare: Node, flags: Flags, own: Own) -> None:
        """bare is the pattern without groups."""
        self._bare = bare
        self._flags = flags
        self._own = own
        self._search: Search | None = None

    def search(self, text: str) -> object:
        """Whether the pattern matches anywhere."""
        if self._search is None:
            self._search = re2(self._bare, self._flags) or self._own.search
        return self._search(text)
