"""Text to tokens, as Kamailio's scanner does it: defines are expanded where a bare name is read, and their value is read anew.

A token knows its place in the file that the user wrote; one that comes out of a define has the place where the name was used.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sroute.dialect import DEFAULT, Dialect
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source, Span
from sroute.syntax import tokens as lexis
from sroute.syntax.nodes import Mode
from sroute.syntax.preprocessor import Include, Preprocessor
from sroute.syntax.reader import Reader, read_file
from sroute.syntax.tokens import Token
from sroute.syntax.words import NUMBERS, terminals

WINDOW = 120
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


class _Frame:
    """A text that is being read: a file, or the value of a define with some of the text behind the name."""

    __slots__ = ("limit", "names", "parent", "pos", "resume", "source", "span", "text")

    def __init__(self, source: Source, text: str, parent: "_Frame | None" = None) -> None:
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
    return Scanned(
        scanner.tokens, preprocessor.diagnostics, scanner.mode, scanner.marked, preprocessor.defines.values, tuple(scanner.sources)
    )


class _Scanner:
    def __init__(self, preprocessor: Preprocessor, mode: Mode) -> None:
        self.preprocessor = preprocessor
        self.kinds = terminals(preprocessor.dialect.newer)
        self.frames: list[_Frame] = []
        self.files: list[_Frame] = []
        self.sources: list[Source] = []
        self.tokens: list[Token] = []
        self.mode = mode
        self.marked = False
        self.comments: list[Span] = []
        self.line_comment = False
        self.nested = 0

    # ------------------------------------------------------------ frames

    def enter(self, file: Include) -> None:
        source = Source(file.path, file.text)
        frame = _Frame(source, file.text)
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

    def span(self, frame: _Frame, start: int, end: int) -> Span:
        return frame.span or Span(frame.source, start, end)

    # ------------------------------------------------------------ the loop

    def scan(self, frame: _Frame) -> None:
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
                            self.else_if(word, fixed or Span(source, start, end))
                            continue
                pos = end
                span = fixed or Span(source, start, end)
                if kind == "NUMBER":
                    add(Token(kind, NUMBERS[word], word, span))
                else:
                    add(Token(kind, word, word, span))
                    if kind in STATEFUL:
                        frame.pos = pos
                        self.stateful(frame, kind)
                        pos, text = frame.pos, frame.text
            elif group == lexis.OPERATOR:
                word = match[2]
                pos = end
                if word == ":" and (ipv6 := lexis.IPV6.match(text, start)):
                    pos, word = ipv6.end(), ipv6[0]
                    add(Token("IPV6", word, word, self.span(frame, start, pos)))
                else:
                    add(Token(operators[word], word, word, fixed or Span(source, start, end)))
            elif group == lexis.STRING:
                pos = end
                self.string(frame, lexis.double_quoted(match[3]), start, end)
            else:
                frame.pos = start
                if self.rare(frame, group, end):
                    return
                pos, text = frame.pos, frame.text
        frame.pos = pos

    def cut(self, frame: _Frame, group: int, end: int) -> bool:
        """In a define: if the token may go on behind the window, make the window longer."""
        at_end = end >= len(frame.text) or (group == lexis.STRING and not frame.text[end:].strip())
        if not at_end and not (group == lexis.SPECIAL or group == lexis.DOLLAR):
            return False
        return "\n" not in frame.text[frame.limit :] and frame.grow(2 * (len(frame.text) - frame.limit) + WINDOW)

    def skip_blanks(self, frame: _Frame, pos: int) -> int:
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

    def expand(self, frame: _Frame, name: str, start: int, end: int) -> None:
        """Go on with the value of a define, then with what follows the name."""
        value = self.preprocessor.defines.values[name]
        if not value:
            return
        span = self.span(frame, start, end)
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
        inner = _Frame(frame.source, value, frame)
        inner.span, inner.resume, inner.names = span, end, (*frame.names, name)
        inner.text = value + frame.behind(end, WINDOW)
        self.frames.append(inner)

    def refuse(self, message: str, hint: str, span: Span) -> None:
        """Report a define that can't be expanded; a token that fits nowhere takes its place."""
        self.preprocessor.report("PP012", "error", message, span, hint)
        self.tokens.append(Token("BROKEN", "", "", span))

    def simple(self, frame: _Frame, value: str, span: Span, end: int) -> bool:
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

    # ------------------------------------------------------------ tokens with a state of their own

    def string(self, frame: _Frame, content: str, start: int, end: int) -> None:
        """A string token, after substitutions; it may be the rule of a `#!subst` or the name of a module."""
        content = self.preprocessor.substitute(content) if self.preprocessor.rules else content
        span = self.span(frame, start, end)
        before = self.tokens[-1] if self.tokens else None
        self.tokens.append(Token("STRING", content, frame.text[start:end], span))
        if before is not None:
            if before.kind == "SUBST":
                self.preprocessor.add_rule(str(before.value), content, span)
            elif before.kind == "LOADMODULE" or (before.kind == "LPAR" and self.tokens[-3:-2] and self.tokens[-3].kind == "LOADMODULE"):
                self.loaded(content, span)

    def loaded(self, path: str, span: Span) -> None:
        name = "MOD_" + path.rsplit("/", 1)[-1].removesuffix(".so")
        if name not in self.preprocessor.defines.values:
            self.preprocessor.define(name, None, "try", span)

    def stateful(self, frame: _Frame, kind: str) -> None:
        if kind == "EVENT_ROUTE":
            self.event_name(frame)
        elif len(self.tokens) > 2 and self.tokens[-2].kind in ("EQ", "MATCH") and self.tokens[-3].kind in ("URI_OPERAND", "IP_OPERAND"):
            self.tokens[-1].kind = "MYSELF_RIGHT"

    def else_if(self, word: str, span: Span) -> None:
        """`} elseif (`: Kamailio reads a call and fails at the brace behind it."""
        self.preprocessor.report("SY006", "error", f"there is no {word}", span, "else if")
        self.tokens += [Token("ELSE", "else", word, span), Token("IF", "if", "", span)]

    def event_name(self, frame: _Frame) -> None:
        """The brackets behind event_route: characters that belong to no name are dropped."""
        frame.behind(frame.limit, WINDOW)
        text, pos = frame.text, frame.pos
        while pos < len(text):
            match = lexis.EVENT_NAME.match(text, pos)
            if match is None:
                if text[pos] in "{};":
                    break
                pos += 1
                continue
            kind = {"[": "LSQB", "]": "RSQB"}.get(match[0], "EVENT_NAME")
            self.tokens.append(Token(kind, match[0], match[0], self.span(frame, pos, match.end())))
            pos = match.end()
            if kind == "RSQB":
                break
        frame.pos = pos

    def rare(self, frame: _Frame, group: int, end: int) -> bool:
        """Tokens that begin with a character of several uses; True when the caller must look anew how to go on."""
        text, start = frame.text, frame.pos
        char = text[start]
        if group == lexis.NUMBER:
            self.number(frame, end)
        elif char == "$":
            self.variable(frame)
        elif char == "#" or text.startswith(("//", "!!"), start):
            return self.hash(frame)
        elif text.startswith("/*", start):
            self.block_comment(frame)
            return True
        elif char in "/!":
            self.emit(frame, lexis.OPERATORS[char], char, start + 1)
        elif char == "'":
            self.single_quoted(frame)
        elif char == '"':
            self.unclosed(frame)
        elif char == "@":
            self.select(frame)
        elif char == "%":
            self.attribute(frame)
        else:
            self.dropped(frame)
        return False

    def emit(self, frame: _Frame, kind: str, value: int | str, end: int) -> None:
        """Add the token from the frame's position to an offset, and go on there."""
        start = frame.pos
        self.tokens.append(Token(kind, value, frame.text[start:end], self.span(frame, start, end)))
        frame.pos = end

    def dropped(self, frame: _Frame) -> None:
        """Characters that begin no token are left out; only a byte-order mark, a form feed or a lone backslash is no surprise."""
        start = frame.pos
        match = lexis.DROPPED.match(frame.text, start, max(frame.limit, start + 1))
        frame.pos = match.end() if match else start + 1
        found = frame.text[start : frame.pos]
        if found not in ("\xef\xbb\xbf", "\f", "\\"):
            decoded = found[:40].encode("latin-1").decode("utf-8", "replace")
            shown = found[:40] if decoded.isprintable() else " ".join(f"U+{ord(char):04X}" for char in dict.fromkeys(decoded))
            self.preprocessor.report("SY027", "warning", f"{shown} means nothing here and is dropped", self.span(frame, start, frame.pos))

    def number(self, frame: _Frame, end: int) -> None:
        text, start = frame.text, frame.pos
        if text.startswith(":", end) and (match := lexis.IPV6.match(text, start)):
            self.emit(frame, "IPV6", match[0], match.end())
            return
        value = lexis.number(text[start:end])
        if value is None:
            self.emit(frame, "NUM_ID", text[start:end], end)
        else:
            self.emit(frame, "NUMBER", value, end)

    def single_quoted(self, frame: _Frame) -> None:
        end = frame.text.find("'", frame.pos + 1)
        if end < 0:
            self.unclosed(frame)
        else:
            start, frame.pos = frame.pos, end + 1
            content = frame.text[start + 1 : end]
            self.string(frame, content.split("\0", 1)[0], start, end + 1)

    def unclosed(self, frame: _Frame) -> None:
        """The rest of everything is inside a string that is never closed."""
        start = frame.pos
        line = frame.text.find("\n", start)
        end = len(frame.text) if line < 0 else line
        span = self.span(frame, start, end)
        self.preprocessor.report("SY005", "error", "this string is never closed", span, f"a {frame.text[start]} is missing")
        self.tokens.append(Token("UNCLOSED", "", frame.text[start:end], span))
        for each in self.frames:
            each.pos = each.limit

    def variable(self, frame: _Frame) -> None:
        """A pseudo-variable; how a bare `$name` is read depends on the config type."""
        text, start = frame.text, frame.pos
        if match := lexis.RETCODE.match(text, start):
            self.emit(frame, "PVAR", match[0], match.end())
        elif self.mode == "SER" or (self.mode == "MAXCOMPAT" and lexis.SER_ATTRIBUTE.match(text, start)):
            self.attribute(frame)
        else:
            match = lexis.VARIABLE.match(text, start)
            end = match.end() if match else start + 1
            closed = True
            if text[end - 1] == "(":
                end, closed = self.balanced(text, end)
            kind = "AVPVAR" if self.mode == "MAXCOMPAT" and "(" not in text[start:end] and end > start + 1 else "PVAR"
            if not closed:
                span = self.span(frame, start, end)
                self.preprocessor.report("SY017", "error", "this variable is never closed on its line", span, "a ) is missing")
                kind = "UNCLOSED"
            value = text[start:end]
            if self.preprocessor.rules and kind == "PVAR":
                value = self.preprocessor.substitute(value)
            self.emit(frame, kind, value, end)

    def balanced(self, text: str, at: int) -> tuple[int, bool]:
        """The end of what began with a parenthesis before the offset, and whether it is closed on its line."""
        depth = 1
        for match in lexis.PARENTHESIS.finditer(text, at):
            if match[0] == "\n":
                return match.start(), False
            depth += 1 if match[0] == "(" else -1
            if depth == 0:
                return match.end(), True
        return len(text), False

    def attribute(self, frame: _Frame) -> None:
        match = lexis.ATTRIBUTE.match(frame.text, frame.pos)
        if match is None:
            self.emit(frame, "PERCENT", frame.text[frame.pos], frame.pos + 1)
        else:
            self.emit(frame, "ATTR", match[1], match.end())

    def select(self, frame: _Frame) -> None:
        """`@a.b[1]`: names here are no keywords and no defines, until a character that can't belong to a select."""
        self.emit(frame, "AT", "@", frame.pos + 1)
        frame.behind(frame.limit, WINDOW)
        while match := lexis.SELECT.match(frame.text, frame.pos):
            if match.lastindex is None:
                frame.pos = match.end()
            elif match.lastindex == 1:
                self.emit(frame, "ID", match[1], match.end())
            elif match.lastindex == 2:
                self.emit(frame, lexis.OPERATORS[match[2]], match[2], match.end())
            elif match.lastindex == 3:
                self.number(frame, match.end())
            else:
                start, frame.pos = frame.pos, match.end()
                self.string(frame, lexis.double_quoted(match[4]), start, match.end())

    # ------------------------------------------------------------ comments and directives

    def block_comment(self, frame: _Frame) -> None:
        """Skip to the end of the comment; comments nest."""
        for match in lexis.COMMENT.finditer(frame.text, frame.pos, frame.limit if frame.span is None else len(frame.text)):
            if match[0] == "/*":
                self.comments.append(self.span(frame, match.start(), match.end()))
            else:
                self.comments.pop()
                if not self.comments:
                    frame.pos = match.end()
                    return
        frame.pos = frame.limit

    def hash(self, frame: _Frame) -> bool:
        """`#`, `//` or `!!`: a config type, a directive, a comment or two operators."""
        text, start = frame.text, frame.pos
        if match := lexis.CONFIG_TYPE.match(text, start):
            self.mode, self.marked, frame.pos = MODES[match[1]], True, match.end()
            return True
        if text.startswith(("#!", "!!"), start) and self.directive(frame):
            return True
        if text[start] == "!":
            self.emit(frame, "NOT", "!", start + 1)
            return False
        end = text.find("\n", start)
        if text.startswith("#!", start):
            self.preprocessor.unknown(text, start, self.span(frame, start, end if end >= 0 else len(text)))
        frame.pos = len(text) if end < 0 else end + 1
        self.line_comment = end < 0
        return True

    def directive(self, frame: _Frame) -> bool:
        text, start = frame.text, frame.pos
        line = text.find("\n", start)
        span = self.span(frame, start, len(text) if line < 0 else line)
        outcome = self.preprocessor.directive(text, start, span, self.files[-1].source.name, len(self.files) - 1)
        if outcome is None:
            return False
        if outcome.terminal:
            self.emit(frame, outcome.terminal, text[start : outcome.end], outcome.end)
        frame.pos = outcome.end
        if outcome.include:
            self.enter(outcome.include)
        elif outcome.missing and self.tokens and self.tokens[-1].kind == "LBRACE":
            self.tokens.append(Token("SEMICOLON", ";", "", span))  # the file would have filled the block
        return True

    def skip(self, frame: _Frame) -> None:
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
