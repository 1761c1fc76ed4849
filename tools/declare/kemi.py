"""What the core and the modules export to KEMI: `python -m tools.declare.kemi` writes `sroute/kemi/exports.json`.

The tables stand in the shared objects: rows of the module's name in KSR, the function's name, the type of its result, the function
and the types of up to six parameters (72 bytes, closed by a row of zeros).
"""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

from tools.declare import elf, kamailio

TARGET = Path(__file__).resolve().parents[2] / "sroute" / "kemi" / "exports.json"
KINDS = {0: "none", 1: "int", 2: "str", 4: "bool", 8: "xval", 16: "null", 32: "dict", 64: "array", 128: "long"}
ROW, MOST_PARAMS = 72, 6
Row = tuple[str, str, str, tuple[str, ...]]


def rows(image: elf.Image) -> Iterator[Row]:
    """Every row of every KEMI table in an object: module, function, result, parameters."""
    for at in sorted(image.relocations):
        row = _row(image, at)
        if row is not None:
            yield row


def _row(image: elf.Image, at: int) -> Row | None:
    module, name = _named(image, at), _named(image, at + 16)
    if module is None or not name or not image.is_code(image.pointer(at + 40)):
        return None
    result, *params = (image.integer(place) for place in (at + 32, *range(at + 48, at + ROW, 4)))
    if result not in KINDS or any(kind not in KINDS for kind in params) or not name.replace("_", "a").isalnum():
        return None
    return module, name, KINDS[result], tuple(KINDS[kind] for kind in params if kind)


def _named(image: elf.Image, at: int) -> str | None:
    """A counted text: its pointer and, behind it, its length, which must be right."""
    text = image.text(image.pointer(at))
    offset = image.offset(at + 8)
    if text is None or offset is None:
        return None
    (length,) = struct.unpack_from("<q", image.bytes, offset)
    return text if length == len(text) else None


def main() -> None:
    """Writes the facts of all installed modules."""
    paths = [kamailio.SERVER, *(path for path in sorted(kamailio.MODULES.glob("*.so")) if kamailio.is_module(path))]
    found: dict[tuple[str, str], tuple[str, tuple[str, ...], str]] = {}
    for path in paths:
        for module, name, result, params in rows(elf.Image(path)):
            found[module, name] = result, params, "" if path == kamailio.SERVER else path.stem
    lines = [
        json.dumps([*key, result, list(params), owner], separators=(",", ":")) for key, (result, params, owner) in sorted(found.items())
    ]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} functions in {TARGET}")


if __name__ == "__main__":
    main()
