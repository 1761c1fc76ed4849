"""Which functions of KSR there are, by the modules that are loaded."""

from collections.abc import Sequence
from typing import Any

from sroute.exports.module import Module
from sroute.kemi import core, htable
from sroute.kemi.calls import KemiFunction


def offered(modules: Sequence[Module[Any]]) -> list[KemiFunction]:
    """The functions of KSR that the loaded modules offer."""
    loaded = {"", "pv", *(module.name for module in modules)}
    return [function for function in (*core.functions(), *htable.functions()) if function.module in loaded]
