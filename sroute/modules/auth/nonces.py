"""Nonces: made with a secret, good for a while, once or by their counter, and maybe for one kind of request only."""

import base64
import binascii
import hashlib
import struct
from enum import IntFlag

from sroute.sip.message import Message

LARGEST_COUNT = 255
"""How far 5.6.3 counts the uses of one nonce."""


class Result:
    """Return codes of the authentication functions."""

    OK = 1
    ERROR = -1
    INVALID_PASSWORD = -2
    USER_UNKNOWN = -3
    STALE_NONCE = -4
    NO_CREDENTIALS = -5
    NONCE_REUSED = -6
    USER_MISMATCH = -8


class Checks(IntFlag):
    """What of a request is part of its nonce."""

    URI = 1
    CALL_ID = 2
    FROM_TAG = 4
    SOURCE = 8


class Nonces:
    """The nonces of one instance."""

    __slots__ = ("_counts", "_drift", "_lasting", "_secret", "_serial", "_used", "extended", "watched")

    def __init__(self, secret: str, lasting: int, drift: int, *, extended: bool, watched: bool) -> None:
        """lasting and drift are seconds; extended: nonces hold the hash of what of a request is checked; watched: each has a number."""
        self._secret = secret.encode("latin-1")
        self._lasting = lasting
        self._drift = drift
        self.extended = extended
        self.watched = watched
        self._serial = 0
        self._used: set[str] = set()
        self._counts: dict[str, int] = {}

    def make(self, now: int, bound: str) -> str:
        """A nonce of that second, bound to a text."""
        times = struct.pack(">II", (now + self._lasting) & 0xFFFFFFFF, now & 0xFFFFFFFF)
        number = b""
        if self.watched:
            number = struct.pack(">IB", self._serial & 0xFFFFFFFF, 0)
            self._serial += 1
        binding = self._bind(bound) if self.extended else b""
        return base64.b64encode(times + self._sign(times + number) + binding + number).decode("ascii")

    def _sign(self, data: bytes) -> bytes:
        return hashlib.md5(data + self._secret, usedforsecurity=False).digest()

    def _bind(self, bound: str) -> bytes:
        return hashlib.md5(self._secret + bound.encode("latin-1", "replace"), usedforsecurity=False).digest()

    def check(self, text: str, now: int, started: int, bound: str | None) -> int:
        """Whether a nonce is one of ours (ERROR), in its time and, unless that is None, bound to a text (STALE_NONCE)."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            return Result.ERROR
        bound_end = 40 if self.extended else 24
        if len(raw) != bound_end + (5 if self.watched else 0):
            return Result.ERROR
        expires, since = struct.unpack(">II", raw[:8])
        if since < started or since > now + self._drift:
            return Result.STALE_NONCE
        if self._sign(raw[:8] + raw[bound_end:]) != raw[8:24]:
            return Result.ERROR
        if now > expires or (bound is not None and self._bind(bound) != raw[24:bound_end]):
            return Result.STALE_NONCE
        return Result.OK

    def use(self, text: str) -> int:
        """Takes a nonce that is good once: NONCE_REUSED the second time."""
        if text in self._used:
            return Result.NONCE_REUSED
        self._used.add(text)
        return Result.OK

    def count(self, text: str, counter: str) -> int:
        """Takes a use of a nonce by its counter, which has to grow: else STALE_NONCE."""
        try:
            number = int(counter, 16)
        except ValueError:
            return Result.ERROR
        if not self._counts.get(text, 0) < number <= LARGEST_COUNT:
            return Result.STALE_NONCE
        self._counts[text] = number
        return Result.OK


def bound_text(message: Message, checks: Checks) -> str:
    """What of a request a nonce is bound to."""
    parts: list[str] = []
    if checks & Checks.URI:
        parts.append(message.ruri)
    if checks & Checks.CALL_ID:
        parts.append(message.call_id or "")
    if checks & Checks.FROM_TAG:
        parts.append((message.from_.tag if message.from_ else None) or "")
    if checks & Checks.SOURCE:
        parts.append(message.src.ip)
    return "\0".join(parts)
