"""loadmodule, modparam, flags, custom globals, listen: the top level of a script."""

import os
import re
from typing import Any

from sroute.exports.fixups import FixupError
from sroute.exports.module import Module
from sroute.exports.param import Param
from sroute.exports.variable import Pv
from sroute.resolve import renamed
from sroute.resolve.core_calls import CORE_GROUPS
from sroute.resolve.program import Program, Setting
from sroute.source.diagnostic import Diagnostic, Severity
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Alias, CustomGlobal, FlagDeclaration, GlobalParam, Listen, Literal, LoadModule, ModParam, Variable, Word
from sroute.syntax.parameters import BY_NAME

EARLY = frozenset(["user", "group", "shm", "shm_mem", "shm_mem_size", "shm_force_alloc", "mlock_pages", "real_time"])
"""Parameters that must stand before any modparam and route block."""
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}")


def load_module(node: LoadModule, program: Program) -> None:
    """Adds a module's names; reports one that nobody knows or that is loaded twice."""
    name = module_name(expanded(node.path, program) if node.expand else node.path)
    names, report = program.names, program.diagnostics.append
    module = names.catalog.module(name)
    if module is None:
        successor = renamed.MODULES.get(name)
        hint = f"it is {successor} now" if successor else did_you_mean(name, names.catalog.names())
        report(Diagnostic("UP001" if successor else "MD001", "error", f"could not find module <{name}>", node.span, hint))
    elif module in names.modules:
        if "o" not in node.options:
            report(Diagnostic("MD002", "error", f"module {name} is loaded twice", node.span, "remove one of the two"))
    else:
        names.add(module)
        program.loaded_at[module.name] = node.span
        if f"MOD_{name}" not in names.defines:
            names.defines = {**names.defines, f"MOD_{name}": None}


def expanded(text: str, program: Program) -> str:
    """Text of loadmodulex and modparamx: `$env(X)`, `$def(X)` and `$defn(X)` are known when the file is read."""
    try:
        pieces = program.names.format(text)
    except FixupError:
        return text
    return "".join(piece if isinstance(piece, str) else _known_early(piece, program) for piece in pieces)


def _known_early(pv: Pv, program: Program) -> str:
    inner = pv.spec.inner or ""
    if pv.variable.name == "env":
        return os.environ.get(inner, "<null>")
    if pv.variable.name in ("def", "defn"):
        value = program.script.defines.get(inner)
        return value if value is not None else "<null>"
    return pv.spec.text


def module_name(path: str) -> str:
    """The name of a module from the path of loadmodule."""
    return path.rsplit("/", 1)[-1].removesuffix(".so")


def mod_param(node: ModParam, program: Program) -> None:
    """Finds the parameter in each loaded module that matches, and checks type and value."""
    modules = _matching(node, program)
    for module in modules:
        param = module.params.get(node.name)
        if param is not None and param.since and not program.names.dialect.newer:
            param = None
        value = _value(node, program)
        if param is None:
            successor = renamed.PARAMETERS.get((module.name, node.name))
            hint = f"it is {successor} now" if successor else did_you_mean(node.name, module.params)
            text = f"parameter <{node.name}> not found in module <{module.name}>"
            program.diagnostics.append(Diagnostic("UP001" if successor else "MD005", "error", text, node.name_span, hint))
        elif _typed(node, module, param, value, program):
            program.params.append(Setting(module, param, value, node.span))


def _value(node: ModParam, program: Program) -> int | str:
    if isinstance(node.value, Literal):
        value = node.value.value
        return expanded(value, program) if node.expand and isinstance(value, str) else value
    return expanded(node.value.spec.text, program)


def _typed(node: ModParam, module: Module[Any], param: Param, value: int | str, program: Program) -> bool:
    found = "int" if isinstance(value, int) else "str"
    if isinstance(node.value, Variable):
        found = "str"
    if param.types and found not in param.types:
        text = f"parameter <{node.name}> of module <{module.name}> takes {' or '.join(param.types)}, not {found}"
        hint = "remove the quotes" if found == "str" else "put it into quotes"
        program.diagnostics.append(Diagnostic("MD006", "error", text, node.value.span, hint))
        return False
    if param.fixup is not None and isinstance(value, str):
        try:
            param.fixup.parse(value, program.names)
        except FixupError as error:
            text = f'modparam("{module.name}", "{node.name}"): {error.message}'
            code = error.code or ("HT002" if module.name == "htable" else "MD005")
            program.diagnostics.append(Diagnostic(code, "error", text, node.value.span, error.hint))
            return False
    return True


def _matching(node: ModParam, program: Program) -> list[Module[Any]]:
    names = program.names
    try:
        pattern = re.compile(f"(?:{node.module})\\Z", re.IGNORECASE)
    except re.error:
        program.diagnostics.append(Diagnostic("MD003", "error", f"bad module pattern {node.module!r}", node.module_span))
        return []
    found = [module for module in names.modules if pattern.match(module.name)]
    if not found:
        known = node.module in names.catalog.names()
        hint = f'missing loadmodule "{node.module}.so" before this line?' if known else did_you_mean(node.module, names.catalog.names())
        late = any(isinstance(item, LoadModule) and module_name(item.path) == node.module for item in program.script.items)
        text, code = f"no module matching <{node.module}> found", "MD004" if late else "MD003"
        program.diagnostics.append(Diagnostic(code, "error", text, node.module_span, "its loadmodule must come before" if late else hint))
    return found


