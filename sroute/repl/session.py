"""The instance that is being talked to: what was typed into it, its current message, and how it starts anew."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sroute.dialect import DEFAULT, Dialect
from sroute.errors import ScriptError, UsageError
from sroute.exports.fixups import FixupError
from sroute.instance.api import check
from sroute.instance.events import Diag, Event, Load, Recv, Send
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.interpreter.binder import Observer
from sroute.interpreter.routes import may_nest_too_deeply
from sroute.modules.catalog import Catalog, simulated
from sroute.repl import carry
from sroute.resolve.program import Program
from sroute.resolve.resolver import Resolver, resolve
from sroute.resolve.settings import module_name
from sroute.runtime.clock import VirtualClock
from sroute.runtime.flow import NEXT, AssignError
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.values import Value
from sroute.sip import compose
from sroute.sip.endpoint import PEER, Endpoint
from sroute.sip.message import Message
from sroute.source.diagnostic import Diagnostic
from sroute.syntax.nodes import LoadModule, Route, Script, TopLevel
from sroute.syntax.reader import MAX_SIZE
from sroute.syntax.walk import Node

FIRST = ("tm", "sl", "usrloc")
"""Modules that others want to have been loaded before them."""
NO_SCRIPT = "<no script>"
Findings = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Setup:
    """How a session begins. Without a script all simulated modules are loaded."""

    script: str | None = None
    defines: Mapping[str, str | None] = field(default_factory=dict)
    dialect: Dialect = DEFAULT
    options: Options = field(default_factory=Options)
    assignments: tuple[tuple[str, Value], ...] = ()
    max_size: int = MAX_SIZE


def bare_script(dialect: Dialect = DEFAULT) -> str:
    """The script that stands for none: `debug=2`, so that xlog() shows, and all simulated modules."""
    names = [name for name in Catalog(dialect).names() if simulated(name) is not None]
    ordered = [*(name for name in FIRST if name in names), *(name for name in names if name not in FIRST)]
    return "debug=2\n" + "".join(f'loadmodule "{name}.so"\n' for name in ordered)


class Session:
    """One instance with what was typed into it. Knows no terminal and no text of inputs."""

    def __init__(self, setup: Setup, hear: Callable[[Event], None], script: Script | None = None) -> None:
        """hear is called with each event as it happens; script is taken instead of the file's text where given.

        Raises ScriptError when the script is refused.
        """
        self.setup = setup
        self.hear = hear
        self.clock = VirtualClock()
        self.events: list[Event] = []
        self.typed: list[TopLevel] = []
        self.defines: dict[str, str | None] = dict(setup.defines)
        self.observer: Observer | None = None
        self._kept: list[object] = []
        self.name = setup.script
        self.made = 0
        self.script, self.instance = self._first(script or self.read(setup.script))
        self._listen(self.instance, 0)
        self.run = self.open(compose.request(PEER), PEER)
        self._assign()

    def _assign(self) -> None:
        binder = self.instance.routes.binder
        for name, value in self.setup.assignments:
            try:
                binder.write(self.program.names.pv(name))(self.run, value)
            except FixupError as error:
                raise UsageError(f"{name}: {error.message}{f' ({error.hint})' if error.hint else ''}") from None
            except AssignError as error:
                raise UsageError(f"{name}: {error.args[0] if error.args else 'refused'}") from None

    # ------------------------------------------------------------ start

    def read(self, name: str | None) -> Script:
        """Reads and checks a script's file; without a name it is the bare script.

        Raises ScriptError, UsageError.
        """
        text = None if name is not None else bare_script(self.setup.dialect)
        program, findings = check(
            name or NO_SCRIPT, text, defines=self.setup.defines, dialect=self.setup.dialect, max_size=self.setup.max_size
        )
        if program is None:
            raise ScriptError(name or NO_SCRIPT, findings)
        return program.script

    def _first(self, script: Script) -> tuple[Script, Instance]:
        """The first instance. Where there is no script, modules that do not start without parameters are left out.

        Raises ScriptError.
        """
        while True:
            try:
                return script, self._started(script)
            except ScriptError as error:
                spans = [found.span for found in refusals(error)]
                kept = tuple(item for item in script.items if not (isinstance(item, LoadModule) and item.span in spans))
                if self.name is not None or len(kept) == len(script.items):
                    raise
                script = replace(script, items=kept)

    def _started(self, script: Script) -> Instance:
        """An instance of a script on this session's clock; its files are looked for in the script's folder.

        Raises ScriptError.
        """
        program = resolve(script, self.setup.dialect, Catalog(self.setup.dialect))
        name = script.sources[0].name
        if program.refused:
            raise ScriptError(name, program.diagnostics)
        options = self.setup.options
        if name not in (NO_SCRIPT, self.setup.script):
            options = replace(options, world=replace(options.world, folder=Path(name).parent))
        instance = Instance(program, options, clock=self.clock)
        if instance.refused:
            raise ScriptError(name, instance.findings)
        return instance

    def _listen(self, instance: Instance, sent: int) -> None:
        """Hears what the start said, and all that the instance will say; what all modules say of having no parameters is left out."""
        instance.journal.sent = sent
        for event in instance.events:
            bare = self.name is None and isinstance(event, Diag)
            if not bare and not isinstance(event, Load):
                self._heard(event)
        instance.journal.listeners.append(self._heard)

    def tell(self, event: Event) -> None:
        """Records an event of the debugger's."""
        self.instance.journal.add(event)

    def _heard(self, event: Event) -> None:
        self.events.append(event)
        self.hear(event)

    @property
    def program(self) -> Program:
        """The running program."""
        return self.instance.program

    @property
    def sent(self) -> list[Send]:
        """The messages that have left since the session began."""
        return [event for event in self.events if isinstance(event, Send)]

    @property
    def flow(self) -> list[Recv | Send]:
        """The messages that came and left."""
        return [event for event in self.events if isinstance(event, Recv | Send)]

    # ------------------------------------------------------------ the current message

    def open(self, text: str, src: Endpoint = PEER, dst: Endpoint | None = None) -> Run:
        """Makes a message the current one.

        Raises MessageError.
        """
        message = Message(text, src, dst or self.instance.sockets.listen[0].endpoint)
        self.run = self._run(message)
        return self.run

    def _run(self, message: Message) -> Run:
        request = message.is_request
        run = self.instance.open(message, Routes.REQUEST if request else Routes.REPLY)
        run.route = "request_route" if request else "reply_route"
        return run

    def renew(self, run: Run) -> None:
        """Gets a run ready for the next input: all its steps again, nothing left."""
        run.steps, run.flow, run.level = self.setup.options.max_steps, NEXT, 0

    # ------------------------------------------------------------ what is typed

    def settle(self, root: Node) -> Findings:
        """Settles the names of typed statements or of an expression; errors, if any, and then nothing is known of it."""
        program = self.program
        resolver, known = Resolver(program), len(program.diagnostics)
        self._kept.append(root)
        resolver.statements(root, "request" if self.run.message.is_request else "reply")
        found = _errors(program.diagnostics[known:])
        if not found:
            resolver.settle()
            found = _errors(program.diagnostics[known:])
        del program.diagnostics[known:]
        return found

    def declare(self, items: Sequence[TopLevel]) -> tuple[Findings, list[str]]:
        """Takes top-level items: findings with which they are refused, and tables that could not be kept.

        Blocks take their place in the running instance; anything else, and a new event route, starts it anew. Where all
        modules are loaded already, one that is loaded again is no mistake.
        """
        if self.name is None:
            items = [item for item in items if not (isinstance(item, LoadModule) and self._loaded(item))]
        routes = [item for item in items if isinstance(item, Route)]
        known = self.program.routes
        live = len(routes) == len(items) and all(route.kind != "event" or (route.kind, route.name) in known for route in routes)
        typed = [*_without(self.typed, routes), *items]
        if live:
            findings = self._exchange(routes)
            if not findings:
                self.typed = typed
            return findings, []
        return self.restart(self.script, typed)

    def _loaded(self, item: LoadModule) -> bool:
        return any(module.name == module_name(item.path) for module in self.program.modules)

    def _exchange(self, routes: list[Route]) -> Findings:
        program = self.program
        before, known = dict(program.routes), len(program.diagnostics)
        resolver = Resolver(program)
        for route in routes:
            program.routes.pop((route.kind, route.name), None)
            resolver.route(route)
        resolver.settle()
        found = _errors(program.diagnostics[known:])
        del program.diagnostics[known:]
        if not found:
            found = self._bind(routes)
        if found:
            program.routes.clear()
            program.routes.update(before)
            self._bind([route for route in routes if (route.kind, route.name) in before])
        return found

    def _bind(self, routes: list[Route]) -> Findings:
        instance = self.instance
        binder = instance.routes.binder
        deep = may_nest_too_deeply(self.program, binder.max_level)
        if deep and not binder.counts_levels:
            binder.counts_levels = True
            return self.rebind()
        return self._bound({(route.kind, route.name) for route in routes})

    def rebind(self) -> Findings:
        """Binds all blocks anew, with the observer that is set now."""
        self.instance.routes.binder.observer = self.observer
        return self._bound(set(self.program.routes))

    def _bound(self, keys: set[tuple[str, str | None]]) -> Findings:
        for kind, name in keys:
            blocks = self.program.routes[kind, name]
            try:
                self.instance.routes.bind(kind, name, blocks)
            except FixupError as error:
                return (Diagnostic(error.code or "MD016", "error", error.message, blocks[0].name_span or blocks[0].span, error.hint),)
        return ()

    def restart(self, script: Script, typed: list[TopLevel]) -> tuple[Findings, list[str]]:
        """Starts the script with typed items anew and keeps tables, variables and the current message."""
        whole = replace(
            script,
            items=(*_without(script.items, [item for item in typed if isinstance(item, Route)]), *typed),
            defines={**script.defines, **self.defines},
        )
        try:
            instance = self._started(whole)
        except ScriptError as error:
            return refusals(error), []
        old, run = self.instance, self.run
        lost = carry.tables(old, instance)
        self.script, self.typed, self.instance = script, typed, instance
        self._listen(instance, old.journal.sent)
        self.run = self._run(run.message)
        carry.stores(run, self.run)
        return self.rebind() if self.observer else (), lost

    def define(self, names: Mapping[str, str | None]) -> None:
        """Names for the preprocessor, for what is typed from now on."""
        self.defines.update(names)

    def stop(self) -> None:
        """Shuts the instance down."""
        self.instance.stop()


def _errors(findings: Iterable[Diagnostic]) -> Findings:
    return tuple(found for found in findings if found.severity == "error")


def refusals(error: ScriptError) -> Findings:
    """Why a script was refused."""
    return _errors(found for found in error.findings if isinstance(found, Diagnostic))


def _without(items: Sequence[TopLevel], replaced: Sequence[Route]) -> list[TopLevel]:
    """The items without the blocks that others take the place of."""
    gone = {(route.kind, route.name) for route in replaced}
    return [item for item in items if not (isinstance(item, Route) and (item.kind, item.name) in gone)]
