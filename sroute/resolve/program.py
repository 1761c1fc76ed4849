"""A script whose names are settled: what the interpreter runs and the linter reads."""

from dataclasses import dataclass, field
from typing import Any

from sroute.dialect import Dialect
from sroute.exports.function import CallPlan
from sroute.exports.module import Module
from sroute.exports.param import Param
from sroute.exports.variable import Pv
from sroute.resolve.constants import Constants
from sroute.resolve.names import NameTable
from sroute.resolve.types import Types
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span
from sroute.syntax.nodes import Block, Listen, Route, Script, SocketSpec


@dataclass(frozen=True, slots=True)
class Setting:
    """One modparam on one module, in the order of the script."""

    module: Module[Any]
    param: Param
    value: int | str
    span: Span


@dataclass(slots=True)
class Settings:
    """The core's own parameters: by canonical name, custom globals by (group, field), sockets as written."""

    core: dict[str, int | str] = field(default_factory=dict)
    custom: dict[tuple[str, str], int | str] = field(default_factory=dict)
    instances: dict[tuple[str, int], dict[str, int | str]] = field(default_factory=dict)
    listen: list[Listen] = field(default_factory=list)
    aliases: list[SocketSpec] = field(default_factory=list)

    def integer(self, name: str, default: int) -> int:
        """An int parameter, or its default."""
        value = self.core.get(name, default)
        return value if isinstance(value, int) else default


@dataclass(slots=True)
class Program:
    """A resolved script.

    calls and pvs carry what was settled for a node, by the node's id (the tree is kept alive by script). routes hold the
    bodies of each block: unnamed blocks may have several, run one after the other.
    """

    script: Script
    dialect: Dialect
    names: NameTable
    settings: Settings = field(default_factory=Settings)
    loaded_at: dict[str, Span] = field(default_factory=dict)
    params: list[Setting] = field(default_factory=list)
    routes: dict[tuple[str, str | None], list[Route]] = field(default_factory=dict)
    calls: dict[int, CallPlan] = field(default_factory=dict)
    pvs: dict[int, Pv] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    constants: Constants = field(default_factory=Constants)
    types: Types = field(default_factory=Types)

    @property
    def modules(self) -> list[Module[Any]]:
        """The loaded modules in order, the core first."""
        return self.names.modules

    @property
    def refused(self) -> bool:
        """Whether a real Kamailio would not start with it."""
        return any(d.severity == "error" for d in self.diagnostics)

    def bodies(self, kind: str, name: str | None) -> list[Block]:
        """The bodies of a block, in order."""
        return [route.body for route in self.routes.get((kind, name), ())]
