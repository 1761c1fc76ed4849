"""Transformations of texts: `{s.len}`, `{s.substr,...}` and their like. Encodings stand in `codecs`."""

import hashlib
import re
import time
from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import Scope
from sroute.exports.transformation import Apply
from sroute.modules.pv import codecs
from sroute.modules.pv.module import pv
from sroute.modules.pv.parameters import CHARACTER, Fault, Param, Parsed, bound, none, number, on_text, parser, text
from sroute.runtime.hashing import core_hash
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Spelled, Value, to_str, wrap32

_BLANKS = " \t\r\n"
_SIGNED = re.compile(r"[+-]?[0-9]*\Z")
_UNSIGNED = re.compile(r"\+?[0-9]*\Z")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_WHITE = re.compile(r"[ \t\r\n]+")
_BUFFER = 65536
"""What the result of a transformation may be long: Kamailio works in a buffer of this size."""
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}


@on_text(pv, "s", "len")
def length(value: str) -> Value:
    """Number of bytes.

    Example: xlog("$(rU{s.len})\\n");
    """
    return len(value)


@pv.transformation("s", "int", none)
def integer(parsed: Parsed, scope: Scope) -> Apply:
    """The int that the text is, with its sign: null where it is none or too large; the text still prints as it was.

    Example: $var(n) = $(hdr(Expires){s.int}) + 1;
    """
    half = 1 << (scope.services.dialect.int_bits - 1)

    def apply(run: Run, value: Value) -> Value:
        if value is None or value is FAILED:
            return FAILED
        if isinstance(value, int):
            return value
        digits = to_str(value)
        if not _SIGNED.match(digits) or len(digits) > 4000:
            return FAILED
        found = int(digits) if digits not in ("", "+", "-") else 0
        if not -half <= found < half:
            return FAILED
        return found if str(found) == digits else Spelled(found, digits)

    return apply


@on_text(pv, "s", "md5")
def md5(value: str) -> Value:
    """MD5 in hex.

    Example: xlog("$(ci{s.md5})\\n");
    """
    return hashlib.md5(value.encode("latin-1")).hexdigest()


@on_text(pv, "s", "sha256")
def sha256(value: str) -> Value:
    """SHA-256 in hex.

    Example: xlog("$(ci{s.sha256})\\n");
    """
    return hashlib.sha256(value.encode("latin-1")).hexdigest()


@on_text(pv, "s", "sha384")
def sha384(value: str) -> Value:
    """SHA-384 in hex.

    Example: xlog("$(ci{s.sha384})\\n");
    """
    return hashlib.sha384(value.encode("latin-1")).hexdigest()


@on_text(pv, "s", "sha512")
def sha512(value: str) -> Value:
    """SHA-512 in hex.

    Example: xlog("$(ci{s.sha512})\\n");
    """
    return hashlib.sha512(value.encode("latin-1")).hexdigest()


_UPPER = {code: code - 32 for code in range(97, 123)}
_LOWER = {code: code + 32 for code in range(65, 91)}


@on_text(pv, "s", "toupper")
def toupper(value: str) -> Value:
    """ASCII letters in upper case.

    Example: xlog("$(rU{s.toupper})\\n");
    """
    return value.upper() if value.isascii() else value.translate(_UPPER)


@on_text(pv, "s", "tolower")
def tolower(value: str) -> Value:
    """ASCII letters in lower case.

    Example: xlog("$(rd{s.tolower})\\n");
    """
    return value.lower() if value.isascii() else value.translate(_LOWER)


@on_text(pv, "s", "numeric")
def numeric(value: str) -> Value:
    """The digits alone.

    Example: xlog("$(rU{s.numeric})\\n");
    """
    return _NOT_DIGITS.sub("", value)


@on_text(pv, "s", "trim")
def trim(value: str) -> Value:
    """Without blanks, tabs and line ends at both ends.

    Example: xlog("$(ua{s.trim})\\n");
    """
    return value.strip(_BLANKS)


@on_text(pv, "s", "ltrim")
def ltrim(value: str) -> Value:
    """Without blanks, tabs and line ends in front.

    Example: xlog("$(ua{s.ltrim})\\n");
    """
    return value.lstrip(_BLANKS)


