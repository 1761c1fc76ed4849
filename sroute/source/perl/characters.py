"""Escapes and classes of characters: `\\d`, `\\x41`, `[^[:alpha:]_]`, `\\p{Lu}`. Letters are those of ASCII, as in libpcre's own tables."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from sroute.source.perl.nodes import UnsupportedPatternError
from sroute.source.posix import charsets
from sroute.source.posix.errors import BadPattern

ALL = charsets.ALL
HORIZONTAL = 1 << 9 | 1 << 32 | 1 << 0xA0
VERTICAL = charsets.span(10, 13) | 1 << 0x85
_SETS = {"d": charsets.DIGIT, "w": charsets.WORD, "s": charsets.SPACE, "h": HORIZONTAL, "v": VERTICAL}
SETS = _SETS | {name.upper(): ALL & ~chars for name, chars in _SETS.items()}
CONTROLS = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9}
CLASSES = charsets.CLASSES | {"word": charsets.WORD, "ascii": (1 << 128) - 2}
_HEX = "0123456789abcdefABCDEF"
_OCTAL = "01234567"
_KINDS = frozenset({"C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No"}) | {
    "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs"}  # fmt: skip


def fold(chars: int) -> int:
    """The set with the other case of its letters."""
    return chars | (chars & charsets.UPPER) << 32 | (chars & charsets.LOWER) >> 32


@cache
def property_set(name: str) -> int | None:
    """The bytes that have a Unicode property, as the characters of that code; None for an unknown name."""
    if name == "Any":
        return ALL
    if name == "L&":
        return (property_set("Ll") or 0) | (property_set("Lu") or 0)
    if name in ("Xsp", "Xps"):
        return charsets.SPACE | 1 << 0x85 | 1 << 0xA0
    if name in ("Xan", "Xwd"):
        letters = (property_set("L") or 0) | (property_set("N") or 0)
        return letters | (1 << ord("_") if name == "Xwd" else 0)
    if name not in _KINDS:
        return None
    return sum(1 << code for code in range(1, 256) if unicodedata.category(chr(code)).startswith(name))


@dataclass(slots=True)
class Reader:
    """A place in a pattern."""

    pattern: str
    at: int = 0

    def here(self, length: int = 1) -> str:
        """The next characters."""
        return self.pattern[self.at : self.at + length]

    def take(self, text: str) -> bool:
        """Goes behind a text if it comes next."""
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def until(self, end: str) -> str | None:
        """The text up to an end, behind which the place is then; None without an end."""
        found = self.pattern.find(end, self.at)
        if found < 0:
            return None
        text = self.pattern[self.at : found]
        self.at = found + len(end)
        return text

    def run(self, allowed: str, most: int) -> str:
        """The characters of a kind that come next."""
        begin = self.at
        while self.at - begin < most and self.at < len(self.pattern) and self.pattern[self.at] in allowed:
            self.at += 1
        return self.pattern[begin : self.at]


def code(reader: Reader, char: str) -> int | None:
    """The code of an escaped character that names one by itself, read from behind it; None for other escapes."""
    if char in CONTROLS:
        return CONTROLS[char]
    if char == "x":
        return _hex(reader)
    if char == "o":
        return _braced_octal(reader)
    if char == "0":
        return int("0" + reader.run(_OCTAL, 2), 8)
    if char == "c":
        return _control(reader)
    if not (char.isascii() and char.isalnum()):
        return ord(char)
    return None


def octal(reader: Reader, first: str) -> int:
    """The code of `\\123`, read from behind its first digit; an 8 or 9 stands for itself."""
    if first in "89":
        return ord(first)
    value = int(first + reader.run(_OCTAL, 2), 8)
    if value > 255:
        raise BadPattern("octal value is greater than \\377 in 8-bit non-UTF-8 mode", reader.at - 1)
    return value


def _hex(reader: Reader) -> int:
    if reader.here() != "{":
        return int(reader.run(_HEX, 2) or "0", 16)
    end = reader.pattern.find("}", reader.at)
    digits = reader.pattern[reader.at + 1 : end]
    if end < 0 or not digits or any(char not in _HEX for char in digits):
        raise BadPattern("non-hex character in \\x{} (closing brace missing?)", reader.at + 1)
    reader.at = end + 1
    return _fitting(int(digits, 16), reader)


def _braced_octal(reader: Reader) -> int:
    if not reader.take("{"):
        raise BadPattern("missing opening brace after \\o", reader.at)
    digits = reader.run(_OCTAL, 20)
    if not digits or not reader.take("}"):
        raise BadPattern("non-octal character in \\o{} (closing brace missing?)", reader.at)
    return _fitting(int(digits, 8), reader)


def _fitting(value: int, reader: Reader) -> int:
    if value > 255:
        raise BadPattern("character value in \\x{} or \\o{} is too large", reader.at - 1)
    return value


def _control(reader: Reader) -> int:
    char = reader.here()
    if not char:
        raise BadPattern("\\c at end of pattern", reader.at)
    reader.at += 1
    if ord(char) > 127:
        raise BadPattern("\\c must be followed by an ASCII character", reader.at)
    return ord(char.upper()) ^ 0x40


def unicode(reader: Reader, char: str) -> int:
    """The set of `\\pL`, `\\p{^Lu}` or `\\P{...}`, read from behind its letter."""
    negated = char == "P"
    if reader.take("{"):
        negated ^= reader.take("^")
        name = reader.until("}")
        if name is None:
            raise BadPattern("malformed \\P or \\p sequence", len(reader.pattern))
    else:
        name = reader.here()
        reader.at += 1
        if not name:
            raise BadPattern("malformed \\P or \\p sequence", len(reader.pattern))
    chars = property_set(name)
    if chars is None:
        if len(name) > 2 and name.replace("_", "").isalpha() and name[0].isupper():
            raise UnsupportedPatternError(f"the script \\p{{{name}}} of a Perl-compatible pattern is not simulated")
        raise BadPattern("unknown property name after \\P or \\p", reader.at - 1)
    return ALL & ~chars if negated else chars


def bracket(reader: Reader, *, caseless: bool) -> int:
    """The set of a class in brackets, read from behind its `[`."""
    negated = reader.take("^")
    chars, first = 0, True
    while first or reader.here() != "]":
        if not reader.here():
            raise BadPattern("missing terminating ] for character class", len(reader.pattern))
        if reader.take("\\Q"):
            text = reader.until("\\E")
            if text is None:
                raise BadPattern("missing terminating ] for character class", len(reader.pattern))
            chars |= sum({1 << ord(char) for char in text})
            first = first and not text
            continue
        if not reader.take("\\E"):
            chars |= _item(reader)
            first = False
    reader.at += 1
    if caseless:
        chars = fold(chars)
    return ALL & ~chars if negated else chars


def _item(reader: Reader) -> int:
    """One element of a class, or a range."""
    low = _element(reader)
    if isinstance(low, tuple):
        return low[0]
    reader.take("\\E")
    if reader.here() != "-" or reader.here(2) == "-]":
        return 1 << low
    before = reader.at
    reader.at += 1
    if not reader.here():
        raise BadPattern("missing terminating ] for character class", len(reader.pattern))
    reader.take("\\Q")
    high = _element(reader)
    if isinstance(high, tuple):
        raise BadPattern("invalid range in character class", before + (2 if reader.pattern[before + 1] == "\\" else 1))
    if high < low:
        raise BadPattern("range out of order in character class", reader.at - 1)
    return charsets.span(low, high)


def _element(reader: Reader) -> int | tuple[int]:
    """A character, or the set of what stands for several."""
    char = reader.here()
    if char == "[" and reader.here(2) in ("[:", "[.", "[="):
        named = _posix(reader)
        if named is not None:
            return (named,)
    reader.at += 1
    return _escape(reader) if char == "\\" else ord(char)


def _escape(reader: Reader) -> int | tuple[int]:
    char = reader.here()
    if not char:
        raise BadPattern("\\ at end of pattern", len(reader.pattern))
    reader.at += 1
    if char == "b":
        return 8
    if char in SETS:
        return (SETS[char],)
    if char in "pP":
        return (unicode(reader, char),)
    if char in "123456789":
        return octal(reader, char)
    found = code(reader, char)
    if found is not None:
        return found
    if char == "N":
        raise BadPattern("\\N is not supported in a class", reader.at - 1)
    if char in "LlUu":
        raise BadPattern("PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u", reader.at - 1)
    return ord(char)


def named(pattern: str, at: int) -> tuple[str, int] | None:
    """What stands in `[:name:]` at a place, and where it ends; None where it is no such name but a plain bracket."""
    kind = pattern[at + 1]
    end = pattern.find(kind + "]", at + 2)
    text = pattern[at + 2 : end] if end >= 0 else "]"
    return None if "]" in text or "\\" in text or "[" in text else (text, end + 2)


def _posix(reader: Reader) -> int | None:
    """The set of `[:name:]`; None where it is no such name but a plain bracket."""
    found = named(reader.pattern, reader.at)
    if found is None:
        return None
    text, end = found
    if reader.pattern[reader.at + 1] != ":":
        raise BadPattern("POSIX collating elements are not supported", reader.at)
    name = text.removeprefix("^")
    if name not in CLASSES:
        raise BadPattern("unknown POSIX class name", reader.at + 2 + (name != text))
    reader.at = end
    return ALL & ~CLASSES[name] if text.startswith("^") else CLASSES[name]
