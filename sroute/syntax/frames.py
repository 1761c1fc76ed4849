"""The texts that the scanner is in the middle of: files, and values of defines with some of the text behind the name."""

from sroute.source.text import Source, Span

WINDOW = 120


class Frame:
    """A text that is being read: a file, or the value of a define with some of the text behind the name."""

    __slots__ = ("limit", "names", "parent", "pos", "resume", "source", "span", "text")

    def __init__(self, source: Source, text: str, parent: "Frame | None" = None) -> None:
        self.source = source
        self.text = text
        self.pos = 0
        self.limit = len(text)
        self.parent = parent
        self.span: Span | None = None
        self.resume = 0
        self.names: tuple[str, ...] = ()

    def behind(self, at: int, length: int) -> str:
        """The text from an offset on, as far as asked for; a define's window grows when it must."""
        if self.span is not None and len(self.text) < at + length:
            self.grow(at + length - self.limit)
        return self.text[at : at + length]

    def grow(self, length: int) -> bool:
        """Make the window of a define at least so long; False when there is no more text."""
        if self.parent is None or self.span is None:
            return False
        before = len(self.text)
        self.text = self.text[: self.limit] + self.parent.behind(self.resume, length)
        return len(self.text) > before

    def place(self, start: int, end: int) -> Span:
        """The place of a stretch in the user's file: within a define, where its name is used."""
        return self.span or Span(self.source, start, end)
