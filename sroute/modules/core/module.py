"""The core as a module: its event routes and RPC commands."""

from sroute.exports.module import Module
from sroute.modules.pv import core_variables


class Core:
    """The core has no state of its own; it asks the instance."""


core: Module[Core] = Module("core", Core, "What is there without any module.")
core.event_route("core:worker-one-init", "Once, when the first worker is ready.")
core.event_route("core:pre-routing", "Before the request or reply route; `drop` discards the message.")
core.event_route("core:msg-received", "For each message, before it is parsed as a whole; only with received_route_mode=1.")
core.event_route("core:receive-parse-error", "For bytes that are no SIP message.")
core_variables.declare(core)
