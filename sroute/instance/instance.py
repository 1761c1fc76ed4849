"""One simulated Kamailio: what comes in, what the modules are served, what time does."""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from random import Random
from typing import Any

from sroute.errors import MessageError, NotSimulatedError, StepLimitError
from sroute.exports.fixups import FixupError
from sroute.exports.rpc import RpcFault
from sroute.instance import forward, hooks, kemi_routes, listen, start
from sroute.instance.events import Diag, End, Event, Failed, Load, Log, Recv, RpcAnswer, Send
from sroute.instance.journal import LEVELS, Journal
from sroute.instance.options import Options
from sroute.instance.rpc import answered
from sroute.instance.settings import Custom
from sroute.instance.watch import Watcher
from sroute.interpreter.routes import prepare
from sroute.resolve.places import TITLES
from sroute.resolve.program import Program
from sroute.runtime.actions import ActionWatch
from sroute.runtime.clock import VirtualClock
from sroute.runtime.counters import Counters
from sroute.runtime.flow import BREAK, DROP, EXIT, HOW, NEXT, RETURN
from sroute.runtime.routes import Routes
from sroute.runtime.run import RECEIVED, Act, Process, Run, Sending
from sroute.runtime.sockets import Socket
from sroute.runtime.timers import Timers
from sroute.runtime.values import Value
from sroute.sip.compose import FAKED, FAKED_FROM
from sroute.sip.endpoint import PEER, Endpoint
from sroute.sip.message import Message
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span
from sroute.syntax.nodes import CustomGlobal, RouteKind

KINDS: dict[Routes, RouteKind] = {
    Routes.REQUEST: "request",
    Routes.REPLY: "reply",
    Routes.ONREPLY: "onreply",
    Routes.FAILURE: "failure",
    Routes.BRANCH: "branch",
    Routes.ONSEND: "onsend",
    Routes.EVENT: "event",
}
FIRST_PID = 4711
SHORTEST = 20
"""How many bytes make a message; Kamailio does not look at fewer."""


