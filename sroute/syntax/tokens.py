"""What the scanner hands to the parser, and the regular expressions that cut it out of the text.

Kamailio's scanner takes the longest match and drops characters that begin no token; the patterns here do the same.
"""

import re
from dataclasses import dataclass

from sroute.source.text import Span
from sroute.syntax.words import NUMBERS

BLANK = " \t\b\r"


@dataclass(slots=True)
class Token:
    """A terminal of the grammar: kind, value (an int for numbers, the content of strings), raw text and place."""

    kind: str
    value: int | str
    text: str
    span: Span


_DOUBLE = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_PARTS = (
    r"([A-Za-z_][A-Za-z0-9_]*+)",
    r"(\(int\)|\(str\)|[;(){}\[\],.:*^~-]|==|=~|=|!=|&&|&|\|\||\||<<|<=|<|>>|>=|>|\+=|\+)",
    rf"({_DOUBLE}(?:[ \t\b\r\n]*+{_DOUBLE})*+)",
    r"(\$)",
    r"([0-9][A-Za-z0-9_]*+)",
    r"(.)",
)
MASTER = re.compile(rf"(?:[ \t\b\r\n]++|\#(?!!)[^\n]*+\n|//(?!!)[^\n]*+\n|\\\n)*+(?:{'|'.join(_PARTS)})", re.DOTALL)
"""Skips blanks and comments, then matches one token; lastindex says which kind."""
NAME, OPERATOR, STRING, DOLLAR, NUMBER, SPECIAL = range(1, 7)

_OPERATORS = {
    "EQ": "== !=",
    "MATCH": "=~",
    "EQUAL": "=",
    "CMP": "< <= > >=",
    "LOR": "||",
    "LAND": "&&",
    "PIPE": "|",
    "AMP": "&",
    "CARET": "^",
    "LSHIFT": "<<",
    "RSHIFT": ">>",
    "NOT": "!",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "TILDE": "~",
    "CAST": "(int) (str)",
    "ADD_EQUAL": "+=",
    "LPAR": "(",
    "RPAR": ")",
    "LBRACE": "{",
    "RBRACE": "}",
    "LSQB": "[",
    "RSQB": "]",
    "COMMA": ",",
    "SEMICOLON": ";",
    "COLON": ":",
    "DOT": ".",
}
OPERATORS = {sign: kind for kind, signs in _OPERATORS.items() for sign in signs.split()}

_HEX = "[0-9a-fA-F]{1,4}"
IPV6 = re.compile(rf"(?:{_HEX}:){{1,7}}(?::{_HEX}){{1,7}}|(?:{_HEX}:){{7}}{_HEX}|(?:{_HEX}:){{1,7}}:|:(?::{_HEX}){{1,7}}|::")
SEGMENT = re.compile(_DOUBLE, re.DOTALL)
BLANKS = re.compile(r"[ \t\b\r\n]++|\#(?!!)[^\n]*+\n|//(?!!)[^\n]*+\n|\\\n")
COLON_WORD = re.compile(r"msg:len|uri:host|uri:port")
RETCODE = re.compile(r"\$\?|\$retcode|\$rc")
VARIABLE = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]*+)?\(?")
CLOSED_ON_LINE = re.compile(r"[^\n\]]*+\]")
SER_ATTRIBUTE = re.compile(r"\$(?:(?:[ft][rud]?|g)\.|[A-Za-z_][A-Za-z0-9_]*+\[)")
PARENTHESIS = re.compile(r"[()\n]")
DROPPED = re.compile(r"[\x80-\xff]+|(.)\1*", re.DOTALL)
SIMPLE = re.compile(r"(0|[1-9][0-9]{0,9})|\"[^\"\\\0\n]*\"")
GLUE = re.compile(r"[ \t\b\r\n]*\"|:")
COMMENT = re.compile(r"/\*|\*/")
CONFIG_TYPE = re.compile(r"(?:#|//)!(SER|KAMAILIO|OPENSER|MAXCOMPAT|ALL)\n")
SELECT = re.compile(rf"([A-Za-z_][A-Za-z0-9_]*+)|([.\[\]])|([0-9][A-Za-z0-9_]*+)|({_DOUBLE})|\n", re.DOTALL)
EVENT_NAME = re.compile(r"\]|\[|[a-zA-Z][0-9a-zA-Z_-]*(?::[a-zA-Z][0-9a-zA-Z_-]*)+")
ATTRIBUTE = re.compile(r"[%$][^A-Za-z_0-9.\[\]*]*+((?:[ft][rud]?|g)\.[A-Za-z_]\w*|(?!(?:[ft][rud]?|g)(?!\w))[A-Za-z_]\w*)", re.ASCII)

_ESCAPE = re.compile(r'\\(?:x([0-9a-fA-F]{1,2})|([0-7]{2,3})|([nrat"\\\n]))')
_SIMPLE = {"n": "\n", "r": "\r", "a": "\a", "t": "\t", '"': '"', "\\": "\\", "\n": ""}
_NUMBER = re.compile(r"(?:(0|[1-9][0-9]*)|0x([0-9a-fA-F]+)|(0[0-7]+)|([01]+)b)\Z")
_LONG_MAX = (1 << 63) - 1


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    if match[2]:
        return chr(int(match[2], 8) & 0xFF)
    return _SIMPLE[match[3]]


def double_quoted(text: str) -> str:
    """The content of one or more adjacent strings in double quotes: escapes done, cut at a NUL."""
    parts = SEGMENT.findall(text)
    content = text[1:-1] if len(parts) == 1 else "".join([part[1:-1] for part in parts])
    if "\\" in content:
        content = "".join(_ESCAPE.sub(_unescape, part[1:-1]) for part in parts)
    return content.split("\0", 1)[0] if "\0" in content else content


def wrap32(number: int) -> int:
    """A number cut to 32 bits, signed."""
    return (number + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def number(text: str) -> int | None:
    """The value of a number token, cut to 32 bits as Kamailio does; None for 08, 0x, 12b and the like, which are names."""
    match = _NUMBER.match(text)
    if match is None:
        return NUMBERS.get(text)
    for digits, base in ((match[1], 10), (match[2], 16), (match[3], 8), (match[4], 2)):
        if digits:
            # Read as a 64-bit number first, which stays at its greatest: 99999999999999999999 is -1. 70 digits are over that.
            return wrap32(min(int(digits.lstrip("0")[:70] or "0", base), _LONG_MAX))
    return None
