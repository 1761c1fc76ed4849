"""What a front end needs of a session: evaluate, complete, a line about the call under the cursor, the end."""

import os
from pathlib import Path

from sroute.assist.complete import Completion, Surroundings, complete, first_line
from sroute.assist.signature import signatures
from sroute.exports import describe
from sroute.repl import inputs
from sroute.repl.evaluate import Evaluator
from sroute.repl.inputs import Kind
from sroute.repl.looking import title
from sroute.repl.outcome import Outcome

IN_FORMATS = frozenset(["variable", "table", "key", "name", "transformation"])


class Host:
    """A session with what helps to type into it; knows no terminal."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Helps with that evaluator's session."""
        self.evaluator = evaluator

    def evaluate(self, text: str) -> Outcome:
        """Evaluates an input."""
        return self.evaluator.evaluate(text)

    def unfinished(self, text: str) -> bool:
        """Whether more must come."""
        return inputs.unfinished(text, self.evaluator.session.setup.dialect)

    def close(self) -> None:
        """Ends what is paused and shuts the instance down."""
        self.evaluator.talk.debugger.abandon()
        self.evaluator.session.stop()

    # ------------------------------------------------------------ help while typing

    def _around(self) -> Surroundings:
        session, run = self.evaluator.session, self.evaluator.talk.run
        inner = {
            "var": tuple(run.vars),
            "avp": tuple(dict.fromkeys(str(avp.name) for avp in run.avps)),
            "xavp": tuple(run.xavps.names()),
            "xavu": tuple(run.xavus.names()),
            "xavi": tuple(run.xavis.names()),
            "vn": tuple(run.process.vns),
            "vz": tuple(run.process.vzs),
            "hdr": tuple(dict.fromkeys(header.name for header in run.message.headers)),
            "def": tuple(session.program.names.defines),
        }
        return Surroundings(session.program.names, session.instance.tables, inner)

    def complete(self, text: str, cursor: int) -> list[Completion]:
        """What may stand at the cursor."""
        if text.lstrip().startswith("."):
            return self._command(text[:cursor], cursor)
        if inputs.kind(text) is Kind.MESSAGE:
            return []
        return complete(text, cursor, self._around())

    def _command(self, before: str, cursor: int) -> list[Completion]:
        name, space, argument = before.lstrip().partition(" ")
        if not space:
            specs = self.evaluator.commands.by_name.values()
            begins = [spec for spec in specs if f".{spec.name}".startswith(name)]
            return [Completion(f".{spec.name}", cursor - len(name), "command", spec.usage, spec.doc) for spec in begins]
        spec = self.evaluator.commands.by_name.get(name[1:])
        if spec is None:
            return []
        if name == ".print":
            found = complete(before, cursor, self._around()) if "$" in argument else []
            return [one for one in found if one.kind in IN_FORMATS]
        start = cursor - len(argument)
        known = files(argument) if spec.argument == "file" else self._arguments(spec.argument)
        return [Completion(word, start, spec.argument, "", doc) for word, doc in known.items() if word.startswith(argument)]

    def _arguments(self, what: str) -> dict[str, str]:
        """The words that an argument may be, with a line about each."""
        session = self.evaluator.session
        modules = session.program.modules
        match what:
            case "table":
                return {name: f"{len(items)} items" for name, items in session.instance.tables().items()}
            case "route":
                return {name or title(kind, name): "" for kind, name in session.program.routes}
            case "rpc":
                found = [rpc for module in modules for rpc in module.rpcs.values() if rpc.implementation is not None]
                return {rpc.name: first_line(rpc.doc) for rpc in sorted(found, key=lambda rpc: rpc.name)}
            case "name":
                return {one.name: first_line(one.doc) for module in modules for one in describe.exports(module)}
            case _:
                return {}

    def toolbar(self, text: str, cursor: int) -> tuple[str, str, str, str] | None:
        """The call under the cursor: what stands before, in and behind its current parameter, and a line about it."""
        session = self.evaluator.session
        if text.lstrip().startswith("."):
            spec = self.evaluator.commands.by_name.get(text.strip().partition(" ")[0][1:])
            return (spec.usage, "", "", spec.doc) if spec else None
        found = signatures(text, cursor, session.program.names)
        if not found:
            return None
        one = found[0]
        before = "".join(f"{name}, " for name in one.parameters[: one.active])
        now = one.parameters[one.active] if one.active < len(one.parameters) else ""
        behind = "".join(f", {name}" for name in one.parameters[one.active + 1 :])
        return f"{one.name}({before}", now, f"{behind})", one.doc

    def status(self) -> str:
        """Where the session is: the script, the current message, the time that has passed."""
        session = self.evaluator.session
        message = session.run.message
        about = message.text.lstrip("\r\n").split("\n", 1)[0].strip().removesuffix(" SIP/2.0")
        paused = "  paused" if self.evaluator.talk.debugger.paused else ""
        return f"{session.name or 'no script'}  |  {about}  |  {session.clock.uptime():g} s{paused}"


def files(begin: str) -> dict[str, str]:
    """The files whose path begins so; folders end in a slash."""
    folder, _, name = begin.rpartition("/")
    base = Path(f"{folder}/" if begin.startswith("/") or folder else ".").expanduser()
    try:
        entries = sorted(os.scandir(base), key=lambda entry: entry.name)
    except OSError:
        return {}
    head = f"{folder}/" if "/" in begin else ""
    shown = [entry for entry in entries if entry.name.startswith(name) and (name.startswith(".") or not entry.name.startswith("."))]
    return {f"{head}{entry.name}{'/' if entry.is_dir() else ''}": "" for entry in shown}
