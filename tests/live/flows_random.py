"""Flows by chance, in sroute and in the real Kamailio: `python -m tests.live.flows_random FIRST LAST [CFG ...]` plays those seeds.

A flow takes a script of tests/flows and a request that some flow there begins with; then callees answer what was sent, the caller
cancels, acknowledges or repeats. Flows in which a timer may fall together with a step are left out: there the real one's answer is luck.
Those that differ are kept in a folder, whose name is printed.
"""

import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sroute.errors import SrouteError
from tests.flows.play import Player
from tests.flows.script import FlowError, read
from tests.flows.transcript import Sent, differences
from tests.live.flows import FLOWS, isolated

CODES = (100, 180, 180, 183, 200, 200, 302, 401, 404, 407, 408, 480, 486, 486, 487, 503, 503, 600, 603)
PAUSES = (0.1, 0.1, 0.1, 0.2, 0.2, 0.3, 0.7, 1.3)
ENDS = (0.3, 0.3, 1.2, 2.5)
LUCK = 0.13
MANY = 60
_PARTIES = "alice at 127.0.0.1:5061\nbob at 127.0.0.1:5081\ncarol at 127.0.0.1:5082\ndave at 127.0.0.1:5083\n"
_FIRST = re.compile(r"^\S+ alice (INVITE|OPTIONS|MESSAGE) (\S+)((?:\n    .*)*)", re.M)
_FIRST_LINE = re.compile(r"INVITE (\S+) ")
_FINAL = re.compile(r"SIP/2.0 [2-6]")


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """A request that begins a flow of a script."""

    cfg: str
    method: str
    uri: str
    headers: str


def starts(wanted: Iterable[str]) -> list[Start]:
    """What the recorded flows begin with."""
    found = set()
    for path in FLOWS.glob("*.flow"):
        text, cfg = path.read_text("latin-1"), read(path).script.name
        found |= {Start(cfg, *match) for match in _FIRST.findall(text)}
    only = set(wanted)
    return sorted(one for one in found if not only or one.cfg in only)


@dataclass(slots=True)
class Made:
    """A flow that is being made."""

    path: Path
    start: Start
    dice: random.Random
    steps: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    cancels: int = 0
    within: int = 0

    def write(self, end: float) -> Player:
        """Writes the flow so far and plays it in sroute."""
        body = "\n".join(self.steps)
        self.path.write_text(f"# {self.path.stem}\ncfg {self.start.cfg}\n{_PARTIES}{body}\nend {end:.2f}\n")
        player = Player(read(self.path))
        player.play()
        return player

    def add(self, time: float, sent: list[Sent]) -> None:
        """One more step."""
        choice, method = self.dice.random(), self.start.method
        requests = [(n, one) for n, one in enumerate(sent, 1) if not one.text.startswith(("SIP/2.0", "ACK"))]
        finals = [n for n, one in enumerate(sent, 1) if one.to == "alice" and _FINAL.match(one.text) and "CSeq: 1 INVITE" in one.text]
        answered = [n for n in finals if sent[n - 1].text.startswith("SIP/2.0 200")]
        called = any(one.text.startswith("INVITE") and one.to != "alice" for one in sent)
        if answered and called and choice < 0.45:
            step = self._within(answered[-1], sent)
        elif choice < 0.72 and requests:
            step = self._reply(*self.dice.choice(requests))
        elif choice < 0.82 and method == "INVITE" and self.cancels < 2:
            self.cancels += 1
            step = f"alice CANCEL {self.start.uri}"
        elif choice < 0.9 and method == "INVITE" and finals:
            step = f"alice ACK {self.start.uri} to-tag=@to_tag({finals[-1]})"
        else:
            step = f"alice {method} {self.start.uri}{self.start.headers}"
        self.steps.append(f"{time} {step}")
        self.times.append(time)

    def _within(self, answer: int, sent: list[Sent]) -> str:
        """A request in the dialog that an answer has made, from either side."""
        invites = {one.to: (n, one) for n, one in enumerate(sent, 1) if one.text.startswith("INVITE") and one.to != "alice"}
        number, invite = self.dice.choice(sorted(invites.values(), key=lambda found: found[0]))
        method = self.dice.choice(("ACK", "BYE", "INFO", "INVITE", "UPDATE"))
        self.within += 1
        forth = self.dice.random() < 0.5
        if forth:
            target = _FIRST_LINE.match(invite.text)
            assert target is not None
            step = f"alice {method} {target[1]} cseq={1 if method == 'ACK' else self.within + 1} to-tag=@to_tag({answer})"
        else:
            step = f"{invite.to} {method} sip:alice@127.0.0.1:5061 call=@call_id({number}) cseq={self.within}"
            step += f" from-tag=@to_tag({answer}) to-tag=@from_tag({number})"
        if "Record-Route" in (sent[answer - 1] if forth else invite).text:
            step += f"\n    Route: @record_route({answer if forth else number})"
        return step

    def _reply(self, number: int, request: Sent) -> str:
        code = 200 if request.text.startswith("CANCEL") else self.dice.choice(CODES)
        step = f"{request.to} {code} to {number}"
        if code == 302:
            step += "\n    Contact: <sip:carol@127.0.0.1:5082>"
        if code in (401, 407):
            step += f'\n    {"WWW" if code == 401 else "Proxy"}-Authenticate: Digest realm="{request.to}"'
        return step


def make(folder: Path, seed: int, choices: list[Start]) -> tuple[Path, str] | None:
    """A flow and what sroute makes of it; None when it is of no use."""
    dice = random.Random(seed)
    start = dice.choice(choices)
    made = Made(folder / f"random_{seed}.flow", start, dice)
    made.steps.append(f"0 alice {start.method} {start.uri}{start.headers}")
    made.times.append(0.0)
    time = 0.03  # no time of a timer, which are sixteenths of a second
    try:
        for _ in range(dice.randint(2, 9)):
            time = round(time + dice.choice(PAUSES), 2)
            player = made.write(time - 0.01)
            if (due := player.instance.timers.due()) is not None and due < player.begun + time + LUCK:
                return None
            made.add(time, player.sent)
        end = time + dice.choice(ENDS)
        player = made.write(end)
    except (FlowError, SrouteError):
        return None
    chancy = any(1e-6 < abs(one.time - step) < LUCK for one in player.sent for step in [*made.times, end])
    return None if chancy or len(player.sent) > MANY else (made.path, Player(read(made.path)).play())


def main() -> None:
    """The command."""
    first, last, *cfgs = sys.argv[1:]
    folder = Path(tempfile.mkdtemp(prefix="flows-"))
    for cfg in FLOWS.glob("*.cfg"):
        shutil.copy(cfg, folder)
    choices = starts(cfgs)
    flows = [made for seed in range(int(first), int(last)) if (made := make(folder, seed, choices)) is not None]
    bad = 0
    with ThreadPoolExecutor(8) as pool:
        for (path, ours), theirs in zip(flows, pool.map(lambda flow: _real(flow[0]), flows), strict=True):
            found = differences(theirs, ours)
            if found:
                bad += 1
                path.with_suffix(".txt").write_text(theirs, "latin-1")
                print(path, *found, sep="\n  ")
            else:
                path.unlink()
    print(f"{len(flows)} flows, {bad} of them differ")


def _real(path: Path) -> str:
    try:
        return isolated(path)
    except RuntimeError as error:
        return f"failed: {error}"


if __name__ == "__main__":
    main()