@on_text(pv, "s", "rtrim")
def rtrim(value: str) -> Value:
    """Without blanks, tabs and line ends behind.

    Example: xlog("$(ua{s.rtrim})\\n");
    """
    return value.rstrip(_BLANKS)


@on_text(pv, "s", "rmws")
def rmws(value: str) -> Value:
    """Without any blank, tab and line end.

    Example: xlog("$(ua{s.rmws})\\n");
    """
    return _WHITE.sub("", value)


@on_text(pv, "s", "unquote")
def unquote(value: str) -> Value:
    """Without the double or single quotes around it.

    Example: xlog("$(fn{s.unquote})\\n");
    """
    return value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else value


@on_text(pv, "s", "unbracket")
def unbracket(value: str) -> Value:
    """Without the brackets around it: `()`, `[]`, `{}` or `<>`.

    Example: xlog("$(rd{s.unbracket})\\n");
    """
    return value[1:-1] if len(value) > 1 and _PAIRS.get(value[0]) == value[-1] else value


@on_text(
    pv,
    "s",
    "substr",
    number("substr cannot get p1"),
    number("substr cannot get p2", negative="substr negative offset"),
    signature="offset,length",
)
def substr(value: str, offset: int, count: int) -> Value:
    """Part of the text: offset from 0 (negative: from the end), length 0 is all the rest; null when the offset is outside.

    Example: xlog("$(rU{s.substr,-2,0})\\n");
    """
    size = len(value)
    start = offset + size if offset < 0 else offset
    if not 0 <= start < size:
        raise Fault("substr out of range")
    return value[start:] if not count else value[start : start + count]


@on_text(pv, "s", "strip", number("select cannot get p1"), signature="count")
def strip(value: str, count: int) -> Value:
    """Without that many characters in front.

    Example: xlog("$(rU{s.strip,2})\\n");
    """
    return value[count:] if count > 0 else value


@on_text(pv, "s", "striptail", number("select cannot get p1"), signature="count")
def striptail(value: str, count: int) -> Value:
    """Without that many characters behind.

    Example: xlog("$(rU{s.striptail,2})\\n");
    """
    return value[: max(0, len(value) - count)] if count > 0 else value


@on_text(pv, "s", "stripto", text("stripto cannot get p1"), signature="character")
def stripto(value: str, mark: str) -> Value:
    """The text from the first such character on; empty without one.

    Example: xlog("$(rU{s.stripto,0})\\n");
    """
    at = value.find(mark[0]) if mark else -1
    return value[at:] if at >= 0 else ""


@on_text(pv, "s", "select", number("select cannot get p1"), CHARACTER, signature="index,character")
def select(value: str, index: int, separator: str) -> Value:
    """The field of that number, from 0 (negative: from the end), between separators; empty when there is none.

    Example: xlog("$(rd{s.select,0,.})\\n");
    """
    fields = value.split(separator)
    if index < 0:
        index += len(fields)
    return fields[index] if 0 <= index < len(fields) else ""


@on_text(pv, "s", "before", text("cannot get parameter value"), signature="character")
def before(value: str, mark: str) -> Value:
    """The text before the first such character; all of it without one.

    Example: xlog("$(rU{s.before,.})\\n");
    """
    return value.partition(mark[0])[0] if mark else value


@on_text(pv, "s", "after", text("cannot get parameter value"), signature="character")
def after(value: str, mark: str) -> Value:
    """The text behind the first such character; empty without one.

    Example: xlog("$(rU{s.after,.})\\n");
    """
    return value.partition(mark[0])[2] if mark else ""


@on_text(pv, "s", "count", text("cannot get parameter value"), signature="character")
def count(value: str, mark: str) -> Value:
    """How often a character occurs.

    Example: xlog("$(rd{s.count,.})\\n");
    """
    return value.count(mark[0]) if mark else 0


def _differs(
    name: str,
    params: tuple[Param, ...],
    remark: str,
    signature: str,
    apply: Callable[..., Value],
    doc: str,
    *,
    newer: Callable[..., Value] | None = None,
) -> None:
    """A transformation that does what is documented where 5.6.3 does not, and says so; newer is what newer versions were seen to do."""

    def bind(parsed: Parsed, scope: Scope) -> Apply:
        if newer is not None and scope.services.dialect.newer:
            return bound(scope, parsed, params, newer)
        transform, services = bound(scope, parsed, params, apply), scope.services

        def run_time(run: Run, value: Value) -> Value:
            services.note(remark, run.at)
            return transform(run, value)

        return run_time

    bind.__doc__ = doc
    pv.transformation("s", name, parser(*params) if params else none, signature)(bind)


