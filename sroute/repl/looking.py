"""Dot commands that look at something and change nothing."""

from datetime import UTC, datetime

from sroute.exports import describe
from sroute.exports.fixups import Constant
from sroute.instance.events import Log, Recv
from sroute.modules.catalog import Catalog
from sroute.repl.commands import Commands
from sroute.repl.outcome import Arrow, Branch, Code, Doc, Ladder, Note, Rows, Sip
from sroute.repl.talk import Talk
from sroute.runtime.values import Value
from sroute.runtime.xavp import XavpList
from sroute.sip.relay import apply_changes
from sroute.source.nearest import did_you_mean

commands: Commands[Talk] = Commands()


def first_line(text: str) -> str:
    """The request or status line without the version."""
    return text.lstrip("\r\n").split("\n", 1)[0].strip().removesuffix(" SIP/2.0").removeprefix("SIP/2.0 ")


def place(talk: Talk) -> str:
    """The current message in a few words."""
    return first_line(talk.run.message.text)


@commands.add("msg", looks=True)
def msg(talk: Talk, argument: str) -> None:
    """The current message, with pending changes."""
    message = talk.run.message
    text = apply_changes(message)
    if message.is_request and message.uri:
        line, newline, rest = text.partition("\n")
        words = line.split(" ")
        if len(words) >= 3:
            text = " ".join([words[0], message.uri, *words[2:]]) + newline + rest
    changed = " (with pending changes)" if text != message.text else ""
    talk.show(Sip(f"{message.src} to {message.dst}{changed}", text))


@commands.add("sent [NUMBER]", looks=True)
def sent(talk: Talk, argument: str) -> None:
    """The messages that have left, or one of them whole."""
    events = talk.session.sent
    if not argument:
        rows = tuple((number, first_line(event.message), str(event.dst)) for number, event in enumerate(events, 1))
        talk.show(Rows("sent", ("#", "message", "to"), rows))
    elif argument.isdigit() and 1 <= int(argument) <= len(events):
        event = events[int(argument) - 1]
        talk.show(Sip(f"#{argument}  {event.src} to {event.dst}", event.message))
    else:
        talk.wrong(f"message {argument} has not been sent ({len(events)} so far)")


@commands.add("flow", looks=True)
def flow(talk: Talk, argument: str) -> None:
    """The message flow so far, as a ladder."""
    arrows = [Arrow(str(event.src), str(event.dst), first_line(event.message), isinstance(event, Recv)) for event in talk.session.flow]
    talk.show(Ladder(tuple(arrows)))


@commands.add("log", looks=True)
def log(talk: Talk, argument: str) -> None:
    """What the script has logged so far."""
    for event in talk.session.events:
        if isinstance(event, Log):
            talk.show(Note(f"{event.level:>8} {event.text}"))


@commands.add("print TEXT", looks=True)
def print_(talk: Talk, argument: str) -> None:
    """Expand a format string, as xlog() would."""
    binder = talk.session.instance.routes.binder
    text = argument[1:-1] if len(argument) > 1 and argument[0] == argument[-1] == '"' else argument
    made = binder.text(talk.session.program.names.format(text))
    talk.show(Note(made.value if isinstance(made, Constant) else made(talk.run)))


@commands.add("clock", looks=True)
def clock(talk: Talk, argument: str) -> None:
    """The virtual time."""
    now = talk.session.clock
    moment = datetime.fromtimestamp(now.now(), UTC)
    talk.note(f"{moment:%Y-%m-%d %H:%M:%S} UTC  ({now.now():.3f}, {now.uptime():g} s after the start)")


@commands.add("tables", looks=True)
def tables(talk: Talk, argument: str) -> None:
    """The tables and how many items they hold."""
    known = talk.session.instance.tables()
    talk.show(Rows("tables", ("table", "items"), tuple((name, len(items)) for name, items in known.items())))


