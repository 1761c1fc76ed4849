"""Calls of functions that need what the top of the script has to set up: workers, profiles."""

from sroute.resolve.program import Program
from sroute.source.diagnostic import Diagnostic
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Call, Literal

TAKING_PROFILES = frozenset(["set_dlg_profile", "unset_dlg_profile", "is_in_profile", "get_profile_size", "dlg_set_timeout_by_profile"])
DEFINING_PROFILES = ("profiles_no_value", "profiles_with_value")


def check(node: Call, module: str, program: Program) -> None:
    """Reports a call whose start fails because nothing was set up for it."""
    if module == "async" and node.name.startswith("async_task_"):
        _workers(node, program)
    elif module == "dialog" and node.name in TAKING_PROFILES:
        _profile(node, program)


def _workers(node: Call, program: Program) -> None:
    core = program.settings.core
    if not (core.get("async_workers") or core.get("async_workers_group")):
        text = f"{node.name}(): async task framework was not initialized"
        program.diagnostics.append(Diagnostic("MD014", "error", text, node.name_span, "set async_workers=2 at the top of the script"))


def _profile(node: Call, program: Program) -> None:
    first = node.args[0]
    name = first.value if isinstance(first, Literal) else None
    given = [
        str(setting.value) for setting in program.params if setting.module.name == "dialog" and setting.param.name in DEFINING_PROFILES
    ]
    known = [known.strip() for value in given for known in value.split(";")]
    if isinstance(name, str) and name not in known:
        text = f"{node.name}(): profile <{name}> is not defined"
        hint = did_you_mean(name, known) or f'modparam("dialog", "profiles_no_value", "{name}")'
        program.diagnostics.append(Diagnostic("MD014", "error", text, first.span, hint))
