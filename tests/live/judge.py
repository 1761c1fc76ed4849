"""Runs one case in the real Kamailio: inside a namespace, from a scratch copy of what lies beside the script."""

import re
import shlex
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sroute.sip import messagefile
from sroute.sip.endpoint import PEER
from sroute.source.diagnostic import Diagnostic
from sroute.testing.expectations import Advance, Case
from sroute.testing.outcome import Outcome
from sroute.testing.sidecar import render
from tests.live import log, network
from tests.live.server import Server, Stuck

# Modules that show whole seconds: their cases begin with one, as the virtual clock does (a bit behind it: the kernel's coarse clock lags).
WHOLE_SECONDS = re.compile(r'loadmodule "(?:auth|registrar|usrloc)\.so"|include_file')
LAG = 0.02
# Loads the module that logs each action with its line, under a prefix that no module has.
TRACE = ("--loadmodule=debugger", "--modparam=debugger:cfgtrace:i:1", "--modparam=debugger:log_prefix:s:")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the real Kamailio did with a case."""

    started: bool
    log: log.Log
    sent: str
    rpc: tuple[tuple[str, str], ...]
    printed: str
    status: int
    trouble: str | None
    seconds: float

    def outcome(self) -> Outcome:
        """The verdict in the terms in which sroute's own runs are compared."""
        return Outcome(
            log=tuple(line.text for line in self.log.script),
            diags=tuple(log.bare(line.text) for line in self.log.complaints),
            sent=self.sent,
            rpc=tuple(text for _, text in self.rpc),
            refused=None if self.started else tuple(Diagnostic("", "error", log.bare(line.text)) for line in self.log.startup),
            trouble=(Diagnostic("", "error", self.trouble),) if self.trouble else (),
        )


class Run:
    """One case, from start to stop."""

    def __init__(self, case: Case, server: Server, wire: network.Wire) -> None:
        self.case, self.server, self.wire = case, server, wire
        self.sent: list[messagefile.Sent] = []
        self.given: list[str] = []
        self.datagrams = 0

    def steps(self) -> None:
        """All that is sent, and the time that passes."""
        for step in self.case.steps:
            if isinstance(step, Advance):
                time.sleep(step.seconds)
                self._rest()
                continue
            for entry in step.entries(PEER):
                self._send(entry)

    def _send(self, entry: messagefile.Entry) -> None:
        self.given.append(entry.text)
        message = messagefile.render(entry, self.sent, PEER, self.server.first)
        self.wire.send(message.text.encode("latin-1"), message.src, message.dst)
        self.datagrams += 1
        self._rest()

    def _rest(self) -> None:
        self.server.rest(self.datagrams)
        self.sent += [message for message in self.wire.seen() if message.src.port in self.server.ports]

    def calls(self) -> tuple[tuple[str, str], ...]:
        """What the RPC commands print."""
        return tuple((call.command, self.server.rpc(shlex.split(call.command))) for call in self.case.rpc)


def judge(case: Case, *, trace: bool = False) -> Verdict:
    """What the real Kamailio does with a case; with `trace`, each line of the script's log has its place.

    Must run inside a namespace whose network is up.
    """
    if case.options:
        raise ValueError(f"{case.path}: '# options:' has no meaning for a real Kamailio")
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=log.FOLDER) as folder:
        script = _scratch(case, Path(folder))
        wire = network.Wire()
        try:
            wire.hold(PEER)
            options = [word for define in case.defines for word in ("-A", define)]
            server = Server(script, (*options, *(TRACE if trace else ())), rpc=bool(case.rpc))
            return _run(case, server, wire, begin)
        finally:
            wire.close()


def _run(case: Case, server: Server, wire: network.Wire, begin: float) -> Verdict:
    run = Run(case, server, wire)
    trouble: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    started_at = None
    try:
        if server.start():
            started_at = len(server.log())
            if WHOLE_SECONDS.search(case.text):
                time.sleep(1 + LAG - time.time() % 1)
            run.steps()
            answers = run.calls()
            if server.process.poll() is not None:
                trouble = "Kamailio ended by itself"
    except Stuck as stuck:
        trouble = str(stuck)
    finally:
        raw = server.log()
        status = server.stop()
    return Verdict(
        started=server.ready,
        log=log.read(raw.decode("latin-1"), len(raw) if started_at is None else started_at, server.pids, case.text),
        sent=render(run.sent, run.given),
        rpc=answers,
        printed=server.output().decode("latin-1"),
        status=status,
        trouble=trouble,
        seconds=time.monotonic() - begin,
    )


def _scratch(case: Case, folder: Path) -> Path:
    """A copy of the script and of the files beside it that it may use: whatever Kamailio writes does not end up in the tree."""
    shutil.copytree(case.path.parent, folder, ignore=shutil.ignore_patterns("*.cfg", "*.sent", "*.sip"), dirs_exist_ok=True)
    script = folder / case.path.name
    script.write_text(case.text, "latin-1", newline="")
    return script