@commands.add("dump TABLE", argument="table", looks=True)
def dump(talk: Talk, argument: str) -> None:
    """The items of a table."""
    known = talk.session.instance.tables()
    if argument in known:
        talk.show(Rows(argument, ("key", "value"), tuple(known[argument].items())))
    else:
        talk.unknown("table", argument, sorted(known))


@commands.add("vars", looks=True)
def vars_(talk: Talk, argument: str) -> None:
    """Variables that have a value: $var, $avp, $vn, $vz, $shv."""
    run = talk.run
    rows: list[tuple[Value, ...]] = [(f"$var({name})", value) for name, value in run.vars.items()]
    rows += [(f"$avp({avp.name})", avp.value) for avp in run.avps]
    rows += [(f"$vn({name})", value) for name, value in run.process.vns.items()]
    rows += [(f"$vz({name})", value) for name, value in run.process.vzs.items()]
    shared = getattr(talk.session.instance.states.get("pv"), "shared", {})
    rows += [(f"$shv({name})", value) for name, value in shared.items()]
    talk.show(Rows("variables", ("variable", "value"), tuple(rows)))


@commands.add("xavp", looks=True)
def xavp(talk: Talk, argument: str) -> None:
    """The trees of $xavp, $xavu and $xavi."""
    run = talk.run
    stores = [("$xavp", run.xavps), ("$xavu", run.xavus), ("$xavi", run.xavis)]
    trees = [Branch(name, _branches(store)) for name, store in stores if store]
    for tree in trees:
        talk.show(tree)
    if not trees:
        talk.note("there are none")


def _branches(entries: XavpList) -> tuple[Branch, ...]:
    made = []
    for entry in entries:
        inner = entry.inner
        if inner is not None:
            made.append(Branch(entry.name, _branches(inner)))
        else:
            value = entry.text()
            shown = "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
            made.append(Branch(f"{entry.name} = {shown}"))
    return tuple(made)


@commands.add("routes", looks=True)
def routes(talk: Talk, argument: str) -> None:
    """The blocks of the script."""
    rows = [
        (title(kind, name), f"{block.span.source.name}:{block.span.line}")
        for (kind, name), blocks in talk.session.program.routes.items()
        for block in blocks
    ]
    talk.show(Rows("routes", ("block", "where"), tuple(rows)))


def title(kind: str, name: str | None) -> str:
    """A block as a script calls it."""
    base = "route" if kind == "request" and name else f"{kind}_route"
    return f"{base}[{name}]" if name else base


@commands.add("route NAME", argument="route", looks=True)
def route(talk: Talk, argument: str) -> None:
    """The text of a block."""
    blocks = talk.session.program.routes
    wanted = [key for key in blocks if argument in (key[1], title(*key))]
    if not wanted:
        names = sorted({name for kind, name in blocks if name} | {title(kind, name) for kind, name in blocks})
        talk.unknown("route", argument, names)
    for key in wanted:
        for block in blocks[key]:
            talk.show(Code(block.span.text(), block.span.line))


@commands.add("doc NAME", argument="name", looks=True)
def doc(talk: Talk, argument: str) -> None:
    """What is known about a function, variable, transformation, parameter, RPC command or module."""
    found = describe.find(argument, Catalog(talk.session.setup.dialect))
    if found:
        talk.show(Doc(tuple(found)))
        return
    known = [name for module in talk.session.program.modules for name, _ in module.functions]
    known += [f"${name}" for module in talk.session.program.modules for name in module.variables]
    talk.wrong(f"nothing is known about {argument}", did_you_mean(argument, known))


@commands.add("help", looks=True)
def help_(talk: Talk, argument: str) -> None:
    """The commands."""
    rows = tuple((spec.usage, spec.doc) for spec in talk.specs.values())
    talk.show(Rows("commands", ("command", "what it does"), rows))
    talk.note("Anything else is a statement, an expression, a route, a loadmodule or modparam line, or a SIP message.", quiet=True)
