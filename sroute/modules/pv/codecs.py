"""Encodings of `{s.encode.*}`, `{s.decode.*}`, `{s.escape.*}` and their like: text to text, None where Kamailio fails."""

import base64
import re

from sroute.modules.pv.parameters import Fault

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TEN_DIGITS = 58**10
_BASE64 = {char: at for at, char in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_URL = {char: at for at, char in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")}
_HEX = frozenset("0123456789abcdefABCDEF")
_COMMON = {"'": "\\'", '"': '\\"', "\\": "\\\\", "\0": "\\0"}
_COMMON_BACK = {"'": "'", '"': '"', "\\": "\\", "0": "\0"}
_ESCAPED = re.compile(r"\\(['\"\\0])", re.S)
_USER = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,;?")
_PARAM = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()[]/:&+$")
_UNPRINTABLE = re.compile(r"[^ -~]")
_URL_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~")


def hex_encode(text: str) -> str:
    """Two lower-case hex digits for each byte."""
    return text.encode("latin-1").hex()


def hex_decode(text: str) -> str | None:
    """Bytes from pairs of hex digits; an odd last digit is dropped."""
    pairs = text[: len(text) & ~1]
    return bytes.fromhex(pairs).decode("latin-1") if _HEX.issuperset(pairs) else None


def base64_encode(text: str, *, url: bool, padded: bool) -> str:
    """Base64, with the alphabet for URLs, with or without `=` at the end."""
    data = text.encode("latin-1")
    encoded = (base64.urlsafe_b64encode if url else base64.b64encode)(data).decode("ascii")
    return encoded if padded else encoded.rstrip("=")


def base64_decode(text: str) -> str | None:
    """Base64 whose length is a multiple of 4. What is not of the alphabet counts as 255, as in Kamailio."""
    if not text:
        return ""
    if len(text) % 4 or (text[-2] == "=" and text[-1] != "="):
        return None
    padding = (text[-1] == "=") + (text[-2] == "=")
    out = bytearray()
    for at in range(0, len(text) - 4, 4):
        out += (_quad(text[at : at + 4]) & 0xFFFFFF).to_bytes(3, "big")
    last = [_BASE64.get(char, 0xFF) for char in text[-4:]]
    if padding == 2:
        out.append((last[0] << 6 | last[1]) >> 4 & 0xFF)
    elif padding == 1:
        value = last[0] << 12 | last[1] << 6 | last[2]
        out += bytes((value >> 10 & 0xFF, value >> 2 & 0xFF))
    else:
        out += (_quad(text[-4:]) & 0xFFFFFF).to_bytes(3, "big")
    return out.decode("latin-1")


def _quad(four: str) -> int:
    a, b, c, d = (_BASE64.get(char, 0xFF) for char in four)
    return a << 18 | b << 12 | c << 6 | d


def base64t_decode(text: str) -> str | None:
    """Base64 whose `=` at the end may be missing."""
    return base64_decode(text + "=" * (-len(text) % 4))


def base64url_decode(text: str) -> str | None:
    """Base64 with the alphabet for URLs, `=` at the end or not; a single character too many is ignored."""
    pads = len(text) - len(text.rstrip("="))
    data = text[: len(text) - pads]
    if len(data) % 4 == 1 or pads > 2:
        data = data[: len(data) & ~3]
    if not data:
        raise Fault("invalid olen parameter calculated, can't continue 0", source="core")
    if not _URL.keys() >= set(data):
        return None
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode("latin-1")


def base58_encode(text: str) -> str:
    """Base58 with Bitcoin's alphabet."""
    zeros = len(text) - len(text.lstrip("\0"))
    number = int.from_bytes(text.encode("latin-1"), "big")
    digits = []
    while number:
        number, chunk = divmod(number, _TEN_DIGITS)
        for _ in range(10):
            chunk, digit = divmod(chunk, 58)
            digits.append(_BASE58[digit])
    return "1" * zeros + "".join(reversed(digits)).lstrip("1")


def base58_decode(text: str) -> str | None:
    """The bytes behind a base58 text, without the NUL that 5.6.3 adds."""
    number = 0
    for at in range(0, len(text), 10):
        chunk = 0
        piece = text[at : at + 10]
        for char in piece:
            digit = _BASE58.find(char)
            if digit < 0:
                return None
            chunk = chunk * 58 + digit
        number = number * 58 ** len(piece) + chunk
    zeros = len(text) - len(text.lstrip("1"))
    return "\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big").decode("latin-1")


def septets_encode(text: str) -> str:
    """GSM 7 bit packing, in upper-case hex."""
    data = text.encode("latin-1")
    out = bytearray()
    for at in range(0, len(data), 8):
        group = data[at : at + 8]
        for n, byte in enumerate(group[:7]):
            following = group[n + 1] if n + 1 < len(group) else 0
            out.append((byte >> n | following << (7 - n)) & 0xFF)
    return out.hex().upper()


def septets_decode(text: str) -> str:
    """The characters behind GSM 7 bit packing in hex: as many as whole septets fit."""
    data = bytes(int(text[at : at + 2], 16) if _HEX.issuperset(text[at : at + 2]) else 0 for at in range(0, len(text) - 1, 2))
    bits = int.from_bytes(data, "little")
    return "".join(chr(bits >> 7 * n & 0x7F) for n in range(len(data) * 8 // 7))


def common_escape(text: str) -> str:
    """Backslashes before quotes, backslashes and NUL."""
    return "".join(_COMMON.get(char, char) for char in text)


def common_unescape(text: str) -> str:
    """Undo common_escape; other backslashes stay."""
    return _ESCAPED.sub(lambda match: _COMMON_BACK[match[1]], text)


def csv_escape(text: str) -> str:
    """In double quotes, inner ones doubled (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"'


def user_escape(text: str) -> str:
    """Percent-escapes what may not stand in a user part; a Fault with characters that are not printable ASCII."""
    return _percent(text, _USER)


def param_escape(text: str) -> str:
    """Percent-escapes what may not stand in a URI parameter; a Fault with characters that are not printable ASCII."""
    return _percent(text, _PARAM)


def _percent(text: str, allowed: frozenset[str]) -> str:
    bad = _UNPRINTABLE.search(text)
    if bad is not None:
        raise _unprintable(ord(bad[0]))
    return "".join(char if char in allowed else f"%{ord(char):02x}" for char in text)


def url_encode(text: str) -> str:
    """Percent-escapes all but letters, digits and `-_.~`."""
    return "".join(char if char in _URL_SAFE else f"%{ord(char):02x}" for char in text)


def percent_unescape(text: str) -> str:
    """Undo `%41`; a Fault when two hex digits do not follow or the character is not printable ASCII."""
    if "%" not in text:
        return text
    head, *rest = text.split("%")
    out = [head]
    for part in rest:
        bad = next((char for char in f"{part[:2]:\0<2}" if char not in _HEX), None)
        if bad is not None:
            raise Fault(f"invalid hex digit <{_as_unsigned(ord(bad))}>", source="core")
        code = int(part[:2], 16)
        if not 32 <= code <= 126:
            raise _unprintable(code)
        out.append(chr(code) + part[2:])
    return "".join(out)


def _unprintable(code: int) -> Fault:
    return Fault(f"invalid escaped character <{_as_unsigned(code)}>", source="core")


def _as_unsigned(code: int) -> int:
    """A signed byte, shown as an unsigned int."""
    return code if code < 128 else code + (1 << 32) - 256


def url_decode(text: str) -> str:
    """`+` is a blank, `%41` a character; a `%` without two characters behind it is dropped."""
    out = []
    at, size = 0, len(text)
    while at < size:
        char = text[at]
        if char == "%":
            if at + 2 < size:
                out.append(chr((_nibble(text[at + 1]) << 4 | _nibble(text[at + 2])) & 0xFF))
                at += 2
        else:
            out.append(" " if char == "+" else char)
        at += 1
    return "".join(out)


def _nibble(char: str) -> int:
    """The value of a hex digit; other characters count on from `a`, as in Kamailio."""
    return ord(char) - 48 if "0" <= char <= "9" else ord(char.lower() if char.isascii() else char) - 87
