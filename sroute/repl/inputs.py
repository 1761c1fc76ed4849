"""What an input is, and whether more of it must come: the parser is asked, nothing is guessed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum

from sroute.dialect import DEFAULT, Dialect
from sroute.syntax.parser import Start, expected, incomplete, parse_expression, parse_statements
from sroute.syntax.scanner import scan

STARTS: tuple[Start, ...] = ("statements", "expr", "script")
_COMMAND = re.compile(r"\s*\.[A-Za-z?]*(?:\s|\Z)")
_FIRST_LINE = re.compile(r"\s*(?:[A-Za-z0-9\-.!%*_+`'~]++ [^\s]++ SIP/2\.0[ \t]*\r?(?:\n|\Z)|SIP/2\.0 \d{3} )", re.A)
_DIRECTED = re.compile(r"\s*(?:@from|@reply)[ \t]")
_HEADERS_END = re.compile(r"\n[ \t]*\r?\n")
_LENGTH = re.compile(r"^(?:Content-Length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$", re.A | re.I | re.M)
_DIRECTIVE = re.compile(r"\s*(?:#!|!!)")
_OPENS = re.compile(r"\s*(?:#!|!!)if", re.M)


class Kind(Enum):
    """What was typed."""

    NOTHING = "nothing"
    COMMAND = "command"
    MESSAGE = "message"
    DIRECTIVE = "directive"
    CODE = "code"


def kind(text: str) -> Kind:
    """The kind of an input."""
    if _COMMAND.match(text):
        return Kind.COMMAND
    if _FIRST_LINE.match(text) or _DIRECTED.match(text):
        return Kind.MESSAGE
    if _DIRECTIVE.match(text):
        return Kind.DIRECTIVE
    lines = [line.strip() for line in text.splitlines()]
    return Kind.CODE if any(line and not line.startswith(("#", "//")) for line in lines) else Kind.NOTHING


def unfinished(text: str, dialect: Dialect = DEFAULT) -> bool:
    """Whether more must come before the input means anything."""
    match kind(text):
        case Kind.MESSAGE:
            return _message_open(text)
        case Kind.DIRECTIVE:
            ends = len(re.findall(r"^\s*(?:#!|!!)endif", text, re.M))
            return text.rstrip(" \t").endswith("\\") or len(_OPENS.findall(text)) > ends
        case Kind.CODE:
            return _code_open(text, dialect)
        case _:
            return False


def _message_open(text: str) -> bool:
    """Headers end at an empty line; the body is as long as Content-Length says.

    Where a terminal has made LF of CRLF, an empty line ends the body that would be long enough.
    """
    whole = f"{text}\n"
    end = _HEADERS_END.search(whole)
    if end is None:
        return True
    length = _LENGTH.search(whole, 0, end.end())
    body = len(whole) - end.end()
    if length is None or body >= int(length[1]):
        return False
    as_sent = body + whole.count("\n", end.end()) if "\r" not in whole else body
    return not (as_sent >= int(length[1]) and whole.endswith("\n\n"))


def _code_open(text: str, dialect: Dialect) -> bool:
    if any(found.code == "SY017" for found in parse_statements(text, dialect=dialect).diagnostics):
        return False  # a variable is closed on its line or never
    open_ = [start for start in STARTS if incomplete(text, start, dialect)]
    if not open_:
        return False
    return "expr" in open_ or not _whole_expression(text, dialect)


def _whole_expression(text: str, dialect: Dialect) -> bool:
    return not parse_expression(text, dialect=dialect).diagnostics


def _brace_open(text: str, dialect: Dialect) -> bool:
    """Whether a brace is open for sure: counting terminals is quicker than parsing, for blocks of many lines."""
    kinds = Counter(token.kind for token in scan("", text, dialect=dialect, mode="KAMAILIO").tokens)
    return kinds["LBRACE"] > kinds["RBRACE"]


class Feed:
    """Puts lines together to inputs."""

    def __init__(self, dialect: Dialect = DEFAULT) -> None:
        """Nothing has come yet."""
        self._dialect = dialect
        self._lines: list[str] = []
        self._in_block = False

    def add(self, line: str) -> str | None:
        """Takes a line (without its end): the whole input when it is complete."""
        self._lines.append(line)
        if self._in_block and "}" not in line:
            return None
        text = "\n".join(self._lines)
        if self._in_block and _brace_open(text, self._dialect):
            return None
        if not unfinished(text, self._dialect):
            self._lines, self._in_block = [], False
            return text
        self._in_block = kind(text) is Kind.CODE and any("RBRACE" in expected(text, start, self._dialect) for start in STARTS)
        return None

    def rest(self) -> str | None:
        """What is left when no more lines come."""
        text, self._lines = "\n".join(self._lines), []
        return text if text.strip() else None


def split(lines: Iterable[str], dialect: Dialect = DEFAULT) -> Iterator[str]:
    """The inputs of a text that is read line by line."""
    feed = Feed(dialect)
    for line in lines:
        whole = feed.add(line.removesuffix("\n"))
        if whole is not None and whole.strip():
            yield whole
    if left := feed.rest():
        yield left
