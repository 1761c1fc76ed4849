"""The To tags and branches that Kamailio works out from a request: a retransmission gets the same ones.

A To tag says which server it was (MD5) and which request (two checksums): the first part is the same in all replies of one
instance, the second in all replies to one transaction.
"""

from binascii import crc_hqx
from hashlib import md5

from sroute.errors import NotSimulatedError
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message

STATELESS = ("KAMAILIO-stateless", ".")
"""Signature and separator of sl."""
STATEFUL = ("SER-TM/tags", "-")
"""Signature and separator of tm."""
SLOTS = 1 << 16

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def prefix(kind: tuple[str, str], socket: Endpoint | None) -> str:
    """The part of an instance's tags that stays the same; socket is its first one."""
    signature, separator = kind
    where = f"{socket.ip}{socket.port}" if socket is not None else ""
    return _md5(signature + where) + separator


def suffix(request: Message) -> str:
    """The part that belongs to a request: of its top Via, and of that and the Call-ID."""
    via = request.vias[0]
    if not via.port_text:
        return _checksum(via.host) + _checksum("")  # the sum ends at the first part that is not there
    branch = via.branch.value or "" if via.branch is not None else ""
    return _checksum(f"{via.host}{via.port_text}{branch}") + _checksum(f"{via.port_text}{via.host}{request.call_id or ''}")


def reverse_hex(number: int) -> str:
    """A number in hexadecimal, least significant digit first, as Kamailio writes them into tags and branches."""
    return f"{number:x}"[::-1]


def branch(hash_index: int, unique: str, number: int, extra: str = "") -> str:
    """A Via branch: cookie, transaction hash, what makes it unique, and the number of the branch."""
    middle = f".{extra}" if extra else ""
    return f"z9hG4bK{reverse_hex(hash_index)}.{unique}{middle}.{reverse_hex(number)}"


def stateless_branch(request: Message) -> str:
    """The branch of the Via that forward() adds: the same for each copy of a request, and for the ACK and CANCEL of an INVITE."""
    via, sender, to, cseq = request.vias[0], request.from_, request.to, request.cseq
    if cseq is None:
        raise NotSimulatedError("an HTTP request is not forwarded in sroute")
    call_id, number = request.call_id or "", cseq.number
    if request.method.upper() in ("INVITE", "ACK", "CANCEL"):
        to = None
    parts = (
        (sender.tag if sender is not None else None) or "",
        (to.tag if to is not None else None) or "",
        call_id,
        request.ruri,
        number,
        via.host,
        via.port_text,
        (via.branch.value if via.branch is not None else None) or "",
    )
    unique = _md5("".join(part.rstrip(" \t\r\n\0").lstrip(" \t") for part in parts))
    return branch(transaction_hash(call_id, number), unique, 0)


def transaction_hash(call_id: str, number: str) -> int:
    """The slot of a transaction (16 bits): of its Call-ID and CSeq number."""
    value = 0
    for text in (call_id, number):
        data = text.encode("latin-1", "replace")
        for at in range(0, len(data) & ~3, 4):
            value += _word(data[at : at + 4])
        value += _word(data[len(data) & ~3 :])
    value &= 0xFFFFFFFF
    return (value + (value >> 11) + (value >> 13) + (value >> 23)) & (SLOTS - 1)


def _word(data: bytes) -> int:
    """Up to four characters, signed ones, as one 32-bit number stirred a little."""
    word = 0
    for byte in data:
        word = (word << 8) + byte - (256 if byte > 127 else 0)
    word &= 0xFFFFFFFF
    return word ^ (word >> 3)


def _md5(text: str) -> str:
    return md5(text.encode("latin-1", "replace"), usedforsecurity=False).hexdigest()


def _checksum(text: str) -> str:
    """CRC-16/X-25 in hexadecimal, least significant digit first."""
    shifted = crc_hqx(text.encode("latin-1", "replace").translate(_REVERSED), 0xFFFF) ^ 0xFFFF
    return reverse_hex(int(f"{shifted:016b}"[::-1], 2)).ljust(4, "0")
