"""Keccak-256 as it was before SHA-3 was settled: another padding, other digests than `hashlib.sha3_256`."""

_MASK = (1 << 64) - 1
_RATE = 136
_LANES = 25


def _round_constants() -> tuple[int, ...]:
    """The 24 constants, from the shift register that defines them."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            if register & 1:
                constant |= 1 << ((1 << bit) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


def _moves() -> tuple[tuple[int, int], ...]:
    """Where each lane but the first goes, and how far it is turned on the way."""
    x, y, turn, moves = 1, 0, 0, []
    for step in range(1, 25):
        turn += step
        x, y = y, (2 * x + 3 * y) % 5
        moves.append((x + 5 * y, turn % 64))
    return tuple(moves)


_CONSTANTS, _MOVES = _round_constants(), _moves()


def keccak_256(data: bytes) -> bytes:
    """The digest of 32 bytes."""
    padded = bytearray(data) + b"\x01" + bytes(-(len(data) + 1) % _RATE)
    padded[-1] |= 0x80
    lanes = [0] * _LANES
    for at in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            lanes[lane] ^= int.from_bytes(padded[at + 8 * lane : at + 8 * lane + 8], "little")
        _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permute(lanes: list[int]) -> None:
    for constant in _CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        for at in range(_LANES):
            lanes[at] ^= columns[(at + 4) % 5] ^ _turned(columns[(at + 1) % 5], 1)
        moving = lanes[1]
        for place, turn in _MOVES:
            moving, lanes[place] = lanes[place], _turned(moving, turn)
        for row in range(0, _LANES, 5):
            a, b, c, d, e = lanes[row : row + 5]
            lanes[row : row + 5] = a ^ ~b & c, b ^ ~c & d, c ^ ~d & e, d ^ ~e & a, e ^ ~a & b
        lanes[0] ^= constant


def _turned(lane: int, by: int) -> int:
    return (lane << by | lane >> (64 - by)) & _MASK if by else lane
