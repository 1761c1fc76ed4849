"""Dot commands that do something: send, answer, let time pass, start anew, save, leave."""

import re
from pathlib import Path

from sroute.errors import ScriptError, UsageError
from sroute.repl.commands import Commands
from sroute.repl.outcome import Note
from sroute.repl.session import refusals
from sroute.repl.stopping import where
from sroute.repl.talk import Talk
from sroute.sip import compose, messagefile
from sroute.sip.endpoint import PEER
from sroute.sip.messagefile import Entry, ReplyTo, Sent
from sroute.source.text import Span
from sroute.syntax.nodes import Route

commands: Commands[Talk] = Commands()
UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
MOST_BACK = 1_000_000
LONGEST = 100 * 365 * 86400.0
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ms|[smhd]?)\Z")
_METHOD = re.compile(r"[A-Z]{3,}(?:[ \t]|\Z)")
_REASONS = {100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted", 302: "Moved Temporarily"}
_REASONS |= {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 407: "Proxy Authentication Required", 408: "Request Timeout"}
_REASONS |= {480: "Temporarily Unavailable", 486: "Busy Here", 487: "Request Terminated", 500: "Server Internal Error"}
_REASONS |= {503: "Service Unavailable", 603: "Decline"}


def _received(talk: Talk, entry: Entry) -> None:
    """A message enters, and becomes the current one."""
    session = talk.session
    dst = session.instance.sockets.listen[0].endpoint
    sent = [Sent(event.message, event.src, event.dst) for event in session.sent]
    incoming = messagefile.render(entry, sent, PEER, dst)

    def work() -> None:
        session.instance.receive(incoming.text, incoming.src, incoming.dst)

    session.open(incoming.text, incoming.src, incoming.dst)
    talk.debugger.execute(work)
    where(talk)


def take(talk: Talk, text: str) -> None:
    """A pasted message becomes the current one; the routes do not see it."""
    session = talk.session
    entry = messagefile.read(text.lstrip() if text.endswith("\n") else f"{text.lstrip()}\n", "<input>")[0]
    sent = [Sent(event.message, event.src, event.dst) for event in session.sent]
    incoming = messagefile.render(entry, sent, PEER, session.instance.sockets.listen[0].endpoint)
    session.open(incoming.text, incoming.src, incoming.dst)
    first = incoming.text.split("\n", 1)[0].strip()
    talk.note(f"the current message is now: {first}", quiet=True)


@commands.add("send [FILE | METHOD [URI]]", argument="file")
def send(talk: Talk, argument: str) -> None:
    """Let a message enter: those of a file, one made up, or the current one again."""
    if not talk.idle():
        return
    session = talk.session
    if not argument:
        message = session.run.message
        entries = [Entry("<current>", 1, message.text, message.src)]
    elif _METHOD.match(argument):
        method, _, ruri = argument.partition(" ")
        session.made += 1
        text = compose.request(PEER, method=method, ruri=ruri.strip(), serial=session.made)
        entries = [Entry("<made up>", 1, text)]
    else:
        entries = messagefile.read(talk.read(argument), argument)
    for entry in entries:
        _received(talk, entry)
        if talk.debugger.paused is not None and entry is not entries[-1]:
            talk.note("the messages of the file behind this one are not sent: a run is paused")
            return


@commands.add("reply CODE [REASON]")
def reply(talk: Talk, argument: str) -> None:
    """Answer the request that was sent last."""
    if not talk.idle():
        return
    code, _, reason = argument.partition(" ")
    if not (code.isdigit() and 100 <= int(code) <= 699):
        talk.wrong("give a code from 100 to 699", "like .reply 200 OK")
        return
    requests = [number for number, event in enumerate(talk.session.sent, 1) if not event.message.startswith("SIP/2.0")]
    if not requests:
        talk.wrong("no request has been sent that could be answered", ".sent shows what has left")
        return
    to = ReplyTo(requests[-1], int(code), reason.strip() or _REASONS.get(int(code), "Answer"))
    _received(talk, Entry("<reply>", 1, "", None, to))


@commands.add("advance DURATION")
def advance(talk: Talk, argument: str) -> None:
    """Let time pass on the virtual clock: 30s, 0.5, 15m, 2h, 1d."""
    match = _DURATION.match(argument)
    seconds = float(match[1]) * UNITS[match[2]] if match else LONGEST + 1
    if seconds > LONGEST:
        talk.wrong(f"not a duration: {argument!r}", "like 30, 30s, 0.5, 15m, 2h, 1d")
    elif talk.idle():
        talk.debugger.execute(lambda: talk.session.instance.advance(seconds))
        where(talk)


@commands.add("rpc COMMAND [ARGUMENT]...", argument="rpc")
def rpc(talk: Talk, argument: str) -> None:
    """Call an RPC command as kamcmd does, for example .rpc htable.dump a."""
    talk.session.instance.rpc_line(argument)


@commands.add("load SCRIPT", argument="file")
def load(talk: Talk, argument: str) -> None:
    """Start another script; tables of the same names keep their items."""
    if not argument:
        talk.wrong("give the file of a script", "like .load kamailio.cfg")
    elif talk.idle():
        _restart(talk, argument)


@commands.add("reload")
def reload(talk: Talk, argument: str) -> None:
    """Read the script again and start it: tables stay, what was typed goes."""
    if talk.idle():
        _restart(talk, talk.session.name)


def _restart(talk: Talk, name: str | None) -> None:
    session = talk.session
    try:
        script = talk.entry.script = talk.entry.script or (session.script if name is None else session.read(name))
    except ScriptError as error:
        talk.refused(refusals(error))
        return
    findings, lost = session.restart(script, [])
    if talk.refused(findings):
        return
    session.name = name
    talk.debugger.move(script.sources)
    for table in lost:
        talk.note(f"the items of table {table} are gone: there is no such table any more")
    talk.note(f"started {name or 'without a script'}", quiet=True)


@commands.add("undo [COUNT]")
def undo(talk: Talk, argument: str) -> None:
    """Go back to before the last input (or COUNT of them) that changed something; databases and files stay as they are."""
    if argument and not (argument.isdigit() and 0 < int(argument) < MOST_BACK):
        talk.wrong(f".undo {argument}: how many inputs?", "like .undo 3")
    else:
        talk.back = int(argument or 1)


@commands.add("save FILE", argument="file", looks=True)
def save(talk: Talk, argument: str) -> None:
    """Write a script of what runs now: the script with what was typed in its place; other inputs as comments."""
    session = talk.session
    if not argument:
        talk.wrong("give a file", "like .save session.cfg")
        return
    if len(session.script.sources) > 1:
        talk.wrong("a script with included files can't be written as one file")
        return
    pieces = [_kept_text(talk).rstrip("\n")]
    pieces += [item.span.text().rstrip() for item in session.typed]
    said = [entry.text.strip() for entry in talk.past if not entry.looks]
    comments = [f"#> {line}" for text in said for line in text.splitlines()]
    pieces.append("# What was typed in this session:\n" + "\n".join(comments) if comments else "")
    try:
        Path(argument).expanduser().write_bytes("\n\n".join(filter(None, pieces)).encode("latin-1", "replace") + b"\n")
    except OSError as error:
        raise UsageError(f"{argument}: {error.strerror or error}") from None
    talk.show(Note(f"wrote {argument}"))


def _kept_text(talk: Talk) -> str:
    """The script's text without the blocks that typed ones have replaced."""
    session = talk.session
    source = session.script.sources[0]
    typed = {(item.kind, item.name) for item in session.typed if isinstance(item, Route)}
    gone: list[Span] = [item.span for item in session.script.items if isinstance(item, Route) and (item.kind, item.name) in typed]
    if session.name is None:
        return "\n".join(item.span.text() for item in session.script.items if item.span not in gone)
    text = source.text
    for span in sorted(gone, key=lambda span: -span.start):
        text = text[: span.start] + text[span.end :].lstrip("\n")
    return text


@commands.add("exit", looks=True)
def leave(talk: Talk, argument: str) -> None:
    """Leave, as Ctrl-D does."""
    talk.debugger.abandon()
    talk.outcome.leave = True
