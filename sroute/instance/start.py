"""Starting an instance: module states, parameters, init, in Kamailio's order; what dies there is a diagnostic."""

from typing import Any

from sroute.exports.fixups import FixupError, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.resolve.program import Program, Setting
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span

FIRST = frozenset(["tm", "usrloc", "ims_usrloc_pcscf", "ims_usrloc_scscf", "ims_ipsec_pcscf"])
"""Modules that must have started before those that need them; all others are found wherever they stand (5.6.3)."""


def states(program: Program) -> dict[str, Any]:
    """A fresh state for each loaded module, and that of pv, whose AVPs and selects are the core's own."""
    modules = list(program.modules)
    pv = program.names.catalog.module("pv")
    return {module.name: module.state() for module in (modules if pv is None else [pv, *modules])}


def apply_params(program: Program, known: dict[str, Any]) -> list[Diagnostic]:
    """Puts the modparams into the states, in the order of the script."""
    findings = []
    for setting in program.params:
        if setting.param.apply is None:
            continue
        try:
            setting.param.apply(known[setting.module.name], setting.value)
        except ParamError as error:
            findings.append(_refused(setting, error))
    return findings


def _refused(setting: Setting, error: ParamError) -> Diagnostic:
    text = f'modparam("{setting.module.name}", "{setting.param.name}"): {error}'
    code = error.code or ("HT002" if setting.module.name == "htable" else "MD005")
    return Diagnostic(code, "error", text, setting.span)


def init(program: Program, known: dict[str, Any], scope: Scope) -> list[Diagnostic]:
    """Runs each module's init."""
    findings = missing(program)
    if findings:
        return findings
    for module in program.modules:
        unmet = demands(program, module)
        findings += unmet
        if unmet:
            continue
        for hook in module.hooks.init:
            try:
                hook(known[module.name], scope)
            except (InitError, FixupError) as error:
                text = f"module {module.name} does not start: {error.args[0]}"
                findings.append(Diagnostic("MD014", "error", text, load_span(program, module)))
    return findings


def demands(program: Program, module: Module[Any]) -> list[Diagnostic]:
    """What the start of a module asks of its parameters and does not get."""
    if not module.demands:
        return []
    settings = [setting for setting in program.params if setting.module is module]
    core = {f"core.{name}": value for name, value in program.settings.core.items()}
    loaded = [other.name for other in program.modules]
    found = tuple(name for number, name in enumerate(loaded) if number < loaded.index(module.name) or name not in FIRST)
    given = core | {setting.param.name: setting.value for setting in settings}
    findings = []
    for demand in module.demands:
        written = [setting for setting in settings if setting.param.name == demand.param]
        judged: list[Setting | None] = list(written if demand.pattern else written[-1:])
        for setting in judged or [None]:
            asked = given | ({demand.param: setting.value} if setting else {})
            why = demand.unmet(asked, program.names, found)
            if why is not None:
                text = f'modparam("{module.name}", "{demand.param}"): {why}'
                findings.append(Diagnostic("MD014", "error", text, setting.span if setting else load_span(program, module)))
    return findings


def missing(program: Program) -> list[Diagnostic]:
    """Modules without which a loaded one does not start, and those that must come before it."""
    places = {module.name: number for number, module in enumerate(program.modules)}
    findings = []
    for module in program.modules:
        for need in module.requires:
            wanted = need.split("|")
            here = [name for name in wanted if name in places]
            span = load_span(program, module)
            if not here:
                text = f"module {module.name} needs {' or '.join(wanted)}"
                findings.append(Diagnostic("MD014", "error", text, span, f'loadmodule "{wanted[0]}.so" before this line'))
            elif here[0] in FIRST and all(places[name] > places[module.name] for name in here):
                text = f"module {module.name} must be loaded after {here[0]}"
                findings.append(Diagnostic("MD015", "error", text, span, f'move loadmodule "{here[0]}.so" before this line'))
    return findings


def load_span(program: Program, module: Module[Any]) -> Span | None:
    """Where the script loads a module."""
    return program.loaded_at.get(module.name)
