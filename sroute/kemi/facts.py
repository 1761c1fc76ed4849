"""What Kamailio 5.6.3 exports to KEMI: `exports.json`, read from the Debian packages by `tools.declare.kemi`."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Kind = Literal["str", "int"]
Gives = Literal["none", "int", "bool", "xval", "str", "long"]


@dataclass(frozen=True, slots=True)
class Export:
    """One function of KSR.

    module is its table in KSR ("" for KSR itself), owner the Kamailio module that brings it ("" for the core).
    """

    module: str
    name: str
    gives: Gives
    params: tuple[Kind, ...]
    owner: str

    @property
    def label(self) -> str:
        """The name for people: `hdr.append`."""
        return f"{self.module}.{self.name}" if self.module else self.name


@cache
def exports() -> tuple[Export, ...]:
    """All functions, of all modules."""
    rows = json.loads(resources.files("sroute.kemi").joinpath("exports.json").read_text("utf-8"))
    return tuple(Export(module, name, gives, tuple(params), owner) for module, name, gives, params, owner in rows)
