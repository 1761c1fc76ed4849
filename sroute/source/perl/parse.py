"""Reads a Perl-compatible pattern as pcre_compile() of libpcre 8 does.

BadPattern where it refuses; UnsupportedPatternError for what it takes and sroute does not know.
"""

import re
from dataclasses import replace
from typing import Literal

from sroute.source.perl import characters
from sroute.source.perl.characters import ALL, Reader
from sroute.source.perl.nodes import (
    EMPTY,
    At,
    Atomic,
    Capture,
    Chars,
    Conditional,
    Either,
    Flags,
    Look,
    Loop,
    Mode,
    Node,
    Pattern,
    Recursion,
    Reference,
    Row,
    Spot,
    UnsupportedPatternError,
)
from sroute.source.perl.widths import check_lookbehind, check_recursion
from sroute.source.posix import charsets
from sroute.source.posix.errors import BadPattern, MatchLimitError

NESTING_LIMIT = 80
REPEAT_LIMIT = 65535
_SPACES = " \t\n\r\f\v"
_INTERVAL = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.A)
_NAME = re.compile(r"[A-Za-z_]\w*", re.A)
_NUMBER = re.compile(r"[+-]?\d+", re.A)
_SPOTS = {"A": Spot.TEXT_START, "G": Spot.TEXT_START, "z": Spot.TEXT_END, "Z": Spot.LAST_LINE_END}
_SPOTS |= {"b": Spot.WORD_EDGE, "B": Spot.NOT_WORD_EDGE}
_STARS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_LOOKS = {"?=": (False, False), "?!": (False, True), "?<=": (True, False), "?<!": (True, True)}
_OPTIONS = {"i": "caseless", "m": "multiline", "s": "dotall", "x": "extended", "U": "ungreedy"}
_NEWLINE = Atomic(Either((Row((Chars(1 << 13), Chars(1 << 10))), Chars(characters.VERTICAL))))
_GroupKind = Literal["plain", "capture", "atomic", "reset"]


def parse(pattern: str, flags: Flags) -> Pattern:
    """The tree of a pattern; MatchLimitError where it is nested too deeply."""
    parser = _Parser(pattern, flags)
    root = parser.alternatives(0)
    if parser.reader.here():
        raise BadPattern("unmatched parentheses", parser.reader.at)
    parser.settle()
    check_lookbehind(root, len(pattern) - 1)
    check_recursion(root, parser.recursions)
    return Pattern(root, parser.count)


