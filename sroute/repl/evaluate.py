"""The evaluator: an input comes in, an outcome goes out. It knows no terminal."""

from collections.abc import Callable

from sroute.errors import MessageError, NotSimulatedError, SrouteError, StepLimitError
from sroute.exports.fixups import FixupError
from sroute.instance.events import Event, Failed, RpcAnswer
from sroute.interpreter import blocks, expressions
from sroute.repl import doing, inputs, looking, stopping
from sroute.repl.commands import Commands
from sroute.repl.debugger import Debugger
from sroute.repl.inputs import Kind
from sroute.repl.outcome import Note, Outcome, Problem, Result, Returned
from sroute.repl.session import Session, Setup
from sroute.repl.talk import Entry, Talk
from sroute.runtime.flow import DROP, EXIT, RETURN, EvalError
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source, Span
from sroute.syntax.nodes import Block, CallStatement, Expression, Statement
from sroute.syntax.parser import parse, parse_expression, parse_statements

LEFT = {EXIT: "exit", DROP: "drop", RETURN: "return"}


def commands() -> Commands[Talk]:
    """All dot commands."""
    return Commands(doing.commands, looking.commands, stopping.commands)


class Evaluator:
    """Evaluates the inputs of one session."""

    def __init__(self, setup: Setup, hear: Callable[[Event], None] = lambda event: None) -> None:
        """Starts the instance; hear is called with each event (log lines, messages) as it happens.

        Raises ScriptError when the script is refused.
        """
        self._hear = hear
        self._quiet = False
        self._faults = False
        self.commands = commands()
        session = Session(setup, self._heard)
        self.first = session.script
        self.talk = self._talk(session)

    def _talk(self, session: Session) -> Talk:
        return Talk(session, Debugger(session.tell), self.commands.by_name)

    def _heard(self, event: Event) -> None:
        self._faults |= isinstance(event, Failed) or (isinstance(event, RpcAnswer) and event.fault is not None)
        if not self._quiet:
            self._hear(event)

    @property
    def session(self) -> Session:
        """The session as it is now; `.undo` exchanges it."""
        return self.talk.session

    # ------------------------------------------------------------ inputs

    def evaluate(self, text: str) -> Outcome:
        """Evaluates one whole input."""
        entry = Entry(text)
        outcome = self._evaluate(entry)
        back, self.talk.back = self.talk.back, 0
        if back:
            self._undo(back, outcome)
        elif inputs.kind(text) is not Kind.NOTHING:
            self.talk.past.append(entry)
        return outcome

    def _evaluate(self, entry: Entry) -> Outcome:
        talk = self.talk
        talk.outcome, talk.entry, self._faults = Outcome(), entry, False
        if talk.debugger.paused is None:
            talk.session.renew(talk.session.run)
        try:
            self._dispatch(entry)
        except KeyboardInterrupt:
            entry.stopped = True
            talk.note("stopped")
            talk.outcome.failed = True
        except MessageError as error:
            talk.wrong(f"no SIP message: {error}")
        except (NotSimulatedError, StepLimitError) as error:
            code = "RN001" if isinstance(error, NotSimulatedError) else "RN002"
            talk.show(Problem(Diagnostic(code, "error", str(error), talk.session.run.at)))
        except RecursionError:
            talk.show(Problem(Diagnostic("RN002", "error", "blocks are nested too deeply", talk.session.run.at)))
        except FixupError as error:
            talk.wrong(error.message, error.hint)
        except SrouteError as error:
            talk.wrong(str(error))
        talk.outcome.failed |= self._faults
        return talk.outcome

    def _dispatch(self, entry: Entry) -> None:
        match inputs.kind(entry.text):
            case Kind.COMMAND:
                self._command(entry)
            case Kind.MESSAGE:
                if self.talk.idle():
                    doing.take(self.talk, entry.text)
            case Kind.DIRECTIVE:
                self._declarations(entry.text)
            case Kind.CODE:
                self._code(entry)
            case Kind.NOTHING:
                pass

    def _command(self, entry: Entry) -> None:
        found = self.commands.parse(entry.text)
        if isinstance(found, Diagnostic):
            entry.looks = True
            self.talk.show(Problem(found))
            return
        entry.looks = found.spec.looks
        found.spec.action(self.talk, found.argument)

    def _undo(self, count: int, outcome: Outcome) -> None:
        """The session as it was before the last inputs that changed something: all earlier ones are evaluated again."""
        past, gone = list(self.talk.past), list[Entry]()
        while past and len(gone) < count:
            entry = past.pop()
            if not entry.looks:
                gone.append(entry)
        if not gone:
            outcome.add(Note("there is nothing to undo"))
            return
        if not self._again(past):
            outcome.add(Note("stopped: nothing is undone"))
            outcome.failed = True
            return
        for entry in gone:
            first, more, _ = entry.text.strip().partition("\n")
            outcome.add(Note(f"undone: {first}{' ...' if more else ''}"))
        outcome.add(Note("databases and files stay as they are", quiet=True))
        if any(entry.stopped for entry in [*past, *gone]):
            outcome.add(Note("what was stopped with Ctrl-C is gone as a whole"))

    def _again(self, past: list[Entry]) -> bool:
        """A new session in which past inputs are evaluated, unheard, but for those that were stopped halfway.

        False when Ctrl-C stopped one of them now: then the session stays the one that it was.
        """
        before, self._quiet = self.talk, True
        try:
            self.talk = self._talk(Session(before.session.setup, self._heard, self.first))
            stopped = any(self._stops(entry) for entry in past if not entry.stopped)
        except KeyboardInterrupt:
            stopped = True
        finally:
            self._quiet = False
        if stopped:
            if self.talk is not before:
                self.talk.debugger.abandon()
            self.talk = before
            return False
        before.debugger.abandon()
        self.talk.past = past
        return True

    def _stops(self, entry: Entry) -> bool:
        """Evaluates a past input again; whether Ctrl-C stopped it this time."""
        self._evaluate(entry)
        stopped, entry.stopped = entry.stopped, False
        return stopped

    # ------------------------------------------------------------ code

    def _code(self, entry: Entry) -> None:
        """A statement, an expression or declarations: what it can be read as; else the error of the one that was read furthest."""
        session, text = self.session, entry.text
        known = {"defines": session.defines, "dialect": session.setup.dialect}
        tries: list[tuple[Diagnostic, ...]] = []
        for candidate in (text, f"{text}\n;"):
            piece = parse_statements(candidate, **known)  # type: ignore[arg-type]
            if not _errors(piece.diagnostics) and piece.statements:
                self._statements(piece.statements)
                return
            tries.append(_errors(piece.diagnostics))
        piece = parse_expression(text.rstrip().removesuffix(";"), **known)  # type: ignore[arg-type]
        if not _errors(piece.diagnostics) and piece.expression is not None:
            self._expression(piece.expression)
            return
        tries.append(_errors(piece.diagnostics))
        if self._declarations(text, silent=True):
            return
        tries.append(_errors(parse("<input>", text, defines=session.defines, dialect=session.setup.dialect, env={}).diagnostics))
        best = max((found for found in tries if found), key=_reach, default=())
        entry.looks = True
        self.talk.refused([_placed(found, text) for found in best[:1]])

    def _declarations(self, text: str, *, silent: bool = False) -> bool:
        """Top-level items and preprocessor lines; whether the text is such."""
        talk, session = self.talk, self.session
        parsed = parse("<input>", f"{text}\n", defines=session.defines, dialect=session.setup.dialect, env={})
        directive = inputs.kind(text) is Kind.DIRECTIVE
        errors = _errors(parsed.diagnostics)
        if directive and not parsed.script.items:  # a file of nothing but directives is refused, a line is not
            errors = tuple(found for found in errors if found.code != "SY001")
        if errors:
            if not silent:
                talk.refused(errors)
            return False
        if not talk.idle():
            return True
        if directive:
            session.define({name: value for name, value in parsed.script.defines.items() if name not in session.program.script.defines})
        if parsed.script.items:
            findings, lost = session.declare(parsed.script.items)
            talk.refused(findings)
            for name in lost:
                talk.note(f"the items of table {name} are gone: there is no such table any more")
        return True

    def _statements(self, statements: tuple[Statement, ...]) -> None:
        talk = self.talk
        root = Block(statements, statements[0].span.to(statements[-1].span))
        if talk.refused(self.session.settle(root)):
            talk.entry.looks = True
            return
        run = talk.run
        act = blocks.block(root, self.session.instance.routes.binder, tail=True)
        call = len(statements) == 1 and isinstance(statements[0], CallStatement)

        def work() -> None:
            run.code = 1
            flow = act(run)
            if call or flow in LEFT:
                talk.show(Returned(run.code if call else None, LEFT.get(flow, "")))

        self._work(work)

    def _expression(self, expression: Expression) -> None:
        talk = self.talk
        if talk.refused(self.session.settle(expression)):
            return
        talk.entry.looks = True
        run = talk.run
        read = expressions.bind(expression, self.session.instance.routes.binder)

        def work() -> None:
            try:
                value = read(run)
            except EvalError:
                talk.show(Problem(Diagnostic("RP003", "error", "the expression has no value", expression.span)))
            else:
                talk.show(Result(None if value is FAILED else value))

        self._work(work)

    def _work(self, work: Callable[[], None]) -> None:
        was_paused = self.talk.debugger.paused is not None
        self.talk.debugger.execute(work)
        if not was_paused:
            stopping.where(self.talk)


def run_of(evaluator: Evaluator) -> Run:
    """The run in which the next input is evaluated."""
    return evaluator.talk.run


def _errors(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(one for one in found if one.severity == "error")


def _reach(found: tuple[Diagnostic, ...]) -> int:
    return found[0].span.start if found[0].span else -1


def _placed(found: Diagnostic, text: str) -> Diagnostic:
    """A finding within what was typed: not on the `;` that was put behind it."""
    if found.span is None or found.span.start <= len(text):
        return found
    end = len(text.rstrip())
    span = Span(Source("<input>", text), end, end)
    return Diagnostic(found.code, found.severity, found.message, span, found.hint)
