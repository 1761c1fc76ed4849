"""What modules do at certain moments: one function for each kind of hook, called module after module in the order of loading."""

from collections.abc import Mapping
from typing import Any

from sroute.exports.module import InitError
from sroute.instance import start
from sroute.interpreter.binder import Binder
from sroute.resolve.program import Program
from sroute.runtime.run import Run
from sroute.runtime.values import Value
from sroute.sip.endpoint import Endpoint
from sroute.source.diagnostic import Diagnostic

States = Mapping[str, Any]


def child_init(program: Program, states: States, binder: Binder) -> Diagnostic | None:
    """A worker begins; why one module does not start, or None."""
    for module in program.modules:
        for hook in module.hooks.child_init:
            try:
                hook(states[module.name], binder)
            except InitError as error:
                text = f"module {module.name} does not start: {error.args[0]}"
                return Diagnostic("MD014", "error", text, start.load_span(program, module))
    return None


def destroy(program: Program, states: States) -> None:
    """The server stops: modules write back what they keep."""
    for module in program.modules:
        for hook in module.hooks.destroy:
            hook(states[module.name])


def tables(program: Program, states: States) -> dict[str, dict[str, Value]]:
    """What the modules keep in tables: items by table."""
    found: dict[str, dict[str, Value]] = {}
    for module in program.modules:
        for hook in module.hooks.tables:
            found.update(hook(states[module.name]))
    return found


def foreign(program: Program, states: States, text: str, src: Endpoint, dst: Endpoint) -> bool:
    """Whether a module takes bytes that are no SIP message."""
    return any(hook(states[module.name], text, src, dst) for module in program.modules for hook in module.hooks.foreign)


def pre_script(program: Program, states: States, run: Run) -> bool:
    """Before request_route; False when a module keeps the request from it."""
    return all(hook(states[module.name], run) for module in program.modules for hook in module.hooks.pre_script)


def post_script(program: Program, states: States, run: Run) -> None:
    """After request_route."""
    for module in program.modules:
        for hook in module.hooks.post_script:
            hook(states[module.name], run)


def reply(program: Program, states: States, run: Run) -> bool:
    """After reply_route; False when a module has taken the reply."""
    return all(hook(states[module.name], run) for module in program.modules for hook in module.hooks.reply)
