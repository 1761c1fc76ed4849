"""Contact bodies: a list of addresses with their header parameters, cut as Kamailio's contact parser cuts them."""

import re
from dataclasses import dataclass

_PARAM = re.compile(r';\s*([^\s;=",]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?')


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of a Contact header: its whole text, its URI, and the parameters behind it."""

    text: str
    uri: str
    params: tuple[tuple[str, str], ...]

    def param(self, name: str) -> str | None:
        """The value of a parameter by its name in lower case; None when it is not there."""
        for key, value in self.params:
            if key.lower() == name:
                return value
        return None


def parse(body: str) -> list[Contact] | None:
    """The addresses of a Contact body; none for `*`, None when quotes or brackets are not closed."""
    if body.strip() == "*":
        return []
    pieces = _cut(body)
    if pieces is None:
        return None
    return [_one(piece) for piece in pieces if piece]


def _cut(body: str) -> list[str] | None:
    pieces: list[str] = []
    start, quoted, angle, skip = 0, False, False, False
    for at, char in enumerate(body):
        if skip:
            skip = False
        elif quoted:
            skip = char == "\\"
            quoted = char != '"'
        elif angle:
            angle = char != ">"
        elif char == '"':
            quoted = True
        elif char == "<":
            angle = True
        elif char == ",":
            pieces.append(body[start:at].strip())
            start = at + 1
    if quoted or angle:
        return None
    pieces.append(body[start:].strip())
    return pieces


def _one(text: str) -> Contact:
    end = _bracket_end(text)
    if end < 0:
        uri, _, _ = text.partition(";")
        behind = text[len(uri) :]
        uri = uri.strip()
    else:
        uri = text[text.rindex("<", 0, end) + 1 : end].strip()
        behind = text[end + 1 :]
    pairs = tuple((match[1], match[2] if match[2] is not None else match[3] or "") for match in _PARAM.finditer(behind))
    return Contact(text, uri, pairs)


def _bracket_end(text: str) -> int:
    """Where the `>` of the address stands; -1 without brackets."""
    quoted, skip, angle = False, False, False
    for at, char in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            skip = char == "\\"
            quoted = char != '"'
        elif char == '"' and not angle:
            quoted = True
        elif char == "<":
            angle = True
        elif char == ">" and angle:
            return at
    return -1
