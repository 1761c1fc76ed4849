"""`--set '$x=v'` and `--stub 'F=RC; $x=v'`."""

import re

from sroute.errors import UsageError
from sroute.interpreter.stub import Stub

_INT = re.compile(r"[+-]?\d+\Z")
_STUB = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*([+-]?\d+)\s*\Z")


def assignment(text: str) -> tuple[str, int | str | None]:
    """`$sht(a=>x)=1`: the variable and its value; digits are an int, `$null` is null, `s:5` the text 5."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "=" and depth == 0:
            return text[:at].strip(), value(text[at + 1 :].strip())
    raise UsageError(f"not an assignment: {text!r} (like '$var(x)=1')")


def value(text: str) -> int | str | None:
    """A value as written in an option."""
    if text == "$null":
        return None
    if _INT.match(text):
        return int(text)
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text.removeprefix("s:").encode("utf-8", "surrogateescape").decode("latin-1")


def stub(text: str) -> tuple[str, Stub]:
    """`FUNC=RC; $du=sip:...; $avp(x)=1`: the function's name and what it does."""
    head, *rest = text.split(";")
    match = _STUB.match(head)
    if match is None:
        raise UsageError(f"not a stub: {text!r} (like 'ds_select_dst=1; $du=sip:127.0.0.1:5080')")
    parts: list[str] = []
    for piece in rest:
        if piece.strip().startswith("$") or not parts:
            parts.append(piece)
        else:
            parts[-1] += ";" + piece
    return match[1], Stub(int(match[2]), [assignment(part.strip()) for part in parts if part.strip()])
