"""Cuts pseudo-variables and format strings into the terminals of `grammar/pseudovars.lark`, as Kamailio scans them.

A name goes as far as its characters go; brackets are counted, nothing else in them is looked at.
"""

import re

from sroute.source.text import Source, Span
from sroute.syntax.lalr import END
from sroute.syntax.tokens import Token

_NAME = re.compile(r"[A-Za-z0-9_.?]+")
_INDEX = re.compile(r"([+-]?[0-9]+)|(\*)|(\+)")
_INDEX_KINDS = ("INT", "STAR", "PLUS")
_TRANSFORMATION = re.compile(r"([A-Za-z0-9_]+)(\.)([A-Za-z0-9_.]+)[ \t]*(,)?")
_PARENTHESES = re.compile(r"[()]")
_BRACES = re.compile(r"[{}]")
_BLANKS = re.compile(r"[ \t]*(?=\{)")
_TEXT, _VARIABLE, _LONG, _INDEXED = range(4)


class PvScanner:
    """Reads one text; `tokens` are its terminals, the last one is the end or one that no rule knows."""

    __slots__ = ("at", "modes", "source", "text", "tokens")

    def __init__(self, text: str, *, is_format: bool) -> None:
        self.text = text
        self.source = Source("", text)
        self.at = 0
        self.tokens: list[Token] = []
        self.modes = [_TEXT] if is_format else []
        steps = (self._literal, self._variable, self._long, self._index)
        if not is_format:
            self._dollar()
        while self.modes and (self.at < len(text) or self.modes[-1] != _TEXT):
            steps[self.modes[-1]]()
        if self.at < len(text) and not self._broken():
            self._emit("REST", len(text))
        self._emit(END, len(text))

    def _broken(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].kind == "BROKEN"

    def _emit(self, kind: str, end: int) -> None:
        self.tokens.append(Token(kind, self.text[self.at : end], "", Span(self.source, self.at, end)))
        self.at = end

    def _stop(self) -> None:
        """Nothing that could stand here: the grammar says what should."""
        self._emit("BROKEN", len(self.text))
        self.modes.clear()

    def _dollar(self) -> None:
        if self.text.startswith("$", self.at):
            self._emit("DOLLAR", self.at + 1)
            self.modes.append(_VARIABLE)
        else:
            self._stop()

    def _literal(self) -> None:
        dollar = self.text.find("$", self.at)
        if dollar != self.at:
            self._emit("TEXT", len(self.text) if dollar < 0 else dollar)
        elif self.text.startswith("$$", self.at):
            self.at += 1
            self._emit("TEXT", self.at + 1)
        else:
            self._dollar()

    def _variable(self) -> None:
        """The name, with its brackets; behind a parenthesis more may follow."""
        self.modes.pop()
        text = self.text
        if text.startswith("(", self.at):
            self._emit("LPAR", self.at + 1)
            self.modes.append(_LONG)
            if text.startswith("$)", self.at):
                self._emit("DOLLAR", self.at + 1)
                return
        name = _NAME.match(text, self.at)
        if name is None:
            self._stop()
            return
        self._emit("NAME", name.end())
        if text.startswith("(", self.at):
            end = self._closing(_PARENTHESES, "(")
            self._emit("LPAR", self.at + 1)
            if end > self.at:
                self._emit("INNER", end)
            if end < len(text):
                self._emit("RPAR", end + 1)

    def _long(self) -> None:
        """What may follow the name within `$( )`."""
        if self.text.startswith("} ", self.at - 1):
            self.at = len(self.text) - len(self.text[self.at :].lstrip(" "))
        char = self.text[self.at : self.at + 1]
        if char == ")":
            self.modes.pop()
            self._emit("RPAR", self.at + 1)
        elif char == "[":
            self._emit("LSQB", self.at + 1)
            self.modes.append(_INDEXED)
        elif char == "{":
            self._transformation()
        else:
            self._stop()

    def _index(self) -> None:
        if self.text.startswith("]", self.at):
            self.modes.pop()
            self._emit("RSQB", self.at + 1)
        elif self.text.startswith("$", self.at):
            self._dollar()
        elif match := _INDEX.match(self.text, self.at):
            self._emit(_INDEX_KINDS[(match.lastindex or 1) - 1], match.end())
        else:
            self._stop()

    def _transformation(self) -> None:
        end = self._closing(_BRACES, "{")
        self._emit("LBRACE", self.at + 1)
        match = _TRANSFORMATION.match(self.text, self.at, end)
        if match is None:
            self._stop()
            return
        for group, kind in enumerate(("CLASS", "DOT", "FUNCTION"), 1):
            self._emit(kind, match.end(group))
        if match[4]:
            self.at = match.start(4)
            self._emit("COMMA", match.end())
            if self.text[end - 1] == "," and self.text.startswith("}}", end):
                end += 1  # {s.select,1,}}: the brace is the separator
            self._emit("PARAMETERS", end)
        else:
            self.at = match.end()
        if self.text.startswith("}", self.at):
            self._emit("RBRACE", self.at + 1)
            if blanks := _BLANKS.match(self.text, self.at):
                self.at = blanks.end()

    def _closing(self, brackets: re.Pattern[str], opener: str) -> int:
        """The offset of the bracket that closes the one here; the end of the text when there is none."""
        depth = 0
        for match in brackets.finditer(self.text, self.at):
            depth += 1 if match[0] == opener else -1
            if depth == 0:
                return match.start()
        return len(self.text)
