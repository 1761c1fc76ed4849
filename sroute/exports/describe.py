"""What the registry and the language's tables know about a name, in one shape for `sroute doc`, hover and help."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sroute.exports.catalog import Catalog
from sroute.exports.function import Function
from sroute.exports.module import Module
from sroute.exports.param import Param
from sroute.exports.transformation import Transformation
from sroute.exports.variable import Variable
from sroute.runtime.routes import Routes
from sroute.syntax.parameters import EXPECTED, PARAMETERS
from sroute.syntax.words import CORE_FUNCTIONS, KEYWORD_DOCS

LANGUAGE = "core"
LANGUAGE_KINDS = ("core function", "global parameter", "keyword")
NEVER = {"exec": "is never run: give its result with --stub"}
"""Core functions that sroute does not perform."""
_MODPARAM = re.compile(r"""modparamx?\(\s*["']([^"']+)["']\s*,\s*["']([^"']+)["'].*""", re.S)
_EVENT = re.compile(r"event_route\[([^\]]+)\]?\Z")
ROUTE_WORDS = {
    Routes.REQUEST: "request_route",
    Routes.FAILURE: "failure_route",
    Routes.ONREPLY: "onreply_route",
    Routes.BRANCH: "branch_route",
    Routes.ONSEND: "onsend_route",
    Routes.REPLY: "reply_route",
    Routes.BRANCH_FAILURE: "event_route[tm:branch-failure]",
    Routes.LOCAL: "event_route[tm:local-request]",
}


@dataclass(frozen=True, slots=True)
class Description:
    """One name: kind is module, function, variable, transformation, parameter, select, rpc or event route; or, of the language
    itself, core function, global parameter or keyword."""

    kind: str
    name: str
    module: str
    signature: str
    doc: str
    simulated: bool
    routes: tuple[str, ...] = ()
    example: str = ""
    since: str = ""

    def as_json(self) -> dict[str, object]:
        """As `--json` prints it."""
        return asdict(self)


def routes_of(function: Function) -> tuple[str, ...]:
    """The blocks in which a function may stand, in words."""
    if function.routes & Routes.REQUEST_LIKE == Routes.REQUEST_LIKE and function.routes & Routes.ONSEND:
        return ("any",)
    return tuple(word for bit, word in ROUTE_WORDS.items() if function.routes & bit)


def function(found: Function) -> Description:
    """A function's description."""
    return Description(
        "function",
        found.name,
        found.module,
        found.signature,
        found.doc,
        found.simulated,
        routes_of(found),
        found.example,
        found.since,
    )


def variable(found: Variable) -> Description:
    """A variable's description."""
    inner = "(name)" if found.required else "[(name)]" if found.inner is not None else ""
    notes = [note for note, there in (("read-only", found.write is None), ("takes [index]", found.index)) if there]
    signature = f"${found.name}{inner}" + (f"  ({', '.join(notes)})" if notes else "")
    simulated = "declared, not simulated" not in found.doc
    return Description("variable", f"${found.name}", found.module, signature, found.doc, simulated, (), found.example, found.since)


def transformation(found: Transformation) -> Description:
    """A transformation's description."""
    name = f"{{{found.family}.{found.function}}}"
    signature = f"{{{found.family}.{found.function}{',' + found.signature if found.signature else ''}}}"
    return Description(
        "transformation", name, found.module, signature, found.doc, "not simulated" not in found.doc, (), found.example, found.since
    )


def param(found: Param) -> Description:
    """A parameter's description."""
    signature = f'modparam("{found.module}", "{found.name}", {" or ".join(found.types) or "..."})'
    return Description("parameter", found.name, found.module, signature, found.doc, found.apply is not None, since=found.since)


def exports(module: Module[Any]) -> Iterable[Description]:
    """All exports of a module."""
    yield from (function(found) for found in module.functions.values())
    yield from (variable(found) for name, found in module.variables.items() if name == found.name)
    yield from (transformation(found) for found in module.transformations.values())
    yield from (param(found) for found in module.params.values())
    for rpc in module.rpcs.values():
        yield Description("rpc", rpc.name, module.name, f"{rpc.name} {rpc.params}".strip(), rpc.doc, rpc.implementation is not None)
    for select in module.selects.values():
        yield Description("select", f"@{select.name}", module.name, f"@{select.name}", select.doc, True, (), select.example)
    for event in module.events.values():
        yield Description("event route", event.name, module.name, f"event_route[{event.name}]", event.doc, bool(event.doc))


def language() -> Iterable[Description]:
    """All names of the language itself: core functions, global parameters, keywords; each under all of its spellings."""
    for core in CORE_FUNCTIONS:
        for name in core.names:
            forms = " | ".join(name if form == "without" else f"{name}{form}" for form in core.forms)
            yield Description("core function", name, LANGUAGE, forms, core.doc, name not in NEVER)
    for setting in PARAMETERS:
        for name in setting.names:
            values = ", ".join(setting.values) or EXPECTED[setting.type]
            since = "later than 5.6" if setting.newer else ""
            yield Description("global parameter", name, LANGUAGE, f"{name} = {values}", setting.doc, True, since=since)
    for name, text in KEYWORD_DOCS.items():
        yield Description("keyword", name, LANGUAGE, name, text, True)


def find(name: str, catalog: Catalog) -> list[Description]:
    """Everything of that name, whatever its kind.

    `t_relay`, `$ru`, `{s.len}`, `@hf_value`, `htable.dump`, `htable:mod-init`, `tm`, `while`, `debug`; as they stand in scripts, too:
    `event_route[htable:mod-init]`, `modparam("tm", "fr_timer")`, `tm.fr_timer`.
    """
    event, setting = _EVENT.match(name), _MODPARAM.match(name)
    if event is not None:
        return [found for found in find(event[1], catalog) if found.kind == "event route"]
    if setting is not None:
        return [found for owner in setting[1].split("|") for found in _params(owner, setting[2], catalog)]
    if name.startswith("@"):
        return _selects(re.split(r"[.\[]", name, maxsplit=1)[0], catalog)
    found: list[Description] = []
    module = catalog.module(name)
    if module is not None:
        simulated = any(f.simulated for f in module.functions.values()) or "declared, not" not in module.doc
        found.append(Description("module", name, name, f'loadmodule "{name}.so"', module.doc, simulated))
    bare = _bare(name).partition("(")[0]
    for owner in owners(bare, catalog):
        known = catalog.module(owner)
        if known is not None:
            found += [export for export in exports(known) if _bare(export.name) == bare and _fits(export, name)]
    found += [each for each in language() if each.name == bare and name[:1] not in "${"]
    owner, dot, param_name = name.partition(".")
    return found if found or not dot else _params(owner, param_name, catalog)


def _selects(name: str, catalog: Catalog) -> list[Description]:
    modules = (catalog.module(owner) for owner in catalog.names())
    return [each for module in modules if module is not None and module.selects for each in exports(module) if each.name == name]


def _params(owner: str, name: str, catalog: Catalog) -> list[Description]:
    module = catalog.module(owner)
    known = module.params.get(name) if module is not None else None
    return [param(known)] if known is not None else []


def owners(bare: str, catalog: Catalog) -> list[str]:
    """The modules that export something of that name."""
    family = bare.partition(".")[0]
    names = {
        *catalog.owners("function", bare),
        *catalog.owners("variable", bare),
        *catalog.owners("transformation", bare),
        *catalog.owners("transformation", family),
        *catalog.owners("param", bare),
        *catalog.owners("event", bare),
        family,
        bare.partition(":")[0],
        "core",
    }
    return sorted(name for name in names if name)


def _bare(name: str) -> str:
    return name.strip("{}").lstrip("$")


def _fits(export: Description, name: str) -> bool:
    """A name written with its marks (`$ru`, `{s.len}`) means that kind only."""
    if name.startswith("$"):
        return export.kind == "variable"
    return export.kind == "transformation" if name.startswith("{") else True
