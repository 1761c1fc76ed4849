"""Every function of KSR that is simulated, with odd arguments: it gives something, or says that it can't, and never breaks."""

from pathlib import Path

import pytest

from sroute.errors import NotSimulatedError, SrouteError
from sroute.instance.api import Options, load, start
from sroute.kemi.calls import KemiFunction
from sroute.kemi.engine import Context
from sroute.kemi.offer import offered
from sroute.runtime.routes import Routes
from sroute.sip.message import Message
from tests.unit.kemi.recorded import read

TEXTS = (
    "",
    "x",
    "$ru",
    "$var(a)",
    "$",
    "$(",
    "(",
    "a=>b",
    "*",
    "\xff\xfe",
    "0",
    "sip:a@b",
    "x" * 5000,
    "\r\n",
    "a,b",
    "/a/b/",
    "999999999999",
)
NUMBERS = (0, 1, -1, 5, 31, 32, 404, 2147483647, -2147483648)
LEFT_OUT = frozenset(["abort", "sleep", "usleep"])
"""What ends Kamailio, or waits."""


def arguments(function: KemiFunction, number: int) -> list[int | str]:
    texts, numbers = TEXTS[number % len(TEXTS) :] + TEXTS, NUMBERS[number % len(NUMBERS) :] + NUMBERS
    return [numbers[place] if kind == "int" else texts[place * 2] for place, kind in enumerate(function.export.params)]


@pytest.mark.parametrize("kind", [Routes.REQUEST, Routes.FAILURE, Routes.ONREPLY])
def test_odd_arguments_break_nothing(tmp_path: Path, kind: Routes) -> None:
    calls = read("modules")
    head = calls.head.replace("sqlite:///k.db", f"sqlite:///{tmp_path}/k.db")
    instance = start(load(tmp_path / "k.cfg", f'{head}\nloadmodule "kemix.so"\nrequest_route {{ exit; }}\n'), Options(keep_events=False))
    context = Context(instance.routes.binder, instance)
    text = calls.message.decode("latin-1")
    if kind in Routes.ANY_REPLY:
        text = "SIP/2.0 200 OK\r\n" + text.split("\r\n", 1)[1]
    broken = []
    for number in range(len(TEXTS)):
        for function in offered(instance.program.modules):
            if function.export.name in LEFT_OUT or (number and not function.export.params):
                continue
            context.run = instance.open(Message(text), kind)
            values = arguments(function, number)
            try:
                function.call(context, *values)
            except (NotSimulatedError, SrouteError):
                continue
            except Exception as error:
                broken.append(f"{function.export.label}{tuple(values)}: {error!r}"[:300])
    assert broken == []
