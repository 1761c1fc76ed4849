"""The core as a module: its event routes, and the attributes of SER that it reads as AVPs."""

from sroute.exports.fixups import TEXT, Arg, Constant, Scope
from sroute.exports.module import Module
from sroute.exports.variable import Index
from sroute.modules.pv import core_variables
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.values import Value


class Core:
    """The core has no state of its own but the names of the script; it asks the instance."""

    names: object = None


core: Module[Core] = Module("core", Core, "What is there without any module.")
core.event_route("core:worker-one-init", "Once, when the first worker is ready.")
core.event_route("core:pre-routing", "Before the request or reply route; `drop` discards the message.")
core.event_route("core:msg-received", "For each message, before it is parsed as a whole; only with received_route_mode=1.")
core.event_route("core:receive-parse-error", "For a message whose Via can't be read.")


@core.variables_of("attr", inner=TEXT)
def attr(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """An attribute of SER with its track, `%f.name`: an AVP of its own."""
    name = inner.value if isinstance(inner, Constant) else ""
    return lambda run: run.avps.get(name)


@attr.writer
def _attr_writer(scope: Scope, inner: Arg[str], index: Index) -> Write:
    name = inner.value if isinstance(inner, Constant) else ""

    def write(run: Run, value: Value) -> None:
        if value is None:
            run.avps.pop(name)
        else:
            run.avps.push(name, value)

    return write


core_variables.declare(core)