class _Parser:
    """Recursive descent; what names a group that may come later is settled at the end."""

    __slots__ = ("count", "fixed", "flags", "named", "names", "reader", "recursions", "total", "wanted")

    def __init__(self, pattern: str, flags: Flags) -> None:
        self.reader = Reader(pattern)
        self.flags = flags
        self.count = 0
        self.names: dict[str, tuple[int, ...]] = {}
        self.wanted: list[tuple[int, int]] = []
        self.recursions: dict[int, int] = {}
        self.fixed = False
        self.total, self.named = _survey(pattern, flags)

    def settle(self) -> None:
        """Refuses references to groups that are not there."""
        for number, at in self.wanted:
            if number > self.count:
                raise BadPattern("reference to non-existent subpattern", at)

    def alternatives(self, depth: int, *, reset: bool = False) -> Node:
        """Branches up to the end of the pattern or the group."""
        if depth > NESTING_LIMIT:
            raise MatchLimitError(f"Perl-compatible pattern with more than {NESTING_LIMIT} nested groups")
        first = most = self.count
        branches = [self._branch(depth)]
        while self.reader.take("|"):
            most = max(most, self.count)
            if reset:
                self.count = first
            branches.append(self._branch(depth))
        self.count = max(most, self.count)
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def _branch(self, depth: int) -> Node:
        parts: list[Node] = []
        while (char := self.reader.here()) and char not in "|)":
            if self._skipped(char):
                continue
            if self.reader.take("\\Q"):
                parts += self._quoted()
                continue
            part = self._atom(depth)
            if part is not None:
                parts.append(self._repeated(part))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _skipped(self, char: str) -> bool:
        """Whether blanks or a comment stood here, which are now behind."""
        reader = self.reader
        if self.flags.extended and char and char in _SPACES:
            reader.at += 1
        elif self.flags.extended and char == "#":
            if reader.until("\n") is None:
                reader.at = len(reader.pattern)
        elif reader.here(3) == "(?#":
            if reader.until(")") is None:
                raise BadPattern("missing ) after comment", len(reader.pattern))
        elif not reader.take("\\E"):
            return False
        return True

    def _quoted(self) -> list[Node]:
        text = self.reader.until("\\E")
        if text is None:
            text, self.reader.at = self.reader.pattern[self.reader.at :], len(self.reader.pattern)
        parts: list[Node] = [self._literal(char) for char in text]
        if parts:
            parts[-1] = self._repeated(parts[-1])
        return parts

    def _literal(self, char: str) -> Node:
        return self._set(1 << ord(char))

    def _set(self, chars: int) -> Node:
        return Chars(characters.fold(chars) if self.flags.caseless else chars)

    def _repeated(self, node: Node) -> Node:
        reader = self.reader
        fixed, self.fixed = self.fixed or isinstance(node, At) or node == EMPTY, False
        while self._skipped(reader.here()) or reader.take("\\Q\\E"):
            pass
        bounds = self._bounds()
        if bounds is None:
            return node
        if fixed:
            raise BadPattern("nothing to repeat", reader.at - 1)
        mode: Mode = "lazy" if self.flags.ungreedy else "greedy"
        if reader.take("+"):
            mode = "possessive"
        elif reader.take("?"):
            mode = "greedy" if self.flags.ungreedy else "lazy"
        if self._bounds() is not None:
            raise BadPattern("nothing to repeat", reader.at - 1)
        return _loop(node, *bounds, mode)

    def _bounds(self) -> tuple[int, int | None] | None:
        char = self.reader.here()
        if char in ("*", "+", "?"):
            self.reader.at += 1
            return _STARS[char]
        found = _INTERVAL.match(self.reader.pattern, self.reader.at) if char == "{" else None
        if found is None:
            return None
        low = int(found[1][:6])
        high = None if found[2] and not found[3] else int((found[3] or found[1])[:6])
        if low > REPEAT_LIMIT or (high or 0) > REPEAT_LIMIT:
            raise BadPattern("number too big in {} quantifier", found.end() - 1)
        if high is not None and high < low:
            raise BadPattern("numbers out of order in {} quantifier", found.end() - 1)
        self.reader.at = found.end()
        return low, high

    def _atom(self, depth: int) -> Node | None:
        """The next thing that can be repeated; None for an option that is set."""
        reader = self.reader
        begin, char = reader.at, reader.here()
        if char in "*+?" or (char == "{" and _INTERVAL.match(reader.pattern, begin)):
            if char == "{":
                raise BadPattern("nothing to repeat", _INTERVAL.match(reader.pattern, begin).end() - 1)  # type: ignore[union-attr]
            raise BadPattern("nothing to repeat", begin)
        reader.at += 1
        match char:
            case ".":
                return Chars(ALL if self.flags.dotall else ALL & ~charsets.NEWLINE)
            case "^":
                return At(Spot.LINE_START if self.flags.multiline else Spot.TEXT_START)
            case "$":
                return At(Spot.LINE_END if self.flags.multiline else Spot.LAST_LINE_END)
            case "[":
                return self._class(begin)
            case "\\":
                return self._escape()
            case "(":
                return self._parenthesis(depth)
            case _:
                return self._literal(char)

    def _class(self, begin: int) -> Node:
        kind = self.reader.here()
        if kind and kind in ":.=" and characters.named(self.reader.pattern, begin):
            what = "POSIX named classes are supported only within a class" if kind == ":" else "POSIX collating elements are not supported"
            raise BadPattern(what, begin)
        if self.reader.here(6) in ("[:<:]]", "[:>:]]"):
            raise UnsupportedPatternError("[[:<:]] and [[:>:]] of Perl-compatible patterns are not simulated")
        return Chars(characters.bracket(self.reader, caseless=self.flags.caseless))

    def _escape(self) -> Node:
        reader = self.reader
        char = reader.here()
        if not char:
            raise BadPattern("\\ at end of pattern", len(reader.pattern))
        reader.at += 1
        if char in _SPOTS:
            return At(_SPOTS[char])
        if char in characters.SETS:
            return Chars(characters.SETS[char])
        match char:
            case "N":
                if reader.here() == "{" and not _INTERVAL.match(reader.pattern, reader.at):
                    raise BadPattern("PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u", reader.at - 1)
                return Chars(ALL & ~charsets.NEWLINE)
            case "R":
                return _NEWLINE
            case "K":
                self.fixed = True
                return Row((EMPTY, EMPTY))
            case "p" | "P":
                return Chars(characters.unicode(reader, char))
            case "k":
                return self._named_reference()
            case "g":
                return self._g_reference()
            case "X" | "C":
                raise UnsupportedPatternError(f"\\{char} of Perl-compatible patterns is not simulated")
            case "L" | "l" | "U" | "u":
                raise BadPattern("PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u", reader.at - 1)
        if char in "123456789":
            return self._numbered(char)
        value = characters.code(reader, char)
        return self._set(1 << (ord(char) if value is None else value))

    def _numbered(self, first: str) -> Node:
        """`\\1` to `\\9` refer to groups, and so does a higher number if there are so many before it; else it is octal."""
        reader = self.reader
        begin = reader.at
        digits = first + reader.run("0123456789", 6)
        number = int(digits)
        if number <= self.count or (number < 8) or (number < 10 and number <= self.total):
            return self._reference((number,))
        reader.at = begin
        return self._set(1 << characters.octal(reader, first))

    def _reference(self, groups: tuple[int, ...]) -> Node:
        self.wanted += [(number, len(self.reader.pattern)) for number in groups]
        return Reference(groups, self.flags.caseless)

    def _named_reference(self) -> Node:
        ends = {"{": "}", "<": ">", "'": "'"}
        end = ends.get(self.reader.here())
        if end is None:
            raise BadPattern("\\k is not followed by a braced, angle-bracketed, or quoted name", self.reader.at - 1)
        self.reader.at += 1
        return self._reference(self._groups_named(self._name(end)))

    def _groups_named(self, name: str) -> tuple[int, ...]:
        if name not in self.named:
            raise BadPattern("reference to non-existent subpattern", self.reader.at - 1)
        return self.named[name]

    def _name(self, end: str) -> str:
        found = _NAME.match(self.reader.pattern, self.reader.at)
        if found is None and self.reader.here().isdigit():
            raise BadPattern("group name must start with a non-digit", self.reader.at)
        if found is None:
            raise BadPattern("subpattern name expected", self.reader.at)
        self.reader.at = found.end()
        if not self.reader.take(end):
            raise BadPattern("syntax error in subpattern name (missing terminator)", self.reader.at)
        return found[0]

    def _g_reference(self) -> Node:
        reader = self.reader
        if reader.here() in ("<", "'"):
            end = ">" if reader.here() == "<" else "'"
            reader.at += 1
            return self._recursion(end)
        braced = reader.take("{")
        found = _NUMBER.match(reader.pattern, reader.at)
        if found is None:
            if not braced:
                raise BadPattern("a numbered reference must not be zero", reader.at - 1)
            return self._reference(self._groups_named(self._name("}")))
        reader.at = found.end()
        if braced and not reader.take("}"):
            raise BadPattern("\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number", reader.at)
        return self._reference((self._relative(found[0]),))

    def _relative(self, text: str) -> int:
        number = int(text[:7])
        if text[0] == "-":
            number += self.count + 1
        elif text[0] == "+":
            number += self.count
        if number <= 0 and text.strip("+-0") == "":
            raise BadPattern("a numbered reference must not be zero", self.reader.at - 1)
        if number <= 0:
            raise BadPattern("reference to non-existent subpattern", self.reader.at - 1)
        return number

    def _recursion(self, end: str) -> Node:
        """A group's pattern by number or name, up to an end."""
        reader = self.reader
        found = _NUMBER.match(reader.pattern, reader.at)
        if found is None:
            return self._again(self._groups_named(self._name(end))[0])
        reader.at = found.end()
        if not reader.take(end):
            raise BadPattern("(?R or (?[+-]digits must be followed by )", reader.at)
        number = int(found[0][:7])
        if found[0][0] in "+-":
            number = self._relative(found[0])
        self.wanted.append((number, reader.at - 1))
        return self._again(number)

    def _again(self, group: int) -> Node:
        self.recursions.setdefault(group, self.reader.at - 1)
        return Recursion(group)

    def _parenthesis(self, depth: int) -> Node | None:
        """What follows a `(`; None for options that hold from here on."""
        reader = self.reader
        if reader.here() == "*" and (reader.here(2)[1:].isalpha() or reader.here(2)[1:] == ":"):
            return self._verb()
        for sign, (behind, negative) in sorted(_LOOKS.items(), reverse=True):
            if reader.take(sign):
                return Look(self._inside(depth), behind, negative)
        if not reader.take("?"):
            return self._capture(depth)
        char = reader.here()
        if char == "(":
            return self._conditional(depth)
        for sign in ("P<", "<", "'"):
            if reader.take(sign):
                if sign == "<" and not (reader.here().isalnum() or reader.here() == "_"):
                    raise BadPattern("unrecognized character after (?<", reader.at)
                return self._named_capture(depth, "'" if sign == "'" else ">")
        return self._special(depth, char)

    def _special(self, depth: int, char: str) -> Node | None:
        reader = self.reader
        if reader.take("P="):
            return self._reference(self._groups_named(self._name(")")))
        if reader.take("P>") or reader.take("&"):
            return self._again(self._groups_named(self._name(")"))[0])
        if reader.take("R"):
            if not reader.take(")"):
                raise BadPattern("(?R or (?[+-]digits must be followed by )", reader.at)
            return self._again(0)
        if _NUMBER.match(reader.pattern, reader.at):
            return self._recursion(")")
        if reader.take(":"):
            return _grouped(self._inside(depth))
        if reader.take(">"):
            return Atomic(self._inside(depth))
        if reader.take("|"):
            return _grouped(self._inside(depth, reset=True))
        if char == "P":
            raise BadPattern("unrecognized character after (?P", reader.at + 1)
        if char == "C":
            raise UnsupportedPatternError("callouts of Perl-compatible patterns are not simulated")
        return self._options(depth)

    def _verb(self) -> Node:
        text = self.reader.until(")")
        if text in ("*F", "*FAIL"):
            self.fixed = True
            return Chars(0)
        raise UnsupportedPatternError(f"the verb ({text or '*'}) of Perl-compatible patterns is not simulated")

    def _inside(self, depth: int, *, reset: bool = False) -> Node:
        """The content of a group, whose options end with it."""
        before = self.flags
        body = self.alternatives(depth + 1, reset=reset)
        self.flags = before
        if not self.reader.take(")"):
            raise BadPattern("missing )", len(self.reader.pattern))
        return body

    def _capture(self, depth: int) -> Node:
        self.count += 1
        number = self.count
        return Capture(number, self._inside(depth))

    def _named_capture(self, depth: int, end: str) -> Node:
        begin = self.reader.at
        name = self._name(end)
        number = self.count + 1
        if name in self.names and number not in self.names[name]:
            raise BadPattern("two named subpatterns have the same name", begin + len(name))
        self.names[name] = (number,)
        return self._capture(depth)

    def _options(self, depth: int) -> Node | None:
        reader = self.reader
        on, made = True, self.flags
        while (char := reader.here()) not in (")", ":"):
            if char == "-":
                on = False
            elif char and char in _OPTIONS:
                made = replace(made, **{_OPTIONS[char]: on})
            elif char and char in "JX":
                raise UnsupportedPatternError(f"the option {char} of Perl-compatible patterns is not simulated")
            else:
                raise BadPattern("unrecognized character after (? or (?-", reader.at)
            reader.at += 1
        reader.at += 1
        if char == ")":
            self.flags = made
            return None
        before, self.flags = self.flags, made
        body = self._inside(depth)
        self.flags = before
        return _grouped(body)

    def _conditional(self, depth: int) -> Node:
        reader = self.reader
        reader.at += 1
        looked = next((sign for sign in sorted(_LOOKS, reverse=True) if reader.take(sign)), None)
        if looked:
            behind, negative = _LOOKS[looked]
            test: tuple[int, ...] | Look | None = Look(self._inside(depth), behind, negative)
        else:
            test = self._group_test()
        body = self._inside(depth)
        branches = body.branches if isinstance(body, Either) else (body,)
        if len(branches) > 2:
            raise BadPattern("conditional group contains more than two branches", reader.at - 1)
        if test is None and len(branches) > 1:
            raise BadPattern("DEFINE group contains more than one branch", reader.at - 1)
        return Conditional(test, branches[0], branches[1] if len(branches) > 1 else EMPTY)

    def _group_test(self) -> tuple[int, ...] | None:
        reader = self.reader
        for sign, end in (("<", ">)"), ("'", "')")):
            if reader.take(sign):
                return self._groups_named(self._name(end))
        found = _NUMBER.match(reader.pattern, reader.at)
        if found is not None:
            reader.at = found.end()
            if not reader.take(")"):
                raise BadPattern("malformed number or name after (?(", reader.at)
            number = self._relative(found[0])
            self.wanted.append((number, reader.at))
            return (number,)
        if reader.take("DEFINE)"):
            return None
        name = _NAME.match(reader.pattern, reader.at)
        if name is None:
            raise BadPattern("assertion expected after (?( or (?(?C)", reader.at)
        if name[0] not in self.named and name[0][0] == "R":
            raise UnsupportedPatternError("(?(R) of Perl-compatible patterns is not simulated")
        return self._groups_named(self._name(")"))


