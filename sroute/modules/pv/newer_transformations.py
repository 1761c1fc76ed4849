"""Transformations that are newer than 5.6.3: `{val.*}`, `{num.*}`, `{uri.rmparam}` and some of `{s.*}`."""

import hashlib
import re
import zlib
from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.transformation import Apply
from sroute.modules.pv.module import pv
from sroute.modules.pv.parameters import Fault, Parsed, none, number, on_text, text
from sroute.runtime.keccak import keccak_256
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Spelled, Value
from sroute.sip import uri as uris

LATER = "later"
_INT = re.compile(r"[+-]?[0-9]*")
_FOLD = re.compile(r"\r?\n[ \t]+")
_WHITE = re.compile(r"[ \t\r\n]")
_JSON = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


# ---------------------------------------------------------------- texts


@on_text(pv, "s", "intv", since=LATER)
def intv(value: str) -> Value:
    """The number that a text of digits is; its text stays as it is. Null for another text.

    Example: xlog("$(cs{s.intv})\\n");
    """
    if not _INT.fullmatch(value) or len(value) > 4000:
        return FAILED
    found = int(value) if value.strip("+-") else 0
    return Spelled(found, value) if -(1 << 63) <= found < 1 << 63 else FAILED


@on_text(pv, "s", "crc32", since=LATER)
def crc32(value: str) -> Value:
    """The CRC-32 checksum, a number.

    Example: xlog("$(ci{s.crc32})\\n");
    """
    return zlib.crc32(value.encode("latin-1"))


@on_text(pv, "s", "byteat", number("byteat cannot get p1"), signature="index", since=LATER)
def byteat(value: str, index: int) -> Value:
    """The byte at a place from 0, signed; outside -1, which prints nothing.

    Example: xlog("$(rU{s.byteat,0})\\n");
    """
    if not 0 <= index < len(value):
        return Spelled(-1, "")
    code = ord(value[index])
    return code if code < 128 else Spelled(code - 256, str((1 << 64) + code - 256))


@on_text(pv, "s", "charat", number("charat cannot get p1"), signature="index", since=LATER)
def charat(value: str, index: int) -> Value:
    """The character at a place; Kamailio gives the first one for each place inside, nothing outside.

    Example: xlog("$(rU{s.charat,0})\\n");
    """
    return value[0] if 0 <= index < len(value) else ""


@on_text(pv, "s", "selectsw", number("select cannot get p1"), signature="index", since=LATER)
def selectsw(value: str, index: int) -> Value:
    """The field of that number between single white-space characters, negative from the end; empty when there is none.

    Example: xlog("$(csb{s.selectsw,1})\\n");
    """
    fields = _WHITE.split(value)
    place = index + len(fields) if index < 0 else index
    return fields[place] if 0 <= place < len(fields) else ""


def _digest(name: str, since: str, doc: str, digest: Callable[[bytes], bytes]) -> None:
    def apply(value: str) -> Value:
        return digest(value.encode("latin-1")).hex()

    apply.__doc__ = f'{doc}\n\nExample: xlog("$(ci{{s.{name}}})\\n");'
    on_text(pv, "s", name, since=since)(apply)


_digest("s", LATER, "SHA-1 in hex; the documented name sha1 is refused.", lambda data: hashlib.sha1(data, usedforsecurity=False).digest())
_digest("sha3", LATER, "SHA3-256 in hex.", lambda data: hashlib.sha3_256(data).digest())
_digest("keccak", LATER, "Keccak-256 in hex.", keccak_256)


def _text(name: str, since: str, doc: str, change: Callable[[str], Value]) -> None:
    def apply(value: str) -> Value:
        return change(value)

    apply.__doc__ = f'{doc}\n\nExample: xlog("$(hdr(Subject){{s.{name}}})\\n");'
    on_text(pv, "s", name, since=since)(apply)


_text("rmhdws", "6.0", "A header's folded lines as one, a blank where they were folded.", lambda value: _FOLD.sub(" ", value))
_text("rmhlws", "6.0", "A header's folded lines as one, nothing where they were folded.", lambda value: _FOLD.sub("", value))
_text("escape.crlf", "6.0", "CR and LF as `\\r` and `\\n`.", lambda value: value.replace("\r", "\\r").replace("\n", "\\n"))
_text("unescape.crlf", "6.0", "`\\r` and `\\n` as CR and LF.", lambda value: value.replace("\\r", "\r").replace("\\n", "\n"))


@on_text(pv, "uri", "rmparam", text("name cannot get p1"), signature="name", since=LATER)
def rmparam(value: str, name: str) -> Value:
    """A URI without a parameter, whose name is found without regard to case.

    Example: xlog("$(ru{uri.rmparam,transport})\\n");
    """
    if not value:
        return FAILED
    if uris.parse(value) is None:
        raise Fault(f"invalid uri [{value}]")
    host, mark, headers = value.partition("?")
    first, *params = host.split(";")
    kept = [param for param in params if param.partition("=")[0].lower() != name.lower()]
    return ";".join([first, *kept]) + mark + headers


# ---------------------------------------------------------------- numbers and values of any type


def _any(family: str, name: str, doc: str, example: str, change: Callable[[Value], Value]) -> None:
    """A transformation that takes null, too."""

    def bind(parsed: Parsed, scope: Scope) -> Apply:
        def apply(run: Run, value: Value) -> Value:
            return FAILED if value is FAILED else change(value)

        return apply

    bind.__doc__ = f"{doc}\n\nExample: {example}"
    pv.transformation(family, name, none, since=LATER)(bind)


def _first_digit(value: Value) -> Value:
    return int(str(abs(int(value)))[0]) if isinstance(value, int) else 0


def _last_digit(value: Value) -> Value:
    """Of a negative number a negative digit, which prints as the sign that far in front of `0`."""
    if not isinstance(value, int):
        return 0
    digit = abs(int(value)) % 10
    return digit if value >= 0 or not digit else Spelled(-digit, chr(ord("0") - digit))


def _json(value: Value) -> Value:
    if value is None:
        return ""
    return _TO_ESCAPE.sub(_escaped, value) if isinstance(value, str) else value


def _escaped(match: re.Match[str]) -> str:
    return _JSON.get(match[0]) or f"\\u{ord(match[0]):04x}"


def _quoted(value: Value) -> Value:
    if value is None:
        return '""'
    if not isinstance(value, str) or not _TO_ESCAPE.search(value):
        return value
    return f'"{_json(value)}"'


_any("num", "fdigit", "The first digit of a number; 0 of anything else.", 'xlog("$(sp{num.fdigit})\\n");', _first_digit)
_any("num", "ldigit", "The last digit of a number; 0 of anything else.", 'xlog("$(sp{num.ldigit})\\n");', _last_digit)
_any("val", "n0", "0 for null, all else as it is.", 'xlog("$(avp(x){val.n0})\\n");', lambda value: 0 if value is None else value)
_any(
    "val",
    "ne",
    "Empty for null, all else as it is.",
    'xlog("$(avp(x){val.ne})\\n");',
    lambda value: "" if value is None else value,
)
_any("val", "json", "Escaped as JSON needs it; empty for null.", 'xlog("$(ua{val.json})\\n");', _json)
_any(
    "val",
    "jsonqe",
    "Escaped and quoted, if it needs escapes; else as it is. Two quotes for null.",
    'xlog("$(ua{val.jsonqe})\\n");',
    _quoted,
)
