"""The routes of a KEMI file: what `cfgengine` says runs instead of the script's blocks, and the callbacks that modules name."""

from importlib import import_module
from pathlib import Path

from sroute.errors import UsageError
from sroute.exports.fixups import Scope
from sroute.interpreter.routes import Routes
from sroute.kemi.engine import Context, Engine, KemiError
from sroute.resolve.program import Program
from sroute.runtime.flow import EXIT, NEXT
from sroute.runtime.run import Act, Run
from sroute.runtime.services import Services

NATIVE = "native"
FAILED = -1
DEEPEST = 100
"""How deeply script and file may call each other; Kamailio's max_recursive_level ends it too."""
CALLBACK = "event_callback"
OWN_CALLBACKS = frozenset(["htable"])
"""Modules that call their function themselves."""
_UNNAMED = {"request": "kemi.request_route", "reply": "kemi.reply_route_callback", "onsend": "kemi.onsend_route_callback"}
_CORE_EVENTS = {"core:pre-routing": "kemi.pre_routing_callback", "core:msg-received": "kemi.received_route_callback"}
_DEFAULTS = {"kemi.request_route": "ksr_request_route", "kemi.reply_route_callback": "ksr_reply_route"}
_DEFAULTS["kemi.onsend_route_callback"] = "ksr_onsend_route"
_EVENTS_OF = {"usrloc": "registrar"}
"""Modules that run events under another name than their own."""
_BRANCH_FAILURE = "tm:branch-failure:"


def engine_named(program: Program) -> str:
    """What `cfgengine` says; `native` without it."""
    return str(program.settings.core.get("cfgengine", NATIVE)) or NATIVE


def prepare(program: Program, file: Path | None, routes: Routes, services: Services) -> "KemiRoutes | None":
    """What is known of a KEMI file before it is loaded; without a file it says so where the script needs one."""
    if file is None:
        language = engine_named(program)
        if language != NATIVE:
            services.note(f'cfgengine "{language}": the routing is in a KEMI file, which is run only when it is given with --kemi FILE')
        return None
    routes.elsewhere = made = KemiRoutes(program, file, services)
    return made


class KemiRoutes:
    """Finds what a KEMI file has for a block."""

    def __init__(self, program: Program, file: Path, services: Services) -> None:
        """The file is not looked at before load()."""
        self._program, self._file, self._services = program, file, services
        self._settings = program.settings.core
        self._engine: Engine | None = None
        self._depth = 0
        self._routing = engine_named(program) != NATIVE
        self._native = ("request", None) in program.routes
        self._callbacks = {
            setting.module.name: str(setting.value)
            for setting in program.params
            if setting.param.name == CALLBACK and setting.value and setting.module.name not in OWN_CALLBACKS
        }

    def load(self, scope: Scope, run: Run) -> None:
        """Loads the file, whose start may call KSR in that run.

        Raises UsageError, also when the file is not in the language that the script names.
        """
        load = import_module("sroute.kemi.load").load  # imported when needed: it needs modules that the script may not
        engine: Engine = load(self._file, Context(scope, self._services, run), self._program.modules)
        engine.context.run = None
        named = engine_named(self._program)
        if named not in (NATIVE, engine.language):
            raise UsageError(f'--kemi: the script says cfgengine "{named}", the file is for "{engine.language}"')
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The loaded file."""
        assert self._engine is not None, "the KEMI file is not loaded yet"
        return self._engine

    def _has(self, function: str) -> bool:
        return self._engine is not None and self._engine.has(function)

    def find(self, kind: str, name: str | None) -> Act | None:
        """What runs a block; None where the file has nothing for it."""
        if kind == "event":
            return self._event(name or "")
        if not self._routing or not self.replaces(kind, name):
            return None
        if name is not None:
            return self.act(name) if not self._native and self._has(name) else None
        setting = _UNNAMED.get(kind, "")
        function = str(self._settings.get(setting, _DEFAULTS.get(setting, "")))
        if not self._has(function):
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
            return self.act(function) if self._has(function) else None
        if name in _CORE_EVENTS:
            function = str(self._settings.get(_CORE_EVENTS[name], ""))
            return self.act(function) if function else None
        module = name.partition(":")[0]
        callback = self._callbacks.get(_EVENTS_OF.get(module, module))
        return None if callback is None else self.act(callback, name)

    def act(self, function: str, *args: str) -> Act:
        """What runs a function of the file; one that fails is a complaint."""

        def act(run: Run) -> int:
            return self._run(function, args, run)

        return act

    def call(self, function: str, args: tuple[str, ...], run: Run) -> int:
        """Calls a function in a run that exists: the code that the script sees; a script goes on whatever the function does."""
        before = run.flow
        failed = self._run(function, args, run, failed=FAILED)
        run.flow = before
        return FAILED if failed == FAILED else self.engine.code

    def _run(self, function: str, args: tuple[str, ...], run: Run, failed: int = EXIT) -> int:
        """Runs a function: the flow with which it left; failed when it could not."""
        engine = self.engine
        outer, engine.context.run = engine.context.run, run
        self._depth += 1
        try:
            if self._depth > DEEPEST:
                raise KemiError(f"script and KEMI file call each other more than {DEEPEST} times")
            return engine.call(function, *args)
        except KemiError as error:
            self._services.diag("ERROR", str(error), "kemi")
            return failed
        finally:
            self._depth -= 1
            engine.context.run = outer


def _kept(act: Act) -> Act:
    """A function for what is about to leave: 5.6.3 sends it whatever the function says."""

    def run_it(run: Run) -> int:
        act(run)
        return NEXT

    return run_it
