"""A shared object as the loader sees it: bytes by address, pointers after relocation, symbols.  x86_64 ELF only."""

import struct
from dataclasses import dataclass
from pathlib import Path

RELATIVE, ABSOLUTE, COPY_SLOTS = 8, 1, (6, 7)
NO_BITS, ALLOCATED = 8, 2


@dataclass(frozen=True, slots=True)
class Section:
    """One section header."""

    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int

    def holds(self, address: int) -> bool:
        """Whether the address lies in this section once it is loaded."""
        return bool(self.flags & ALLOCATED) and self.address <= address < self.address + self.size


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer that the loader fills in: an address in the object itself, or a symbol of another object."""

    address: int
    symbol: str = ""


class Image:
    """A shared object, read once; every lookup is by the address it has when loaded at 0."""

    def __init__(self, path: Path) -> None:
        self.bytes = path.read_bytes()
        if self.bytes[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path}: not a little-endian 64-bit ELF file")
        self.sections = self._read_sections()
        symbols = list(self._read_symbols())
        self.symbols = {name: value for name, defined, value in symbols if name and defined}
        self.imports = frozenset(name for name, defined, _ in symbols if name and not defined)
        self.relocations = self._read_relocations(symbols)

    def _read_sections(self) -> dict[str, Section]:
        (table,) = struct.unpack_from("<Q", self.bytes, 0x28)
        size, count, names = struct.unpack_from("<HHH", self.bytes, 0x3A)
        headers = [struct.unpack_from("<IIQQQQ", self.bytes, table + i * size) for i in range(count)]
        base = headers[names][4]
        return {(name := self._text_at(base + h[0])): Section(name, *h[1:]) for h in headers}

    def _read_symbols(self) -> list[tuple[str, bool, int]]:
        names, table = self.sections[".dynstr"], self.sections[".dynsym"]
        found = []
        for at in range(table.offset, table.offset + table.size, 24):
            name, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", self.bytes, at)
            found.append((self._text_at(names.offset + name), section != 0, value))
        return found

    def _read_relocations(self, symbols: list[tuple[str, bool, int]]) -> dict[int, Pointer]:
        found: dict[int, Pointer] = {}
        for table in (self.sections.get(".rela.dyn"), self.sections.get(".rela.plt")):
            if table is None:
                continue
            for at in range(table.offset, table.offset + table.size, 24):
                where, info, addend = struct.unpack_from("<QQq", self.bytes, at)
                name, defined, value = symbols[info >> 32]
                kind = info & 0xFFFFFFFF
                if kind == RELATIVE:
                    found[where] = Pointer(addend)
                elif kind == ABSOLUTE or kind in COPY_SLOTS:
                    found[where] = Pointer(value + addend) if defined else Pointer(0, name)
        return found

    def _text_at(self, offset: int) -> str:
        return self.bytes[offset : self.bytes.index(b"\0", offset)].decode("latin-1")

    def section_of(self, address: int) -> Section | None:
        """The section that holds an address."""
        return next((s for s in self.sections.values() if s.holds(address)), None)

    def offset(self, address: int) -> int | None:
        """Where the byte at an address stands in the file; None outside of it and in zero-filled memory."""
        section = self.section_of(address)
        return None if section is None or section.kind == NO_BITS else section.offset + address - section.address

    def pointer(self, address: int) -> Pointer | None:
        """The pointer stored at an address, None for a null pointer."""
        return self.relocations.get(address)

    def integer(self, address: int) -> int:
        """The signed 32-bit number at an address; 0 in zero-filled memory."""
        offset = self.offset(address)
        return 0 if offset is None else int(struct.unpack_from("<i", self.bytes, offset)[0])

    def text(self, pointer: Pointer | None) -> str | None:
        """The C string a pointer leads to; None for a null pointer or one that leaves the object."""
        offset = None if pointer is None or pointer.symbol else self.offset(pointer.address)
        return None if offset is None else self._text_at(offset)

    def is_code(self, pointer: Pointer | None) -> bool:
        """Whether a pointer leads to a function, here or in another object."""
        if pointer is None:
            return False
        section = None if pointer.symbol else self.section_of(pointer.address)
        return bool(pointer.symbol) or (section is not None and section.name in (".text", ".plt", ".plt.got", ".plt.sec"))

    def strings(self) -> frozenset[str]:
        """Every run of printable text between zero bytes in the read-only data."""
        section = self.sections[".rodata"]
        data = self.bytes[section.offset : section.offset + section.size]
        return frozenset(t.decode("ascii") for t in data.split(b"\0") if t and t.isascii() and t.decode("ascii").isprintable())