def _grouped(body: Node) -> Node:
    """A group without number, which can be repeated even where it is empty or an assertion; its branches are no branches of a look."""
    return Row((body, EMPTY)) if body == EMPTY or isinstance(body, At | Either) else body


def _loop(node: Node, low: int, high: int | None, mode: Mode) -> Node:
    if isinstance(node, Look):  # repeating an assertion makes no difference but for none
        return EMPTY if high == 0 else Row((node, EMPTY)) if low else Loop(node, 0, 1, mode)
    if isinstance(node, Chars) and (low, high) == (1, 1):
        return node
    return Loop(node, low, high, mode)


def _survey(pattern: str, flags: Flags) -> tuple[int, dict[str, tuple[int, ...]]]:
    """How many groups a pattern has and the numbers of those with names, found before it is read."""
    count = 0
    named: dict[str, tuple[int, ...]] = {}
    reader = Reader(pattern)
    while char := reader.here():
        reader.at += 1
        if char == "\\":
            if reader.take("Q"):
                reader.until("\\E")
            reader.at += 1
        elif char == "[":
            _skip_class(reader)
        elif char == "#" and flags.extended:
            reader.until("\n")
        elif char == "(":
            name = re.compile(r"\?(?:P?<(?![=!])|')(\w+)", re.A).match(pattern, reader.at)
            if name or reader.here() not in ("?", "*"):
                count += 1
            if name:
                named[name[1]] = (*named.get(name[1], ()), count)
    return count, named


def _skip_class(reader: Reader) -> None:
    reader.take("^")
    reader.take("]")
    while char := reader.here():
        reader.at += 1
        if char == "\\":
            reader.at += 1
        elif char == "[" and reader.here() == ":":
            end = reader.pattern.find(":]", reader.at)
            reader.at = end + 2 if end >= 0 else reader.at
        elif char == "]":
            return
