"""Which members a class of transformations has: every word in the module is tried, and the words that leave no trace there."""

import re
from collections.abc import Iterator

from tools.declare import kamailio, prove
from tools.declare.elf import Image

WORD = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9]+)*")
#: Too short to stand as text in the machine code, or put together from parts.
UNTRACED = (
    "after",
    "at",
    "before",
    "byte",
    "byteat",
    "charat",
    "corehash",
    "count",
    "decode",
    "decode.7bit",
    "decode.base58",
    "decode.base64",
    "decode.base64t",
    "decode.base64url",
    "decode.base64urlt",
    "decode.hexa",
    "display",
    "domain",
    "duri",
    "encode",
    "encode.7bit",
    "encode.base58",
    "encode.base64",
    "encode.base64t",
    "encode.base64url",
    "encode.base64urlt",
    "encode.hexa",
    "escape.common",
    "escape.crlf",
    "escape.csv",
    "escape.param",
    "escape.user",
    "fmtlines",
    "fmtlinet",
    "ftime",
    "headers",
    "host",
    "in",
    "int",
    "json",
    "len",
    "lr",
    "ltrim",
    "maddr",
    "md5",
    "method",
    "name",
    "numeric",
    "param",
    "params",
    "parse",
    "parsex",
    "passwd",
    "password",
    "path",
    "port",
    "prefixes",
    "prefixes.quoted",
    "proto",
    "querystring",
    "r2",
    "rafter",
    "rbefore",
    "replace",
    "rm",
    "rmws",
    "rtrim",
    "s",
    "saor",
    "scheme",
    "select",
    "session",
    "sha1",
    "sha256",
    "strip",
    "striptail",
    "subst",
    "suri",
    "sw",
    "tag",
    "tolower",
    "tosocket",
    "toupper",
    "touri",
    "transport",
    "trim",
    "ttl",
    "unbracket",
    "unescape.common",
    "unescape.param",
    "unescape.user",
    "unquote",
    "uparam",
    "uri",
    "urldecode.param",
    "urlencode.param",
    "user",
    "userinfo",
    "val",
    "val.int",
    "val.str",
    "value",
    "valueat",
)
ARGUMENTS = ("", ",1", ",a", ",1,1", ",a,b", ",/a/b/")


def members(image: Image, module: str, name: str) -> tuple[str, ...]:
    """The members of a class that the parser takes, with some list of arguments."""
    words = {text for text in image.strings() if WORD.fullmatch(text) and len(text) < 24} | set(UNTRACED)
    return tuple(sorted(word for word in words if any(_taken(module, form) for form in _forms(name, word))))


def _forms(name: str, word: str) -> Iterator[str]:
    return (f"{name}.{word}{arguments}" for arguments in ARGUMENTS)


def _taken(module: str, form: str) -> bool:
    taken, _, _ = kamailio.check([*prove.head([module]), f"request_route {{ $var(y) = $(var(x){{{form}}}); }}"])
    return taken
