"""Kinds of arguments: header names, patterns, methods, content types."""

import re
from dataclasses import dataclass, field

from sroute.exports.fixups import INTEGER, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.modules.textops import mime
from sroute.runtime.run import Run
from sroute.sip.headers import KINDS, NAME_CHARS
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import Finder, finder

SEARCH = Flags(icase=True, newline=True)
"""What most functions search with: no difference between cases, `^` and `$` at every line."""
ACROSS_LINES = Flags(icase=True, newline=False)

_NAME = re.compile(rf"[{NAME_CHARS}]+(?=[ \t]*:)")
_TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]+"
_METHODS = re.compile(rf"\s*{_TOKEN}\s*(?:,\s*{_TOKEN}\s*)*(?:,\s*)?\Z", re.A)
KNOWN_METHODS = frozenset(
    {"INVITE", "CANCEL", "ACK", "BYE", "INFO", "REGISTER", "SUBSCRIBE", "NOTIFY", "MESSAGE", "OPTIONS", "PRACK", "UPDATE", "REFER"}
    | {"PUBLISH", "KDMQ", "GET", "POST", "PUT", "DELETE"}
)
OTHER = ""
"""Stands for every method that Kamailio does not know."""


@dataclass(frozen=True, slots=True)
class HeaderName:
    """The name of a header, in any case, long or compact; gives its kind."""

    form: str = "header"

    def parse(self, text: str, names: Names) -> str:
        """The kind that header lines of that name have."""
        found = header_kind(text)
        if found is None:
            raise FixupError(f"{text!r} is no header name" if text else "empty header name")
        return found

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The kind."""
        return Constant(parsed)


def header_kind(text: str) -> str | None:
    """The kind that header lines of a name have, None when it is no name.

    5.6.3 checks a name up to its first colon, and then looks for the whole text: `X-A:` is taken and never found.
    """
    name = _NAME.match(f"{text}:")
    if name is None:
        return None
    known = KINDS.get(name[0]) or KINDS.get(name[0].lower())
    return known or text.lower()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, taken as it is; variables in it are not expanded."""

    flags: Flags = field(default=SEARCH)
    form: str = "regex"

    def parse(self, text: str, names: Names) -> Finder:
        """The compiled expression."""
        try:
            return finder(text, self.flags)
        except BadPattern as bad:
            raise FixupError(f"bad re {text}: {bad.reason}") from None

    def bind(self, parsed: Finder, scope: Scope) -> Arg[Finder]:
        """The compiled expression."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Methods:
    """Names of methods, separated by `|` or commas; variables in it are not expanded."""

    form: str = "methods"

    def parse(self, text: str, names: Names) -> frozenset[str] | str:
        """The known methods in upper case; or one that Kamailio does not know, as it is.

        An unknown method in a list stands for all unknown ones, and may stand behind commas only.
        """
        if not text:
            raise FixupError("empty method name")
        listed = text.replace("|", ",")
        if not _METHODS.match(listed):
            raise FixupError("bad method names")
        found = [word.strip().upper() for word in listed.split(",") if word.strip()]
        unknown = [method for method in found if method not in KNOWN_METHODS]
        if unknown and "|" in text:
            raise FixupError(f"unknown method in list [{listed}] - must be only defined methods")
        if unknown and len(unknown) == len(found):
            return text.upper()
        return frozenset(method if method in KNOWN_METHODS else OTHER for method in found)

    def bind(self, parsed: frozenset[str] | str, scope: Scope) -> "Arg[frozenset[str] | str]":
        """The methods."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class MimeType:
    """A content type such as `application/sdp`; the empty text stands for any."""

    form: str = "content type"

    def parse(self, text: str, names: Names) -> "mime.Mime | None":
        """The type as Kamailio tells types apart."""
        if not text:
            return None
        try:
            return mime.parse(text)
        except mime.BadMime:
            raise FixupError(f"unsupported mime <{text}>") from None

    def bind(self, parsed: "mime.Mime | None", scope: Scope) -> "Arg[mime.Mime | None]":
        """The type."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class MaybeInteger:
    """A number in decimal, or one variable; None, with Kamailio's complaint, when that holds none."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        return INTEGER.parse(text, names)

    def bind(self, parsed: int | Pv, scope: Scope) -> "Arg[int | None]":
        """The number."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read, services = scope.read(parsed), scope.services

        def number(run: Run) -> int | None:
            value = read(run)
            if value.__class__ is int:
                return value
            services.diag("ERROR", "Could not convert PV to int", "core", run.at)
            return None

        return number


HEADER = HeaderName()
MAYBE_INTEGER = MaybeInteger()
PATTERN = Pattern()
PATTERN_ACROSS_LINES = Pattern(ACROSS_LINES)
METHODS = Methods()
MIME_TYPE = MimeType()
