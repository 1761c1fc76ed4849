"""The routes of a KEMI file: what `cfgengine` says runs instead of the script's blocks, and the callbacks that modules name."""

from importlib import import_module
from pathlib import Path

from sroute.errors import UsageError
from sroute.interpreter.routes import Routes
from sroute.kemi.engine import Context, Engine, KemiError
from sroute.resolve.program import Program
from sroute.runtime.flow import EXIT, NEXT
from sroute.runtime.run import Act, Run
from sroute.runtime.services import Services

NATIVE = "native"
CALLBACK = "event_callback"
OWN_CALLBACKS = frozenset(["htable"])
"""Modules that call their function themselves."""
_UNNAMED = {"request": "kemi.request_route", "reply": "kemi.reply_route_callback", "onsend": "kemi.onsend_route_callback"}
_CORE_EVENTS = {"core:pre-routing": "kemi.pre_routing_callback", "core:msg-received": "kemi.received_route_callback"}
_DEFAULTS = {"kemi.request_route": "ksr_request_route", "kemi.reply_route_callback": "ksr_reply_route"}
_DEFAULTS["kemi.onsend_route_callback"] = "ksr_onsend_route"
_BRANCH_FAILURE = "tm:branch-failure:"


def engine_named(program: Program) -> str:
    """What `cfgengine` says; `native` without it."""
    return str(program.settings.core.get("cfgengine", NATIVE)) or NATIVE


def begin(program: Program, file: Path | None, routes: Routes, services: Services, run: Run) -> "KemiRoutes | None":
    """Loads the KEMI file, whose start may call KSR in that run; without one it says so where the script needs it.

    Raises UsageError.
    """
    if file is None:
        language = engine_named(program)
        if language != NATIVE:
            services.note(f'cfgengine "{language}": the routing is in a KEMI file, which is run only when it is given with --kemi FILE')
        return None
    load = import_module("sroute.kemi.load").load  # imported when needed: it needs modules that the script may not
    engine: Engine = load(file, Context(routes.binder, services, run), program.modules)
    engine.context.run = None
    routes.elsewhere = made = KemiRoutes(program, engine, services)
    return made


class KemiRoutes:
    """Finds what a KEMI file has for a block."""

    def __init__(self, program: Program, engine: Engine, services: Services) -> None:
        """Raises UsageError when the file is not in the language that the script names."""
        self._engine, self._services = engine, services
        self._settings = program.settings.core
        named = engine_named(program)
        if named not in (NATIVE, engine.language):
            raise UsageError(f'--kemi: the script says cfgengine "{named}", the file is for "{engine.language}"')
        self._routing = named != NATIVE
        self._native = ("request", None) in program.routes
        self._callbacks = {
            setting.module.name: str(setting.value)
            for setting in program.params
            if setting.param.name == CALLBACK and setting.value and setting.module.name not in OWN_CALLBACKS
        }

    def find(self, kind: str, name: str | None) -> Act | None:
        """What runs a block; None where the file has nothing for it."""
        if kind == "event":
            return self._event(name or "")
        if not self._routing or not self.replaces(kind, name):
            return None
        if name is not None:
            return self.act(name) if not self._native and self._engine.has(name) else None
        setting = _UNNAMED.get(kind, "")
        function = str(self._settings.get(setting, _DEFAULTS.get(setting, "")))
        if not self._engine.has(function):
            return None
        return _kept(self.act(function)) if kind == "onsend" else self.act(function)

    def replaces(self, kind: str, name: str | None) -> bool:
        """Whether such blocks of the script never run: all but a request_route, where there is one, named routes and event routes."""
        if kind == "request":
            return self._routing and name is None and not self._native
        return self._routing and kind != "event"

    def _event(self, name: str) -> Act | None:
        if self._routing and name.startswith(_BRANCH_FAILURE):
            function = name.removeprefix(_BRANCH_FAILURE)
            return self.act(function) if self._engine.has(function) else None
        if name in _CORE_EVENTS:
            function = str(self._settings.get(_CORE_EVENTS[name], ""))
            return self.act(function) if function else None
        callback = self._callbacks.get(name.partition(":")[0])
        return None if callback is None else self.act(callback, name)

    def act(self, function: str, *args: str) -> Act:
        """What runs a function of the file; one that fails is a complaint."""
        engine, services = self._engine, self._services

        def act(run: Run) -> int:
            outer, engine.context.run = engine.context.run, run
            try:
                return engine.call(function, *args)
            except KemiError as error:
                services.diag("ERROR", str(error), "kemi")
                return EXIT
            finally:
                engine.context.run = outer

        return act


def _kept(act: Act) -> Act:
    """A function for what is about to leave: 5.6.3 sends it whatever the function says."""

    def run_it(run: Run) -> int:
        act(run)
        return NEXT

    return run_it
