"""Every example in a declaration is a script that runs: it is taken at load, and nothing in it is only declared."""

from typing import Any

import pytest

from sroute.assist.example import request, script
from sroute.exports import describe
from sroute.exports.describe import Description
from sroute.exports.module import Module
from sroute.instance.api import check
from sroute.instance.events import Failed
from sroute.instance.instance import Instance
from sroute.modules import declared
from sroute.modules.catalog import Catalog, simulated

EXEMPT = {("cfgutils", "abort()"), ("auth_db", "is_subscriber(uri, table, flags)"), ("textopsx", "keep_hf()")}
"""What ends the run by its nature: an abort, a database that is not there, what 5.6.3 does not start with."""
OF_FILES = frozenset(["app_lua", "app_python3"])
"""Modules whose functions call a KEMI file: tests/unit/kemi runs them with one."""


def modules() -> list[Module[Any]]:
    """All simulated modules, those that others need first."""
    catalog = Catalog()
    found: list[Module[Any]] = []
    waiting = [name for name in declared.names() if simulated(name) is not None]
    while waiting:
        name = waiting.pop(0)
        module = catalog.module(name)
        assert module is not None
        loaded = {other.name for other in found}
        if all(loaded.intersection(need.split("|")) for need in module.requires) or name not in waiting:
            found.append(module)
    return found


def examples() -> list[Description]:
    """What carries an example."""
    every = [export for module in modules() for export in describe.exports(module)]
    return [
        export
        for export in every
        if export.example and not export.since and (export.module, export.signature) not in EXEMPT and export.module not in OF_FILES
    ]


@pytest.mark.parametrize("export", examples(), ids=lambda export: f"{export.module}-{export.name}")
def test_example_runs(export: Description) -> None:
    program, findings = check("example.cfg", script(export, Catalog()).encode().decode("latin-1"))
    errors = [finding.message for finding in findings if finding.severity == "error"]
    assert errors == []
    assert program is not None
    instance = Instance(program)
    assert [finding.message for finding in instance.findings if finding.severity == "error"] == []
    instance.receive(request())
    instance.advance(1)
    assert [event.finding.message for event in instance.events if isinstance(event, Failed)] == []