def declare_flags(node: FlagDeclaration, program: Program) -> None:
    """Gives declared flags their numbers: the written one, or the lowest that is free."""
    table = program.names.flags if node.kind == "flags" else program.names.avpflags
    for name, number, span in node.flags:
        if name in table:
            severity: Severity = "error" if node.kind == "flags" else "warning"
            program.diagnostics.append(Diagnostic("PP017", severity, f"flag {name} is already declared", span))
            continue
        if number is None:
            taken = set(table.values())
            number = next((n for n in range(32) if n not in taken), 32)
        elif number in table.values() and 0 <= number < 32:
            text = f"flag {number} is already in use under another name"
            program.diagnostics.append(Diagnostic("PP017", "warning", text, span))
        if not 0 <= number < 32:
            program.diagnostics.append(Diagnostic("MD023", "error", f"flag number {number} is out of range 0..31", span))
            continue
        table[name] = number


def global_param(node: GlobalParam, program: Program) -> None:
    """Stores a core parameter; a later one wins."""
    value = node.value.text if isinstance(node.value, Word) else node.value.value
    name = BY_NAME[node.name].name if node.name in BY_NAME else node.name
    if name in EARLY and (program.params or program.routes):
        text = f"{node.name} must be before any modparam or the route blocks"
        program.diagnostics.append(Diagnostic("SY022", "error", text, node.name_span, "move it up"))
    if name == "max_branches" and isinstance(value, int) and not 0 < value <= 31:
        text = f"invalid value for max branches parameter: {value}"
        program.diagnostics.append(Diagnostic("SY020", "error", text, node.span, "1 to 31"))
    if name == "cfgengine":
        _engine(str(value), node, program)
    program.settings.core[name] = value


ENGINES = {
    "lua": ("app_lua",),
    "python": ("app_python3", "app_python3s"),
    "jsdt": ("app_jsdt",),
    "ruby": ("app_ruby", "app_ruby_proc"),
    "sqlang": ("app_sqlang",),
}
"""Which modules offer a KEMI engine."""


def _engine(name: str, node: GlobalParam, program: Program) -> None:
    """`cfgengine`: the module of the engine must be there, and shared memory, which 5.6.3 makes at the first modparam."""
    if name.lower() in ("native", "default"):
        return
    modules = ENGINES.get(name.lower(), ())
    if not any(module.name in modules for module in program.names.modules):
        hint = f'loadmodule "{modules[0]}.so" before this line' if modules else did_you_mean(name, ("native", *ENGINES))
        program.diagnostics.append(Diagnostic("SY020", "error", f'no config routing engine "{name}"', node.span, hint))
    elif not program.params and not program.dialect.newer:
        text = "Kamailio 5.6.3 crashes here: it makes its shared memory at the first modparam"
        program.diagnostics.append(Diagnostic("SY022", "error", text, node.span, "put a modparam before this line"))


def custom_global(node: CustomGlobal, program: Program) -> None:
    """Stores `group.field = value`."""
    value = node.value.value
    if node.instance is not None:
        program.settings.instances.setdefault((node.group, node.instance), {})[node.field] = value
    elif (node.group, node.field) in program.settings.custom:
        text = f"variable already exists: {node.group}.{node.field}"
        program.diagnostics.append(Diagnostic("SY020", "error", text, node.span))
    else:
        program.settings.custom[node.group, node.field] = value


def check_globals(program: Program) -> None:
    """What a start says of custom globals: groups of the core and of modules are taken, an instance has only declared fields."""
    settings, loaded = program.settings, {module.name for module in program.modules}
    taken = {"core"} | (CORE_GROUPS & loaded)
    for item in program.script.items:
        if not isinstance(item, CustomGlobal):
            continue
        if item.group in taken:
            text = f"configuration group has been already declared: {item.group}"
            program.diagnostics.append(Diagnostic("SY020", "error", text, item.span, "take another name before the dot"))
        elif item.instance is not None:
            base, value = settings.custom.get((item.group, item.field)), item.value.value
            if base is None:
                text = f"there is no {item.group}.{item.field} that this could be an instance of"
                program.diagnostics.append(Diagnostic("SY020", "error", text, item.span, "declare it without [...]"))
            elif isinstance(base, int) and isinstance(value, str) and not _DECIMAL.fullmatch(value):
                text = f"cannot convert string to integer '{value}'"
                program.diagnostics.append(Diagnostic("SY020", "error", text, item.value.span, f"{item.group}.{item.field} is a number"))


def sockets(node: Listen | Alias, program: Program) -> None:
    """Stores listen sockets and aliases."""
    for spec in node.sockets:
        if any(":" in host and not host.strip("[]").replace(":", "").isalnum() for host in spec.hosts) and isinstance(node, Listen):
            text = f"could not resolve {', '.join(spec.hosts)}"
            program.diagnostics.append(Diagnostic("MD026", "error", text, spec.span, "a quoted socket is one host name: remove the quotes"))
    if isinstance(node, Listen):
        program.settings.listen.append(node)
    else:
        program.settings.aliases.extend(node.sockets)
