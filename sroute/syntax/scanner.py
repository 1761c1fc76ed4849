"""Text to tokens, as Kamailio's scanner does it: defines are expanded where a bare name is read, and their value is read anew.

A token knows its place in the file that the user wrote; one that comes out of a define has the place where the name was used.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sroute.dialect import DEFAULT, Dialect
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source, Span
from sroute.syntax import tokens as lexis
from sroute.syntax.cutter import Cutter
from sroute.syntax.defines import Conditional
from sroute.syntax.frames import WINDOW, Frame
from sroute.syntax.nodes import Mode
from sroute.syntax.preprocessor import Include, Preprocessor
from sroute.syntax.reader import Reader, read_file
from sroute.syntax.tokens import Token
from sroute.syntax.words import NUMBERS, terminals

MAX_NESTED_EXPANSIONS = 200_000
MODES: dict[str, Mode] = {"KAMAILIO": "KAMAILIO", "OPENSER": "KAMAILIO", "SER": "SER", "MAXCOMPAT": "MAXCOMPAT", "ALL": "MAXCOMPAT"}


@dataclass(frozen=True, slots=True)
class Scanned:
    """All tokens of a script, what was wrong, and what preprocessing left behind."""

    tokens: list[Token]
    diagnostics: list[Diagnostic]
    mode: Mode
    marked: bool
    defines: Mapping[str, str | None]
    sources: tuple[Source, ...]
    conditionals: tuple[Conditional, ...]


def scan(
    name: str,
    text: str,
    *,
    defines: Mapping[str, str | None] | None = None,
    dialect: Dialect = DEFAULT,
    reader: Reader = read_file,
    env: Mapping[str, str] | None = None,
    skip_missing: bool = False,
    mode: Mode = "MAXCOMPAT",
) -> Scanned:
    """Read a script and everything it includes; defines are those of `-A`, mode is the config type without a marker."""
    preprocessor = Preprocessor(dialect, reader, env or {}, skip_missing=skip_missing)
    preprocessor.predefine(defines or {})
    scanner = _Scanner(preprocessor, mode)
    scanner.enter(Include(name, text))
    scanner.run()
    preprocessor.finish()
    defined, seen = preprocessor.defines.values, tuple(preprocessor.conditionals.seen)
    sources = tuple(scanner.sources)
    return Scanned(scanner.tokens, preprocessor.diagnostics, scanner.cutter.mode, scanner.marked, defined, sources, seen)


class _Scanner:
    def __init__(self, preprocessor: Preprocessor, mode: Mode) -> None:
        self.preprocessor = preprocessor
        self.kinds = terminals(preprocessor.dialect.newer)
        self.frames: list[Frame] = []
        self.files: list[Frame] = []
        self.sources: list[Source] = []
        self.cutter = Cutter(preprocessor, mode, self.frames)
        self.tokens = self.cutter.tokens
        self.marked = False
        self.comments: list[Span] = []
        self.line_comment = False
        self.nested = 0

    # ------------------------------------------------------------ frames

    def enter(self, file: Include) -> None:
        source = Source(file.path, file.text)
        frame = Frame(source, file.text)
        self.sources.append(source)
        self.frames.append(frame)
        self.files.append(frame)

    def leave(self) -> None:
        frame = self.frames.pop()
        if frame.parent is not None:
            frame.parent.pos = frame.resume + frame.pos - frame.limit
            return
        self.files.pop()
        if self.comments and not self.files:
            message, hint = "this comment is never closed: the rest of the file is gone", "comments nest: each /* needs its */"
            self.preprocessor.report("SY004", "warning", message, self.comments[0], hint)

    def run(self) -> None:
        while self.frames:
            frame = self.frames[-1]
            if frame.pos >= frame.limit:
                self.leave()
            elif self.comments:
                self.block_comment(frame)
            elif self.line_comment:
                end = frame.text.find("\n", frame.pos)
                frame.pos = frame.limit if end < 0 else end + 1
                self.line_comment = end < 0
            elif self.preprocessor.conditionals.skipping:
                self.skip(frame)
            else:
                self.scan(frame)

    # ------------------------------------------------------------ the loop

    def scan(self, frame: Frame) -> None:
        """Read tokens until the frame ends, another one begins, or a directive changes how to go on."""
        match_at, kinds, add = lexis.MASTER.match, self.kinds, self.tokens.append
        defines, operators = self.preprocessor.defines.values, lexis.OPERATORS
        text, pos, limit, source, fixed = frame.text, frame.pos, frame.limit, frame.source, frame.span
        while pos < limit:
            match = match_at(text, pos)
            if match is None:
                frame.pos = self.skip_blanks(frame, pos) if fixed is not None else limit
                return
            group = match.lastindex or lexis.SPECIAL
            start, end = match.span(group)
            if fixed is not None:
                if start >= limit:
                    frame.pos = self.skip_blanks(frame, pos)
                    return
                if self.cut(frame, group, end):
                    text = frame.text
                    continue
            if group == lexis.NAME:
                word = match[1]
                if text.startswith(":", end) and (special := self.with_colon(text, start, end)):
                    word, end = special
                    kind = kinds.get(word, "IPV6")
                else:
                    kind = kinds.get(word, "ID")
                    if kind == "ID":
                        if word in defines:
                            frame.pos = end
                            self.expand(frame, word, start, end)
                            return
                        if word in INCLUDES:
                            frame.pos = start
                            self.directive(frame)
                            return
                        if word in ELSE_IF and self.tokens and self.tokens[-1].kind == "RBRACE":
                            pos = end
                            self.cutter.else_if(word, fixed or Span(source, start, end))
                            continue
                pos = end
                span = fixed or Span(source, start, end)
                if kind == "NUMBER":
                    add(Token(kind, NUMBERS[word], word, span))
                else:
                    add(Token(kind, word, word, span))
                    if kind in STATEFUL:
                        frame.pos = pos
                        self.cutter.stateful(frame, kind)
                        pos, text = frame.pos, frame.text
            elif group == lexis.OPERATOR:
                word = match[2]
                pos = end
                if word == ":" and (ipv6 := lexis.IPV6.match(text, start)):
                    pos, word = ipv6.end(), ipv6[0]
                    add(Token("IPV6", word, word, frame.place(start, pos)))
                else:
                    add(Token(operators[word], word, word, fixed or Span(source, start, end)))
            elif group == lexis.STRING:
                pos = end
                self.cutter.string(frame, lexis.double_quoted(match[3]), start, end)
            else:
                frame.pos = start
                if self.rare(frame, group, end):
                    return
                pos, text = frame.pos, frame.text
        frame.pos = pos

    def cut(self, frame: Frame, group: int, end: int) -> bool:
        """In a define: if the token may go on behind the window, make the window longer."""
        at_end = end >= len(frame.text) or (group == lexis.STRING and not frame.text[end:].strip())
        if not at_end and not (group == lexis.SPECIAL or group == lexis.DOLLAR):
            return False
        return "\n" not in frame.text[frame.limit :] and frame.grow(2 * (len(frame.text) - frame.limit) + WINDOW)

    def skip_blanks(self, frame: Frame, pos: int) -> int:
        """Where reading goes on when a define ends in blanks or in a comment, which may swallow what follows."""
        while pos < frame.limit:
            match = lexis.BLANKS.match(frame.text, pos)
            if match is not None:
                pos = match.end()
            elif not frame.grow(2 * (len(frame.text) - frame.limit) + WINDOW):
                return len(frame.text)
        return pos

    def with_colon(self, text: str, start: int, end: int) -> tuple[str, int] | None:
        """`msg:len`, `uri:host`, `uri:port` or an IPv6 address that begins like a name."""
        if match := lexis.COLON_WORD.match(text, start):
            return match[0], match.end()
        if match := lexis.IPV6.match(text, start):
            return match[0], match.end()
        return None

    def expand(self, frame: Frame, name: str, start: int, end: int) -> None:
        """Go on with the value of a define, then with what follows the name."""
        value = self.preprocessor.defines.values[name]
        if not value:
            return
        span = frame.place(start, end)
        if self.simple(frame, value, span, end):
            return
        if name in frame.names:
            chain = " -> ".join([*frame.names[frame.names.index(name) :], name])
            self.refuse(f"the define {name} is made of itself: {chain}", "Kamailio never ends reading this", span)
            return
        if frame.span is not None:
            self.nested += 1
            if self.nested > MAX_NESTED_EXPANSIONS:
                if self.nested == MAX_NESTED_EXPANSIONS + 1:
                    self.refuse("defines within defines make too much text", f"more than {MAX_NESTED_EXPANSIONS} of them", span)
                return
        inner = Frame(frame.source, value, frame)
        inner.span, inner.resume, inner.names = span, end, (*frame.names, name)
        inner.text = value + frame.behind(end, WINDOW)
        self.frames.append(inner)

    def refuse(self, message: str, hint: str, span: Span) -> None:
        """Report a define that can't be expanded; a token that fits nowhere takes its place."""
        self.preprocessor.report("PP012", "error", message, span, hint)
        self.tokens.append(Token("BROKEN", "", "", span))

    def simple(self, frame: Frame, value: str, span: Span, end: int) -> bool:
        """Take a define whose value is one number or one string that what follows can't change."""
        match = lexis.SIMPLE.fullmatch(value)
        if match is None or lexis.GLUE.match(frame.text, end) or frame.span is not None:
            return False
        if match[1]:
            self.tokens.append(Token("NUMBER", lexis.number(value) or 0, value, span))
        elif self.tokens and self.tokens[-1].kind in ("SUBST", "LOADMODULE"):
            return False
        else:
            content = self.preprocessor.substitute(value[1:-1]) if self.preprocessor.rules else value[1:-1]
            self.tokens.append(Token("STRING", content, value, span))
        frame.pos = end
        return True

    def rare(self, frame: Frame, group: int, end: int) -> bool:
        """Tokens that begin with a character of several uses; True when the caller must look anew how to go on."""
        text, start = frame.text, frame.pos
        char = text[start]
        if group == lexis.NUMBER:
            self.cutter.number(frame, end)
        elif char == "$":
            self.cutter.variable(frame)
        elif char == "#" or text.startswith(("//", "!!"), start):
            return self.hash(frame)
        elif text.startswith("/*", start):
            self.block_comment(frame)
            return True
        elif char in "/!":
            self.cutter.emit(frame, lexis.OPERATORS[char], char, start + 1)
        elif char == "'":
            self.cutter.single_quoted(frame)
        elif char == '"':
            self.cutter.unclosed(frame)
        elif char == "@":
            self.cutter.select(frame)
        elif char == "%":
            self.cutter.attribute(frame)
        else:
            self.cutter.dropped(frame)
        return False

    # ------------------------------------------------------------ comments and directives

    def block_comment(self, frame: Frame) -> None:
        """Skip to the end of the comment; comments nest."""
        for match in lexis.COMMENT.finditer(frame.text, frame.pos, frame.limit if frame.span is None else len(frame.text)):
            if match[0] == "/*":
                self.comments.append(frame.place(match.start(), match.end()))
            else:
                self.comments.pop()
                if not self.comments:
                    frame.pos = match.end()
                    return
        frame.pos = frame.limit

    def hash(self, frame: Frame) -> bool:
        """`#`, `//` or `!!`: a config type, a directive, a comment or two operators."""
        text, start = frame.text, frame.pos
        if match := lexis.CONFIG_TYPE.match(text, start):
            self.cutter.mode, self.marked, frame.pos = MODES[match[1]], True, match.end()
            return True
        if text.startswith(("#!", "!!"), start) and self.directive(frame):
            return True
        if text[start] == "!":
            self.cutter.emit(frame, "NOT", "!", start + 1)
            return False
        end = text.find("\n", start)
        if text.startswith("#!", start):
            self.preprocessor.unknown(text, start, frame.place(start, end if end >= 0 else len(text)))
        frame.pos = len(text) if end < 0 else end + 1
        self.line_comment = end < 0
        return True

    def directive(self, frame: Frame) -> bool:
        text, start = frame.text, frame.pos
        line = text.find("\n", start)
        span = frame.place(start, len(text) if line < 0 else line)
        outcome = self.preprocessor.directive(text, start, span, self.files[-1].source.name, len(self.files) - 1)
        if outcome is None:
            return False
        if outcome.terminal:
            self.cutter.emit(frame, outcome.terminal, text[start : outcome.end], outcome.end)
        frame.pos = outcome.end
        if outcome.include:
            self.enter(outcome.include)
        elif outcome.missing and self.tokens and self.tokens[-1].kind == "LBRACE":
            self.tokens.append(Token("SEMICOLON", ";", "", span))  # the file would have filled the block
        return True

    def skip(self, frame: Frame) -> None:
        """In a branch that is switched off: go to the next directive that may change that."""
        at = self.preprocessor.skip(frame.text, frame.pos)
        if at is None or at >= frame.limit:
            frame.pos = frame.limit
            return
        frame.pos = at
        if not self.directive(frame):
            frame.pos += 2


INCLUDES = frozenset({"include_file", "import_file"})
ELSE_IF = frozenset({"elseif", "elsif", "elif"})
STATEFUL = frozenset({"EVENT_ROUTE", "MYSELF"})
