"""Which functions of KSR there are, by the modules that are loaded."""

from collections.abc import Sequence
from typing import Any

from sroute.exports.module import Module
from sroute.kemi.calls import Implementation, KemiFunction, changed, not_simulated, of_script
from sroute.kemi.facts import Export, exports
from sroute.kemi.own.core import core
from sroute.kemi.own.headers import headers
from sroute.kemi.own.htable import items
from sroute.kemi.own.names import ALIASES, RESULTS, extras
from sroute.kemi.own.variables import variables

OWN = {**core.found, **variables.found, **headers.found, **items.found, **extras.found}


def offered(modules: Sequence[Module[Any]]) -> list[KemiFunction]:
    """The functions of KSR that the loaded modules offer; what is not simulated ends a message when it is called."""
    loaded = {module.name: module for module in modules}
    return [KemiFunction(export, implementation(export, loaded)) for export in exports() if not export.owner or export.owner in loaded]


def implementation(export: Export, loaded: dict[str, Module[Any]]) -> Implementation:
    """What a function of KSR does."""
    own = OWN.get((export.module, export.name))
    if own is not None:
        return own
    module = loaded.get(export.owner)
    name, extra = ALIASES.get((export.module, export.name), (export.name, ()))
    made = None if module is None else of_script(module, name, len(export.params), extra)
    other = RESULTS.get((export.module, export.name))
    if made is None:
        return not_simulated(export)
    return made if other is None else changed(made, other)
