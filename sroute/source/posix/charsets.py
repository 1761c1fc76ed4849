"""Sets of bytes as integers: bit n stands for the byte n. Letters and classes are those of the C locale."""

ALL = (1 << 256) - 2  # a text ends at its first NUL, so that no set holds it
LOWER = sum(1 << byte for byte in range(ord("a"), ord("z") + 1))
UPPER = LOWER >> 32
ALPHA = LOWER | UPPER
DIGIT = sum(1 << byte for byte in range(ord("0"), ord("9") + 1))
GRAPH = sum(1 << byte for byte in range(0x21, 0x7F))
SPACE = sum(1 << byte for byte in b" \t\n\r\v\f")
NEWLINE = 1 << ord("\n")
WORD = ALPHA | DIGIT | 1 << ord("_")

CLASSES = {
    "alpha": ALPHA,
    "alnum": ALPHA | DIGIT,
    "blank": 1 << ord(" ") | 1 << ord("\t"),
    "cntrl": (1 << 32) - 2 | 1 << 127,
    "digit": DIGIT,
    "graph": GRAPH,
    "lower": LOWER,
    "print": GRAPH | 1 << ord(" "),
    "punct": GRAPH & ~(ALPHA | DIGIT),
    "space": SPACE,
    "upper": UPPER,
    "xdigit": DIGIT | sum(1 << byte for byte in b"abcdefABCDEF"),
}


def span(first: int, last: int) -> int:
    """The bytes from first to last, both included."""
    return (1 << last + 1) - (1 << first)


def fold(chars: int) -> int:
    """The set of all bytes whose upper case form is in the set: how a text is tested without regard to case."""
    return chars & ~LOWER | (chars & UPPER) << 32


def members(chars: int) -> list[int]:
    """The bytes of a set in order."""
    return [byte for byte in range(256) if chars >> byte & 1]


def runs(chars: int) -> list[tuple[int, int]]:
    """The bytes of a set as ranges (first, last), in order."""
    found: list[tuple[int, int]] = []
    for byte in members(chars):
        if found and found[-1][1] == byte - 1:
            found[-1] = found[-1][0], byte
        else:
            found.append((byte, byte))
    return found
