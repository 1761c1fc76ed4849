"""The tables a Kamailio 5.6 module exports, by their memory layout (x86_64, interface version 1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.declare.elf import Image, Pointer

VARIABLE_ARITY = -128
FUNCTION_SIZE, PARAM_SIZE, VARIABLE_SIZE, CLASS_SIZE = 48, 24, 72, 24
PARAM_BY_CALL = 0x80000000
RPC_FLAGS = 0xF
METHOD_NAME = re.compile(r"[A-Za-z_][\w.-]*")
SELECT_KEYS = (0, 1, 2)
WRITABLE_DATA = (".data", ".data.rel.ro", ".data.rel")


@dataclass(frozen=True, slots=True)
class ExportedFunction:
    """One row of the command table: a name with one arity."""

    name: str
    arity: int
    routes: int
    fixup: bool
    free: bool


@dataclass(frozen=True, slots=True)
class ExportedParam:
    """One row of the parameter table: a name with one type."""

    name: str
    kind: int
    call: bool


@dataclass(frozen=True, slots=True)
class ExportedVariable:
    """One pseudo-variable: which of its call-backs are there."""

    name: str
    setter: bool
    inner: bool
    index: bool


@dataclass(frozen=True, slots=True)
class ExportedMethod:
    """One RPC command; flag 1 says that it answers with an array."""

    name: str
    flags: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that stands in the tables of one module."""

    name: str
    functions: tuple[ExportedFunction, ...]
    params: tuple[ExportedParam, ...]
    variables: tuple[ExportedVariable, ...]
    classes: tuple[str, ...]
    methods: tuple[ExportedMethod, ...]
    selects: tuple[str, ...]


def read(image: Image, file_name: str) -> Tables:
    """The tables of a module; a library that is no module (no `exports`) has none."""
    start = image.symbols.get("exports", image.symbols.get(f"_{file_name}_exports"))
    if start is None:
        return Tables(file_name, (), (), (), (), (), ())
    return Tables(
        name=image.text(image.pointer(start)) or file_name,
        functions=tuple(_functions(image, image.pointer(start + 16))),
        params=tuple(_params(image, image.pointer(start + 24))),
        variables=tuple(_variables(image, image.pointer(start + 40))),
        classes=tuple(_classes(image)),
        methods=methods(image),
        selects=tuple(dict.fromkeys(_selects(image))),
    )


def bindings(image: Image, file_name: str) -> tuple[str, ...]:
    """The functions that only other modules may call: those no block of a script allows."""
    start = image.symbols.get("exports", image.symbols.get(f"_{file_name}_exports"))
    rows = _rows(image, image.pointer(start + 16), FUNCTION_SIZE) if start is not None else ()
    return tuple(name for at in rows if image.integer(at + 40) == 0 and (name := image.text(image.pointer(at))))


def _rows(image: Image, table: Pointer | None, size: int) -> Iterator[int]:
    at = table.address if table else 0
    while at and image.pointer(at):
        yield at
        at += size


def _functions(image: Image, table: Pointer | None) -> Iterator[ExportedFunction]:
    for at in _rows(image, table, FUNCTION_SIZE):
        name, arity, routes = image.text(image.pointer(at)), image.integer(at + 16), image.integer(at + 40) & 0xFFFFFFFF
        if name and routes and (arity >= 0 or arity == VARIABLE_ARITY):
            yield ExportedFunction(name, arity, routes, bool(image.pointer(at + 24)), bool(image.pointer(at + 32)))


def _params(image: Image, table: Pointer | None) -> Iterator[ExportedParam]:
    for at in _rows(image, table, PARAM_SIZE):
        kind = image.integer(at + 8) & 0xFFFFFFFF
        if name := image.text(image.pointer(at)):
            yield ExportedParam(name, kind & ~PARAM_BY_CALL, bool(kind & PARAM_BY_CALL))


def _data(image: Image) -> Iterator[int]:
    """Every pointer-sized place of the initialised data that the loader fills."""
    ranges = [s for n, s in image.sections.items() if n in WRITABLE_DATA]
    return (at for at in sorted(image.relocations) if at % 8 == 0 and any(s.holds(at) for s in ranges))


def _variables(image: Image, table: Pointer | None) -> Iterator[ExportedVariable]:
    for at in _rows(image, table, VARIABLE_SIZE):
        if name := image.text(image.pointer(at)):
            calls = [bool(image.pointer(at + 32 + 8 * i)) for i in range(3)]
            yield ExportedVariable(name, *calls)


def _classes(image: Image) -> Iterator[str]:
    if not image.imports & {"register_trans_mod", "register_trans_mods"}:
        return
    for at in _data(image):
        name = image.text(image.pointer(at))
        after = at + CLASS_SIZE
        ends = image.integer(after + 8) == 0 or image.is_code(image.pointer(after + 16))
        if name and image.integer(at + 8) == len(name) and image.is_code(image.pointer(at + 16)) and ends:
            yield name


def methods(image: Image) -> tuple[ExportedMethod, ...]:
    """The RPC commands; their tables are found by shape, for they are registered while the module starts."""
    return tuple(_methods(image))


def _methods(image: Image) -> Iterator[ExportedMethod]:
    for at in _data(image):
        name, doc = image.text(image.pointer(at)), image.pointer(at + 16)
        if not name or not METHOD_NAME.fullmatch(name) or not image.is_code(image.pointer(at + 8)) or image.is_code(doc):
            continue
        listed = doc is not None and image.text(image.pointer(doc.address)) is not None
        if (listed or "." in name) and 0 <= image.integer(at + 24) <= RPC_FLAGS:
            yield ExportedMethod(name, image.integer(at + 24))


def _selects(image: Image) -> Iterator[str]:
    """The first words of the selects: rows of the select table that hang on no other function."""
    if "register_select_table" not in image.imports:
        return
    for name_at in _data(image):
        at, name = name_at - 16, image.text(image.pointer(name_at))
        row = image.pointer(at) is None and image.integer(at + 8) in SELECT_KEYS and image.is_code(image.pointer(at + 32))
        if row and name and METHOD_NAME.fullmatch(name) and image.integer(at + 24) == len(name):
            yield name
