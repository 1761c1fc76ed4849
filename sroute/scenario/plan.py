"""A cluster as a TOML file describes it.

Example::

    script = "node.cfg"          # each node defines NODE_NAME and NODE_ADDRESS ("sip:127.0.0.1:5061") for it
    seed = 1
    [network]
    delay = [0.001, 0.2]
    loss = 0.1
    work = [0.001, 0.02]         # of a dmq worker for a message: with num_workers > 1 they overtake each other
    [nodes]
    a = "udp:127.0.0.1:5061"
    b = "udp:127.0.0.1:5062"
    [[steps]]
    node = "a"
    rpc = "htable.sets r k v"
    [[steps]]
    partition = [["a"], ["b"]]   # [] heals it
    [[steps]]
    advance = 5
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sroute.dialect import DEFAULT, Dialect
from sroute.errors import UsageError
from sroute.instance.api import load, start
from sroute.instance.options import Options
from sroute.runtime.world import World
from sroute.scenario.cluster import Cluster, Make
from sroute.scenario.network import Conditions
from sroute.sip.endpoint import Endpoint

LONGEST = 100 * 365 * 86400.0
_ACTIONS = ("advance", "rpc", "send", "partition", "stop", "start")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: what it is, at which node, and its value as the file has it."""

    action: str
    value: Any
    node: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole file; folder is where it lies."""

    folder: Path
    script: Path
    nodes: Mapping[str, Endpoint]
    steps: tuple[Step, ...]
    seed: int = 1
    conditions: Conditions = field(default_factory=Conditions)


def read(path: Path) -> Plan:
    """Reads a plan.

    Raises UsageError.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}") from None
    try:
        return _plan(path.parent, data)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def _plan(folder: Path, data: dict[str, Any]) -> Plan:
    _only(data, "script", "seed", "network", "nodes", "steps")
    nodes = _given(data, "nodes", dict)
    if not nodes or not all(isinstance(value, str) for value in nodes.values()):
        raise UsageError('[nodes] has a line NAME = "udp:127.0.0.1:5061" for each node')
    ends = {name: Endpoint.parse(value) for name, value in nodes.items()}
    steps = data.get("steps", [])
    if not isinstance(steps, list):
        raise UsageError("steps: each one is a [[steps]]")
    seed = data.get("seed", 1)
    if not isinstance(seed, int):
        raise UsageError("seed is an integer")
    conditions = _conditions(_given(data, "network", dict) if "network" in data else {})
    return Plan(folder, folder / _given(data, "script", str), ends, tuple(_step(step, ends) for step in steps), seed, conditions)


def _only(data: Mapping[str, Any], *names: str) -> None:
    for name in data:
        if name not in names:
            raise UsageError(f"unknown key {name!r} (known: {', '.join(names)})")


def _given(data: dict[str, Any], name: str, kind: type) -> Any:
    value = data.get(name)
    if not isinstance(value, kind):
        raise UsageError(f"{name} is missing or no {'text' if kind is str else 'table'}")
    return value


def _conditions(data: dict[str, Any]) -> Conditions:
    _only(data, "delay", "loss", "duplicate", "work")
    delay, work = _seconds(data, "delay", 0.001), _seconds(data, "work", 0.0)
    odds = [data.get(name, 0.0) for name in ("loss", "duplicate")]
    if not all(_number(value, 1.0) for value in odds):
        raise UsageError("loss and duplicate are between 0 and 1")
    return Conditions(delay, float(odds[0]), float(odds[1]), work)


def _seconds(data: dict[str, Any], name: str, default: float) -> tuple[float, float]:
    given = data.get(name, default)
    pair = given if isinstance(given, list) else [given, given]
    if len(pair) != 2 or not all(_number(value, 3600.0) for value in pair) or pair[0] > pair[1]:
        raise UsageError(f"{name} is a number of seconds, or two: [least, most]")
    return float(pair[0]), float(pair[1])


def _number(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _step(data: object, nodes: Mapping[str, Endpoint]) -> Step:
    if not isinstance(data, dict):
        raise UsageError("steps: each one is a [[steps]]")
    _only(data, "node", *_ACTIONS)
    found = [name for name in _ACTIONS if name in data]
    if len(found) != 1:
        raise UsageError(f"a step has one of {', '.join(_ACTIONS)}")
    action, value = found[0], data[found[0]]
    node = data.get("node", value if action in ("stop", "start") else "")
    if action in ("rpc", "send", "stop", "start") and (not isinstance(value, str) or node not in nodes):
        raise UsageError(f"the step {action} = {value!r} needs a node that exists")
    if action == "advance" and not _number(value, LONGEST):
        raise UsageError("advance is a number of seconds")
    if action == "partition" and not _parts(value, nodes):
        raise UsageError("partition is a list of lists of nodes")
    return Step(action, value, str(node or ""))


def _parts(value: object, nodes: Mapping[str, Endpoint]) -> bool:
    return isinstance(value, list) and all(isinstance(part, list) and all(name in nodes for name in part) for part in value)


def build(plan: Plan, *, dialect: Dialect = DEFAULT) -> Cluster:
    """The cluster of a plan, all nodes started.

    Raises ScriptError when the script of a node does not start.
    """
    makers = {name: _maker(plan, name, end, number, dialect) for number, (name, end) in enumerate(plan.nodes.items())}
    return Cluster(makers, seed=plan.seed, conditions=plan.conditions)


def _maker(plan: Plan, name: str, end: Endpoint, number: int, dialect: Dialect) -> Make:
    address = f"sip:{end.host}:{end.port}"
    program = load(plan.script, defines={"NODE_NAME": f'"{name}"', "NODE_ADDRESS": f'"{address}"', f"NODE_{name}": None}, dialect=dialect)
    program.settings.listen.clear()
    options = Options(seed=plan.seed * 1000 + number, listen=end, world=World(folder=plan.folder), keep_events=False)
    return lambda clock: start(program, options, clock=clock)