_differs(
    "rbefore",
    (text("cannot get parameter value"),),
    "{s.rbefore} of Kamailio 5.6.3 gives bytes behind the text, or crashes; this is the documented result",
    "character",
    lambda value, mark: value.rpartition(mark[0])[0] if mark and mark[0] in value else value,
    'The text before the last such character; all of it without one.\n\nExample: xlog("$(rd{s.rbefore,.})\\n");',
)
_differs(
    "rafter",
    (text("cannot get parameter value"),),
    "{s.rafter} of Kamailio 5.6.3 gives an empty text; this is the documented result",
    "character",
    lambda value, mark: value.rpartition(mark[0])[2] if mark and mark[0] in value else "",
    'The text behind the last such character; empty without one. Newer versions: always empty.\n\nExample: xlog("$(rd{s.rafter,.})\\n");',
    newer=lambda value, mark: "",
)
_differs(
    "decode.base58",
    (),
    "{s.decode.base58} of Kamailio 5.6.3 adds a NUL byte; this is the documented result",
    "",
    lambda value: found if (found := codecs.base58_decode(value)) is not None else FAILED,
    'The bytes behind a base58 text.\n\nExample: xlog("$(ci{s.encode.base58}{s.decode.base58})\\n");',
)


def _lines(pad: str) -> Callable[..., Value]:
    def lines(value: str, size: int, count: int) -> Value:
        if not size:
            return FAILED
        pieces = [value[at : at + size] for at in range(0, len(value), size)]
        return ("\r\n" + pad * count).join(pieces)

    return lines


_LINE_PARAMS = (
    number("cannot get line length", negative="fmtlines negative line length value"),
    number("cannot get padding", negative="fmtlines negative padding value"),
)
_differs(
    "fmtlines",
    _LINE_PARAMS,
    "{s.fmtlines} of Kamailio 5.6.3 breaks the text behind single characters; this is the documented result",
    "length,padding",
    _lines(" "),
    'Lines of that many characters, with so many blanks before each but the first.\n\nExample: xlog("$(ci{s.fmtlines,4,2})\\n");',
)
_differs(
    "fmtlinet",
    _LINE_PARAMS,
    "{s.fmtlinet} of Kamailio 5.6.3 breaks the text behind single characters; this is the documented result",
    "length,padding",
    _lines("\t"),
    'Lines of that many characters, with so many tabs before each but the first.\n\nExample: xlog("$(ci{s.fmtlinet,4,1})\\n");',
)


def _prefixes(value: str, limit: int, quote: str) -> Value:
    end = len(value) if limit <= 0 else min(limit, len(value))
    if end * (end + 1) // 2 + end * (1 + 2 * len(quote)) > _BUFFER:
        return FAILED
    return ",".join(f"{quote}{value[: size + 1]}{quote}" for size in range(end))


@on_text(pv, "s", "prefixes", number("prefixes cannot get max"), optional=1, signature="[max]")
def prefixes(value: str, limit: int = 0) -> Value:
    """All prefixes, shortest first, with commas between; at most that long.

    Example: xlog("$(rU{s.prefixes,3})\\n");
    """
    return _prefixes(value, limit, "")


@on_text(pv, "s", "prefixes.quoted", number("prefixes cannot get max"), optional=1, signature="[max]")
def quoted_prefixes(value: str, limit: int = 0) -> Value:
    """All prefixes in single quotes, shortest first, with commas between; at most that long.

    Example: xlog("$(rU{s.prefixes.quoted,3})\\n");
    """
    return _prefixes(value, limit, "'")


@on_text(pv, "s", "corehash", number("corehash cannot get size"), optional=1, signature="[size]")
def corehash(value: str, size: int = 0) -> Value:
    """The hash of Kamailio's core, as text; with a size (a power of two) the slot in a table of that size.

    Example: xlog("$(ci{s.corehash,16})\\n");
    """
    found = core_hash(value)
    return str(found & (size - 1) & 0xFFFFFFFF) if size else str(found)


