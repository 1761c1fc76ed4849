"""The catalog of all modules, as everybody but `modules` itself sees it."""

from typing import Any, Literal, Protocol

from sroute.exports.module import Module

ExportKind = Literal["function", "variable", "transformation", "param", "event"]


class Catalog(Protocol):
    """Which modules exist and what they declare."""

    def module(self, name: str) -> Module[Any] | None:
        """The module of that name (without `.so`), simulated or only declared; None when nobody knows it."""

    def names(self) -> tuple[str, ...]:
        """All module names."""

    def owners(self, kind: ExportKind, name: str) -> tuple[str, ...]:
        """The modules that export a thing of that name."""

    def core(self) -> Module[Any]:
        """What the core itself exports."""
