"""The hash functions of Kamailio's core: hash tables, xavp names and the registrar place things by them.

Bytes are signed, as on x86_64: a key with bytes above 0x7F has another hash where C `char` is unsigned.
"""

from functools import lru_cache
from struct import Struct

_WORD = 0xFFFFFFFF
# Reading all whole words of a key at once is what makes the hash quick; longer keys are read in pieces.
_LAYOUTS = tuple(Struct(f">{words}I").unpack_from for words in range(64))
_PIECE = 4 * (len(_LAYOUTS) - 1)


@lru_cache(maxsize=4096)
def core_hash(text: str) -> int:
    """The 32 bit hash of a text, case-sensitive: `{s.corehash}`, and the id of an xavp name."""
    return _hash(text.encode("latin-1"))


@lru_cache(maxsize=4096)
def core_case_hash(text: str) -> int:
    """The 32 bit hash of a text in which ASCII letters count as lower case: keys of htable, names of `$xavi`."""
    return _hash(text.encode("latin-1").lower())


def core_hash_pair(first: str, second: str) -> int:
    """The 32 bit hash of two texts together, case-sensitive: core_hash() of cfgutils."""
    return _mixed(_words(first.encode("latin-1")) + _words(second.encode("latin-1")))


def slot(key: str, slots: int) -> int:
    """The slot of a key in a hash table of `slots` slots (a power of two)."""
    return core_case_hash(key) & (slots - 1)


def _hash(data: bytes) -> int:
    """Sum of the mixed words of a text, the remaining bytes being a word of their own, mixed once more."""
    return _mixed(_words(data))


def _words(data: bytes) -> int:
    return _sum(data) if data.isascii() else _signed_sum(data)


def _mixed(total: int) -> int:
    total &= _WORD
    return (total + (total >> 11) + (total >> 13) + (total >> 23)) & _WORD


def _sum(data: bytes) -> int:
    total = 0
    size = len(data)
    start = 0
    while size - start > _PIECE:
        for word in _LAYOUTS[-1](data, start):
            total += word ^ (word >> 3)
        start += _PIECE
    for word in _LAYOUTS[(size - start) >> 2](data, start):
        total += word ^ (word >> 3)
    if size & 3:
        word = int.from_bytes(data[size - (size & 3) :], "big")
        total += word ^ (word >> 3)
    return total & _WORD


def _signed_sum(data: bytes) -> int:
    total = 0
    for start in range(0, len(data), 4):
        word = 0
        for byte in data[start : start + 4]:
            word = (word << 8) + (byte if byte < 128 else byte - 256)
        word &= _WORD
        total += word ^ (word >> 3)
    return total & _WORD
