"""How an instance is set up: everything that is not in the script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sroute.interpreter.stub import Stub
from sroute.runtime.world import World
from sroute.sip.endpoint import LOCAL, Endpoint

MAX_STEPS = 10_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """stubs are by function name; seed is that of the run's generator; hosts are names that resolve, with their addresses.

    max_steps limits one message; only_route runs that route instead of the main one; documented prints RPC answers as the
    original documents show them; keep_events False keeps no journal (listeners still hear everything); begins False stops
    short of the start-up events, so that nothing of the script runs. kemi is the Python or Lua file whose functions are called.
    """

    seed: int = 1
    max_steps: int = MAX_STEPS
    stubs: Mapping[str, Stub] = field(default_factory=dict)
    hosts: Mapping[str, str] = field(default_factory=dict)
    listen: Endpoint = LOCAL
    world: World = field(default_factory=World)
    documented: bool = False
    trace: bool = False
    keep_events: bool = True
    only_route: str | None = None
    begins: bool = True
    kemi: Path | None = None