@pv.transformation("s", "ftime", parser(text("timeformat cannot get p1")), "format")
def ftime(parsed: Parsed, scope: Scope) -> Apply:
    """The text, a Unix time, in a format of strftime, in local time.

    Example: xlog("$(TS{s.ftime,%Y-%m-%d})\\n");
    """
    services = scope.services

    def formatted(value: str, form: str) -> Value:
        when = wrap32(int(value)) if value.strip("+-") else 0
        return time.strftime(form, time.localtime(when)) or FAILED

    transform = bound(scope, parsed, (text("timeformat cannot get p1"),), formatted)

    def apply(run: Run, value: Value) -> Value:
        if value is None or value is FAILED:
            return FAILED
        if isinstance(value, int):
            return transform(run, str(int(value)))
        digits = to_str(value)
        if not _UNSIGNED.match(digits) or int(digits[:4000].strip("+") or 0) > 0xFFFFFFFF:
            services.diag("ERROR", "value is not numeric", "pv", run.at)
            return FAILED
        return transform(run, digits)

    return apply


def _codec(name: str, apply: Callable[[str], str | None], doc: str) -> None:
    growth = 2 if name.startswith(("encode.hexa", "escape", "urlencode")) else 1

    def transform(value: str) -> Value:
        found = apply(value) if len(value) * growth < _BUFFER else None
        return FAILED if found is None else found

    transform.__doc__ = f'{doc}\n\nExample: xlog("$(rU{{s.{name}}})\\n");'
    on_text(pv, "s", name)(transform)


def _base64(*, url: bool, padded: bool) -> Callable[[str], str]:
    return lambda value: codecs.base64_encode(value, url=url, padded=padded)


_CODECS: tuple[tuple[str, Callable[[str], Any], str], ...] = (
    ("encode.hexa", codecs.hex_encode, "The bytes in hex."),
    ("decode.hexa", codecs.hex_decode, "The bytes behind hex digits; null when something else stands there."),
    ("encode.7bit", codecs.septets_encode, "GSM 7 bit packing in hex."),
    ("decode.7bit", codecs.septets_decode, "The characters behind GSM 7 bit packing in hex."),
    ("encode.base58", codecs.base58_encode, "Base58."),
    ("encode.base64", _base64(url=False, padded=True), "Base64."),
    ("decode.base64", codecs.base64_decode, "The bytes behind base64, which must be padded with `=`; null otherwise."),
    ("encode.base64t", _base64(url=False, padded=False), "Base64 without `=` at the end."),
    ("decode.base64t", codecs.base64t_decode, "The bytes behind base64, padded or not."),
    ("encode.base64url", _base64(url=True, padded=True), "Base64 with the alphabet for URLs."),
    ("decode.base64url", codecs.base64url_decode, "The bytes behind base64 with the alphabet for URLs."),
    ("encode.base64urlt", _base64(url=True, padded=False), "Base64 with the alphabet for URLs, without `=` at the end."),
    ("decode.base64urlt", codecs.base64url_decode, "The bytes behind base64 with the alphabet for URLs, without `=` at the end."),
    ("escape.common", codecs.common_escape, "Backslashes before quotes, backslashes and NUL."),
    ("unescape.common", codecs.common_unescape, "Without the backslashes of `{s.escape.common}`."),
    ("escape.csv", codecs.csv_escape, "A field of a CSV file: in double quotes, inner ones doubled."),
    ("escape.user", codecs.user_escape, "Percent-escaped as the user part of a URI needs it; null with unprintable characters."),
    ("unescape.user", codecs.percent_unescape, "Without percent-escapes; null when one is wrong or unprintable."),
    ("escape.param", codecs.param_escape, "Percent-escaped as a URI parameter needs it; null with unprintable characters."),
    ("unescape.param", codecs.percent_unescape, "Without percent-escapes; null when one is wrong or unprintable."),
    ("urlencode.param", codecs.url_encode, "Percent-escaped for the query of a URL."),
    ("urldecode.param", codecs.url_decode, "Without percent-escapes, `+` being a blank."),
)
for _name, _apply, _doc in _CODECS:
    _codec(_name, _apply, _doc)
