"""Cuts out the tokens that need more than a regular expression: variables, selects, strings, and what has a state of its own."""

from sroute.source.text import Span
from sroute.syntax import tokens as lexis
from sroute.syntax.frames import WINDOW, Frame
from sroute.syntax.nodes import Mode
from sroute.syntax.preprocessor import Preprocessor
from sroute.syntax.tokens import Token


class Cutter:
    """Takes tokens from the position of a frame on, and moves it behind them."""

    def __init__(self, preprocessor: Preprocessor, mode: Mode, frames: list[Frame]) -> None:
        self.preprocessor = preprocessor
        self.mode = mode
        self.frames = frames
        self.tokens: list[Token] = []

    def emit(self, frame: Frame, kind: str, value: int | str, end: int) -> None:
        """Add the token from the frame's position to an offset, and go on there."""
        start = frame.pos
        self.tokens.append(Token(kind, value, frame.text[start:end], frame.place(start, end)))
        frame.pos = end

    def string(self, frame: Frame, content: str, start: int, end: int) -> None:
        """A string token, after substitutions; it may be the rule of a `#!subst` or the name of a module."""
        content = self.preprocessor.substitute(content) if self.preprocessor.rules else content
        span = frame.place(start, end)
        before = self.tokens[-1] if self.tokens else None
        self.tokens.append(Token("STRING", content, frame.text[start:end], span))
        if before is not None:
            if before.kind == "SUBST":
                self.preprocessor.add_rule(str(before.value), content, span)
            elif before.kind == "LOADMODULE" or (before.kind == "LPAR" and self.tokens[-3:-2] and self.tokens[-3].kind == "LOADMODULE"):
                self.loaded(content, span)

    def loaded(self, path: str, span: Span) -> None:
        """A module that is loaded defines MOD_name."""
        name = "MOD_" + path.rsplit("/", 1)[-1].removesuffix(".so")
        if name not in self.preprocessor.defines.values:
            self.preprocessor.define(name, None, "try", span)

    def stateful(self, frame: Frame, kind: str) -> None:
        """What follows a word that changes how the next tokens are read."""
        if kind == "EVENT_ROUTE":
            self.event_name(frame)
        elif len(self.tokens) > 2 and self.tokens[-2].kind in ("EQ", "MATCH") and self.tokens[-3].kind in ("URI_OPERAND", "IP_OPERAND"):
            self.tokens[-1].kind = "MYSELF_RIGHT"

    def event_name(self, frame: Frame) -> None:
        """The brackets behind event_route: characters that belong to no name are dropped."""
        frame.behind(frame.limit, WINDOW)
        text, pos = frame.text, frame.pos
        while pos < len(text):
            match = lexis.EVENT_NAME.match(text, pos)
            if match is None:
                if text[pos] in "{};" and lexis.CLOSED_ON_LINE.match(text, pos) is None:
                    break
                pos += 1
                continue
            kind = {"[": "LSQB", "]": "RSQB"}.get(match[0], "EVENT_NAME")
            self.tokens.append(Token(kind, match[0], match[0], frame.place(pos, match.end())))
            pos = match.end()
            if kind == "RSQB":
                break
        frame.pos = pos

    def else_if(self, word: str, span: Span) -> None:
        """`} elseif (`: Kamailio reads a call and fails at the brace behind it."""
        self.preprocessor.report("SY006", "error", f"there is no {word}", span, "else if")
        self.tokens += [Token("ELSE", "else", word, span), Token("IF", "if", "", span)]

    def number(self, frame: Frame, end: int) -> None:
        """A number, or what begins like one: an IPv6 address, a name with a digit first."""
        text, start = frame.text, frame.pos
        if text.startswith(":", end) and (match := lexis.IPV6.match(text, start)):
            self.emit(frame, "IPV6", match[0], match.end())
            return
        value = lexis.number(text[start:end])
        if value is None:
            self.emit(frame, "NUM_ID", text[start:end], end)
        else:
            self.emit(frame, "NUMBER", value, end)

    def single_quoted(self, frame: Frame) -> None:
        """A string without escapes."""
        end = frame.text.find("'", frame.pos + 1)
        if end < 0:
            self.unclosed(frame)
        else:
            start, frame.pos = frame.pos, end + 1
            content = frame.text[start + 1 : end]
            self.string(frame, content.split("\0", 1)[0], start, end + 1)

    def unclosed(self, frame: Frame) -> None:
        """The rest of everything is inside a string that is never closed."""
        start = frame.pos
        line = frame.text.find("\n", start)
        end = len(frame.text) if line < 0 else line
        span = frame.place(start, end)
        self.preprocessor.report("SY005", "error", "this string is never closed", span, f"a {frame.text[start]} is missing")
        self.tokens.append(Token("UNCLOSED", "", frame.text[start:end], span))
        for each in self.frames:
            each.pos = each.limit

    def variable(self, frame: Frame) -> None:
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
                span = frame.place(start, end)
                self.preprocessor.report("SY017", "error", "this variable is never closed on its line", span, "a ) is missing")
                kind = "UNCLOSED"
            elif end == start + 1:
                span = frame.place(start, end)
                self.preprocessor.report("SY017", "error", "a name must follow the $", span, "$name, $name(...) or $(name...)")
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

    def attribute(self, frame: Frame) -> None:
        """`%name`, or `$name` of the config type SER."""
        match = lexis.ATTRIBUTE.match(frame.text, frame.pos)
        if match is None:
            self.emit(frame, "PERCENT", frame.text[frame.pos], frame.pos + 1)
        else:
            self.emit(frame, "ATTR", match[1], match.end())

    def select(self, frame: Frame) -> None:
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

    def dropped(self, frame: Frame) -> None:
        """Characters that begin no token are left out; only a byte-order mark, a form feed or a lone backslash is no surprise."""
        start = frame.pos
        match = lexis.DROPPED.match(frame.text, start, max(frame.limit, start + 1))
        frame.pos = match.end() if match else start + 1
        found = frame.text[start : frame.pos]
        if found not in ("\xef\xbb\xbf", "\f", "\\"):
            decoded = found[:40].encode("latin-1").decode("utf-8", "replace")
            shown = found[:40] if decoded.isprintable() else " ".join(f"U+{ord(char):04X}" for char in dict.fromkeys(decoded))
            self.preprocessor.report("SY027", "warning", f"{shown} means nothing here and is dropped", frame.place(start, frame.pos))
