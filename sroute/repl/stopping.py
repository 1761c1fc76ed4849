"""Dot commands of the debugger: trace, breakpoints, and going on from one."""

from sroute.repl.commands import Commands
from sroute.repl.debugger import Breakpoint, Mode
from sroute.repl.looking import place, title
from sroute.repl.outcome import Code, Note
from sroute.repl.talk import Talk
from sroute.syntax.nodes import Assign, CallStatement, If, Leave, Switch, While
from sroute.syntax.walk import below

commands: Commands[Talk] = Commands()
AROUND = 3


def _observe(talk: Talk) -> None:
    """Binds the routes with the debugger as observer, or without when it has nothing to do."""
    wanted = talk.debugger if talk.debugger.wanted else None
    if talk.session.observer is not wanted:
        talk.session.observer = wanted
        talk.session.rebind()


@commands.add("trace [on|off]")
def trace(talk: Talk, argument: str) -> None:
    """Show each statement with what it reads and writes."""
    if argument not in ("", "on", "off"):
        talk.wrong(f".trace {argument}: on or off")
        return
    talk.debugger.tracing = argument == "on" if argument else not talk.debugger.tracing
    _observe(talk)
    talk.note(f"trace is {'on' if talk.debugger.tracing else 'off'}", quiet=True)


@commands.add("break [ROUTE | LINE | off]", argument="route")
def break_(talk: Talk, argument: str) -> None:
    """Pause in front of a route's first statement or of a line; alone it lists, off drops all."""
    debugger = talk.debugger
    if not argument:
        for point in debugger.breakpoints:
            talk.note(f"{point.name}  {point.source.name}:{point.line}")
        if not debugger.breakpoints:
            talk.note("no breakpoints")
        return
    if argument == "off":
        debugger.breakpoints.clear()
    elif (found := _find(talk, argument)) is not None:
        if found not in debugger.breakpoints:
            debugger.breakpoints.append(found)
        talk.note(f"breakpoint at {found.source.name}:{found.line}", quiet=True)
    _observe(talk)


def _find(talk: Talk, argument: str) -> Breakpoint | None:
    places: dict[str, Breakpoint] = {}
    main = talk.session.script.sources[0]
    lines: dict[int, Breakpoint] = {}
    for (kind, name), routes in talk.session.program.routes.items():
        called = title(kind, name)
        for route in routes:
            spans = [node.span for node in below(route.body) if isinstance(node, Assign | CallStatement | Leave | If | While | Switch)]
            for span in (span for span in spans if span.source is main):
                lines.setdefault(span.line, Breakpoint(str(span.line), span.source, span.line))
            if spans:
                known = Breakpoint(called, spans[0].source, spans[0].line)
                places[called] = known
                places.setdefault(name or called, known)
    if argument.isdigit():
        later = [line for line in sorted(lines) if line >= int(argument)]
        if not later:
            talk.wrong(f"there is no statement on line {argument} or behind it")
            return None
        return lines[later[0]]
    if argument not in places:
        talk.unknown("route", argument, sorted(places))
        return None
    return places[argument]


def where(talk: Talk, *, full: bool = False) -> None:
    """Says where a run is paused, if one is."""
    paused = talk.debugger.paused
    if paused is None:
        return
    source, line = paused.span.source, paused.span.line
    around = AROUND if full else 0
    first = max(1, line - around)
    last = min(line + around, source.position(len(source.text)).line)
    talk.show(Note(f"paused at {source.name}:{line}, in {paused.run.route}"))
    talk.show(Code("\n".join(source.line(number) for number in range(first, last + 1)), first, line))


def _go(talk: Talk, mode: Mode) -> None:
    if talk.debugger.paused is None:
        talk.wrong("nothing is paused", ".break ROUTE sets a breakpoint, .send lets a message enter")
        return
    talk.debugger.resume(mode)
    where(talk)


@commands.add("step")
def step(talk: Talk, argument: str) -> None:
    """Go on to the next statement, into routes."""
    _go(talk, "step")


@commands.add("next")
def next_(talk: Talk, argument: str) -> None:
    """Go on to the next statement, over calls of routes."""
    _go(talk, "next")


@commands.add("continue")
def continue_(talk: Talk, argument: str) -> None:
    """Go on to the next breakpoint or the end."""
    _go(talk, "go")


@commands.add("where", looks=True)
def where_(talk: Talk, argument: str) -> None:
    """Where the run is paused, with the lines around."""
    if talk.debugger.paused is None:
        talk.note(f"nothing is paused; the current message: {place(talk)}")
    where(talk, full=True)