class Instance:
    """Runs a program. Implements runtime.services.Services.

    After construction look at `findings`: with an error among them the instance did not start (as Kamailio would not).
    """

    def __init__(self, program: Program, options: Options | None = None, *, clock: VirtualClock | None = None) -> None:
        """Starts the instance: parameters, init of the modules, binding, start-up events."""
        self.options = options or Options()
        self.program = program
        self.dialect = program.dialect
        self.clock = clock or VirtualClock()
        self.timers = Timers(self.clock)
        self.random = Random(self.options.seed)
        self._fake: Message | None = None
        self.world = self.options.world
        self.counters = Counters()
        self.databases: dict[str, object] = {}
        self.levels: dict[str, int] = {}
        self.actions: list[ActionWatch] = []
        self.documented = self.options.documented
        self.debug = program.settings.integer("debug", 0)
        self.sockets = listen.sockets(program.settings, self.options.listen)
        self.ipv6 = any(one.endpoint.is_ipv6 for one in self.sockets.listen) and bool(program.settings.integer("dns_try_ipv6", 1))
        self.custom = Custom(program.settings)
        self.journal = Journal(keep=self.options.keep_events)
        self.worker = Process(1, FIRST_PID)
        self.findings: list[Diagnostic] = list(program.diagnostics)
        self._self_checks: list[Callable[[str, int, str], bool]] = []
        self.kemi: kemi_routes.KemiRoutes | None = None
        self.running = False
        self._messages = 0
        self._around: Run | None = self._run(self._faked(), Routes.REQUEST, "")
        if not program.refused:
            self._start()
        self._kept: Run | None = self._around  # what start-up events leave in AVPs is there for the first message
        self._around = None
        self.journal.begin(Load(program.script.sources[0].name, tuple(self.findings)))

    # ------------------------------------------------------------ start and stop

    def _start(self) -> None:
        program = self.program
        self.states = start.states(program)
        self.findings += start.apply_params(program, self.states)
        self.watcher = Watcher(self.journal.add) if self.options.trace else None
        self.routes = prepare(program, self, stubs=self.options.stubs, observer=self.watcher)
        if not self._errors() and self.dialect.newer and ("event", "core:modinit-before") in program.routes:
            self.routes.bind("event", "core:modinit-before", program.routes["event", "core:modinit-before"])
            self.run_event("core:modinit-before")
        if not self._errors():
            self.kemi = kemi_routes.prepare(program, self.options.kemi, self.routes, self) if self.options.begins else None
            self.findings += start.init(program, self.states, self.routes.binder)
        if not self._errors():
            self._bind()
        if not self._errors() and self.options.begins:
            if self.kemi is not None:
                self.kemi.load(self.routes.binder, self._run(self._faked(), Routes.REQUEST, ""))
            self.running = True
            self._startup_events()

    def _errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    def _bind(self) -> None:
        for (kind, name), blocks in self.program.routes.items():
            try:
                self.routes.bind(kind, name, blocks)
            except FixupError as error:
                span = error.span or blocks[0].name_span or blocks[0].span
                self.findings.append(Diagnostic(error.code or "MD016", "error", error.message, span, error.hint))

    def _startup_events(self) -> None:
        failed = hooks.child_init(self.program, self.states, self.routes.binder)
        if failed is None:
            self.run_event("core:worker-one-init")
            return
        self.findings.append(failed)
        self.running = False

    def stop(self) -> None:
        """Shuts down: modules write back what they keep."""
        if not self.running:
            return
        self.running = False
        hooks.destroy(self.program, self.states)

    @property
    def refused(self) -> bool:
        """Whether the script was refused: the instance did not start."""
        return self._errors()

    @property
    def events(self) -> list[Event]:
        """What has happened so far."""
        return self.journal.events

    @property
    def sent(self) -> list[Send]:
        """The messages that have left, in order."""
        return [event for event in self.journal.events if isinstance(event, Send)]

    @property
    def logs(self) -> list[str]:
        """The texts of the script's log output."""
        return [event.text for event in self.journal.events if isinstance(event, Log)]

    def value(self, text: str, message: str | None = None) -> Value:
        """The value of a pseudo-variable, `$sht(a=>b)` for example, in a run of its own.

        Raises sroute.exports.fixups.FixupError for a text that is none.
        """
        read = self.routes.binder.read(self.program.names.pv(text))
        about = Message(message, PEER, self.sockets.listen[0].endpoint) if message else self._faked()
        return read(self._run(about, Routes.REQUEST, ""))

    def assign(self, text: str, value: Value) -> None:
        """Assigns a pseudo-variable in a run of its own.

        Raises FixupError for a text that is none, AssignError for a value that it refuses.
        """
        write = self.routes.binder.write(self.program.names.pv(text))
        write(self._run(self._faked(), Routes.REQUEST, ""), value)

    def tables(self) -> dict[str, dict[str, Value]]:
        """What the modules keep in tables: items by table."""
        return hooks.tables(self.program, self.states)

    # ------------------------------------------------------------ what comes in

    def receive(self, text: str | bytes, src: Endpoint = PEER, dst: Endpoint | None = None) -> None:
        """A message enters: bytes, or latin-1 text (one character is one byte)."""
        text = text.decode("latin-1") if isinstance(text, bytes) else text
        to = dst or self.sockets.listen[0].endpoint
        self.journal.add(Recv(src, to, text))
        self.custom.update()
        before = self._let_in(Sending(text, src, to)) if len(text) >= SHORTEST else None
        if before is not None and before.flow == DROP:
            return
        self._messages += len(text) >= SHORTEST
        try:
            message = Message(text, src, to)
        except MessageError as error:
            if not hooks.foreign(self.program, self.states, text, src, to):
                self._dropped(error, src, to, text)
            return
        message.number = self._messages
        run = self._run(message, Routes.REQUEST if message.is_request else Routes.REPLY, "")
        if left := before or self._kept:
            run.share(left)
        self._around, self._kept = run, None
        try:
            self._handle(run)
        finally:
            self._around = None
            run.close()

    def _handle(self, run: Run) -> None:
        """A message goes through the script."""
        message = run.message
        if (event := self.run_event("core:pre-routing", message)) is not None and event.flow == DROP:
            return
        self.worker.script_flags = 0
        if message.is_request:
            self.counters.request(message.method)
            self._request(run)
        else:
            self.counters.reply(message.status, message.cseq.method if message.cseq else "")
            self._reply(run)

    def _let_in(self, received: Sending) -> Run | None:
        """Runs the core's event for what came in, before it is parsed; None without one."""
        if not self.program.settings.integer("received_route_mode", 0):
            return None
        return self.run_event("core:msg-received", prepare=lambda run: run.extra.update({RECEIVED: received}))

    def _dropped(self, error: MessageError, src: Endpoint, dst: Endpoint, text: str) -> None:
        """What Kamailio still does with bytes that no route sees."""
        self.diag("ERROR", f"no SIP message: {error}")
        self.counters.refused(text, error.stage)
        if isinstance(error.partial, Message):
            self.run_event("core:pre-routing", error.partial)
        elif error.stage == "via":
            faked = self._faked()
            faked.src, faked.dst = src, dst
            self.run_event("core:receive-parse-error", faked)

    def _request(self, run: Run) -> None:
        name = self.options.only_route
        act = self.routes.find("request", name)
        if act is None:
            self.diag("ERROR", "no request_route {...} and no other config routing engine registered")
            return
        run.route = f"route[{name}]" if name else "request_route"
        if not hooks.pre_script(self.program, self.states, run):
            return
        if self._guarded(act, run) != EXIT and run.code < 0:
            self.diag("WARNING", "error while trying script")
        hooks.post_script(self.program, self.states, run)

    def _reply(self, run: Run) -> None:
        run.route = "reply_route"
        act = self.routes.find("reply", None)
        if act is not None:
            flow = self._guarded(act, run)
            if flow == DROP or (flow != EXIT and run.code < 0) or (run.code == 0 and flow in (EXIT, RETURN)):
                self.counters.count("drop_replies")
                if run.code < 0 and flow != DROP:
                    self.diag("WARNING", "error while trying onreply script")
                return
        if hooks.reply(self.program, self.states, run):
            forward.forward_reply(self, run)

    def advance(self, seconds: float) -> None:
        """Lets time pass: what is due happens."""
        self.timers.run_until(self.clock.now() + seconds)

    # ------------------------------------------------------------ running

    def open(self, message: Message, kind: Routes) -> Run:
        """A run for a message that stays open from outside, as the REPL's current one does."""
        message.number = self._messages = self._messages + 1
        return self._run(message, kind, "")

    def _run(self, message: Message, kind: Routes, title: str) -> Run:
        run = Run(self.worker, message, kind, self.options.max_steps)
        run.route = title
        return run

    def _guarded(self, act: Act, run: Run) -> int:
        """Runs a top-level block; what stops it is an event, not an exception."""
        title, around, self._around = run.route, self._around, run
        try:
            run.code = 1
            flow = run.flow = act(run)
        except (NotSimulatedError, StepLimitError) as error:
            code = "RN001" if isinstance(error, NotSimulatedError) else "RN002"
            self.journal.add(Failed(Diagnostic(code, "error", str(error), run.at)))
            flow = run.flow = EXIT
        except RecursionError:
            self.journal.add(Failed(Diagnostic("RN002", "error", "blocks are nested too deeply", run.at)))
            flow = run.flow = EXIT
        finally:
            self._around = around
        self.journal.add(End(title, run.code, HOW.get(flow, "end")))
        return flow

    # ------------------------------------------------------------ services: routes

    def has_route(self, kind: Routes, name: str) -> bool:
        """Whether the script has that block."""
        return self.routes.has(KINDS[kind], name)

    def run_route(self, kind: Routes, name: str, run: Run, acting: Routes | None = None) -> int:
        """Runs a block in a run that exists: its code; run.flow is the flow with which it left."""
        word = KINDS[kind]
        act = self.routes.find(word, name or None)
        if act is None:
            return 1
        caller, kind_before, run.kind = run.route, run.kind, kind if acting is None else acting
        run.route = f"{TITLES[word]}[{name}]" if name else TITLES[word]
        run.code = 1
        if kind == Routes.REQUEST:
            flow = act(run)
        else:
            flow = self._guarded(act, run)
        run.route, run.kind = caller, kind_before
        if flow == BREAK:
            run.code = 0
        run.flow = NEXT if flow in (RETURN, BREAK) else flow
        return run.code

    def run_event(self, name: str, message: Message | None = None, prepare: Callable[[Run], None] | None = None) -> Run | None:
        """Runs an event route in a run of its own, over the stores of the message that is handled; None when the script has none."""
        act = self.routes.find("event", name)
        if act is None:
            return None
        around = self._around
        run = self._run(message or self._faked(self.worker), Routes.REQUEST, f"event_route[{name}]")
        if around is not None:
            run.share(around)
            run.dset = around.dset
        if prepare is not None:
            prepare(run)
        self._guarded(act, run)
        if around is not None and run.held:
            around.held = True
        return run

    def run_named(self, name: str, process: Process, message: Message | None = None) -> Run | None:
        """Runs a named route in a run of its own; None when the script has none."""
        act = self.routes.find("request", name)
        if act is None:
            return None
        run = Run(process, message or self._faked(process), Routes.REQUEST, self.options.max_steps)
        run.route = f"route[{name}]"
        self._guarded(act, run)
        return run

    def run_kemi(self, function: str, event: str) -> Run | None:
        """Calls an event callback of the KEMI file; None when no file was given."""
        if self.kemi is None:
            return None
        run = self._run(self._faked(), Routes.REQUEST, f"{function}({event})")
        self._guarded(self.kemi.act(function, event), run)
        return run

    def call_kemi(self, function: str, args: tuple[str, ...], run: Run) -> int | None:
        """Calls a function of the KEMI file in a run that exists."""
        return None if self.kemi is None else self.kemi.call(function, args, run)

    def _faked(self, process: Process | None = None) -> Message:
        """The OPTIONS that stands for no message; those of a process have numbers of their own."""
        if self._fake is None or self._fake.dst != self.sockets.listen[0].endpoint:
            self._fake = Message(FAKED, FAKED_FROM, self.sockets.listen[0].endpoint)
        made = self._fake.again()
        if process is not None:
            count = process.module_state.get("core.faked")
            made.number = process.module_state["core.faked"] = count + 1 if isinstance(count, int) else 1
        return made

    # ------------------------------------------------------------ services: sending

    def send(self, text: str, source: Endpoint, destination: Endpoint) -> None:
        """A message leaves."""
        self.journal.send(text, source, destination)

    def run_onsend(self, run: Run, text: str, source: Endpoint, destination: Endpoint) -> bool:
        """Runs onsend_route; False when it drops the message."""
        act = self.routes.find("onsend", None)
        if act is None:
            return True
        inner = self._run(run.message, Routes.ONSEND, "onsend_route")
        inner.share(run)
        inner.dset = run.dset
        inner.sending = Sending(text, source, destination)
        return self._guarded(act, inner) != DROP

    def forward(self, run: Run, host: str, port: int | str, proto: str) -> int:
        """Core forward()."""
        return forward.forward(self, run, host, port, proto)

    def forward_reply(self, run: Run) -> bool:
        """Sends a reply on by its second Via."""
        return forward.forward_reply(self, run)

    def route_socket(self, run: Run, destination: Endpoint) -> Socket | None:
        """The socket from which a message goes to a destination."""
        forced = run.message.send_socket
        if forced:
            found = self.sockets.by_endpoint(Endpoint.parse(forced))
            if found is not None and found.endpoint.proto == destination.proto:
                return found
        here = self.sockets.by_endpoint(run.message.dst)
        if here is not None and here.endpoint.proto == destination.proto and here.endpoint.is_ipv6 == destination.is_ipv6:
            return here
        return self.sockets.first(destination.proto, ipv6=destination.is_ipv6)

    def resolve(self, host: str) -> str | None:
        """The address of a host name; names are known only if they were given. Without a socket of IPv6 its addresses lead nowhere."""
        plain = host.strip("[]")
        try:
            address = ip_address(plain)
            return str(address) if address.version == 4 or self.ipv6 else None
        except ValueError:
            return self.options.hosts.get(plain.lower(), listen.LOOPBACK.get(plain))

    def is_myself(self, host: str, port: int, proto: str) -> bool:
        """Kamailio's check_self with what modules add to it."""
        return self.sockets.is_own(host, port, proto) or any(check(host, port, proto) for check in self._self_checks)

    def add_self_check(self, check: Callable[[str, int, str], bool]) -> None:
        """A module adds a check to is_myself."""
        self._self_checks.append(check)

    # ------------------------------------------------------------ services: the rest

    def log(self, level: str, text: str, run: Run | None, source: str = "core") -> None:
        """Output of the script."""
        if LEVELS[level] <= self.levels.get(source, self.debug):
            self.journal.log(level, text, run)

    def diag(self, level: str, text: str, source: str = "core", span: Span | None = None) -> None:
        """What Kamailio itself says."""
        if LEVELS[level] <= self.levels.get(source, self.debug):
            self.journal.add(Diag(level, text, source, span))

    def restart_numbers(self) -> None:
        """The next message is the first one again."""
        self._messages = 0

    def note(self, text: str, span: Span | None = None) -> None:
        """sroute's own remark."""
        self.journal.note(text, span)

    def state(self, module: str) -> Any:
        """The state of a loaded module."""
        return self.states[module]

    def loaded(self, module: str) -> bool:
        """Whether the script loads that module."""
        return module in self.states

    def process(self) -> Process:
        """The worker that runs."""
        return self.worker

    def cfg(self, group: str, field: str) -> int | str | None:
        """A custom global, or one of `core`."""
        return self.custom.get(group, field)

    def set_cfg(self, group: str, field: str, value: int | str) -> bool:
        """Changes a custom global, or one of `core`; the log level counts from now on."""
        done = self.custom.set(group, field, value, self.diag)
        if (group, field) == ("core", "debug"):
            self.debug = int(self.cfg("core", "debug") or 0) if done else self.debug
        return done

    def cfg_fields(self) -> Mapping[tuple[str, str], str]:
        """The custom globals of the script with their descriptions."""
        items = (item for item in self.program.script.items if isinstance(item, CustomGlobal) and item.instance is None)
        return {(item.group, item.field): item.description or "" for item in items}

    def cfg_select(self, group: str, instance: int | None) -> int:
        """Chooses the instance of a group of custom globals."""
        if self.custom.select(group, instance):
            return 1
        self.diag("ERROR", f"group instance '{group}[{instance}]' does not exist")
        return -1

    # ------------------------------------------------------------ RPC

    def rpc(self, command: str, args: Sequence[object]) -> Any:
        """Calls an RPC command.

        Raises RpcFault.
        """
        for module in self.program.modules:
            found = module.rpcs.get(command)
            if found is not None:
                if found.implementation is None:
                    raise RpcFault(500, f"{command} is not simulated")
                return found.implementation(self.states[module.name], self, args)
        raise RpcFault(500, f"command {command} not found")

    def rpc_line(self, line: str) -> RpcAnswer:
        """Calls the command of a line as kamcmd takes it, and records the answer."""
        answer = answered(line, self.rpc)
        self.journal.add(answer)
        return answer
