"""mqueue: queues of keys and values, filled in one place of the script and emptied in another."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import FORMAT, TEXT, Arg, Scope, reader
from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.exports.variable import Index
from sroute.modules.offering import ends_script
from sroute.modules.pv.keys import TEXT_OR_VARIABLE
from sroute.modules.rtimer import pairs
from sroute.runtime.run import Process, Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Value

OLDEST, NEWEST = 1, 2
"""addmode: of items with one key the one that was added first stays, or the last."""
Item = tuple[str, str]


@dataclass(slots=True)
class Queue:
    """One queue; size 0 is without limit."""

    name: str
    size: int = 0
    mode: int = 0
    items: OrderedDict[int, Item] = field(default_factory=OrderedDict)
    places: dict[str, int] = field(default_factory=dict)
    """Where an item of that key is, in a queue with one item a key."""
    added: int = 0

    def add(self, name: str, value: str) -> None:
        """Appends; the oldest makes room in a full queue."""
        if self.mode and name in self.places:
            if self.mode == OLDEST:
                return
            del self.items[self.places[name]]
        self.added += 1
        self.items[self.added] = (name, value)
        self.places[name] = self.added
        if self.size and len(self.items) > self.size:
            self.fetch()

    def fetch(self) -> Item | None:
        """Takes the oldest item."""
        if not self.items:
            return None
        place, item = self.items.popitem(last=False)
        if self.places.get(item[0]) == place:
            del self.places[item[0]]
        return item


@dataclass(slots=True)
class Queues:
    """The queues of the script."""

    queues: dict[str, Queue] = field(default_factory=dict)
    db_url: str = ""
    mqueue_size: int = 0
    mqueue_addmode: int = 0
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def find(self, run: Run, name: str) -> Queue | None:
        """A queue; a complaint when there is none."""
        found = self.queues.get(name)
        if found is None:
            self.instance.diag("ERROR", f"mqueue not found: {name}", "mqueue", run.at)
        return found

    def define(self, queue: Queue) -> None:
        """Adds a queue.

        Raises ParamError.
        """
        if not queue.name:
            raise ParamError("mqueue name not defined")
        if queue.name in self.queues:
            raise ParamError(f"mqueue redefined: {queue.name}")
        self.queues[queue.name] = queue


mqueue = Module("mqueue", Queues, "Queues of keys and values: `mq_add()`, `mq_fetch()`, `$mqk(name)`, `$mqv(name)`.")
mqueue.setting("db_url", "str", doc="The database of queues with dbmode; sroute keeps them in memory only.")
mqueue.setting("mqueue_size", "int", doc="The size of queues defined by mqueue_name; 0 (default): no limit.")
mqueue.setting("mqueue_addmode", "int", doc="The addmode of queues defined by mqueue_name (0).")


@mqueue.param("mqueue", "str")
def define(state: Queues, value: int | str) -> None:
    """Defines a queue: `name=x;size=100;addmode=0`. addmode 1 keeps the first item of a key, 2 the last."""
    made, stored = Queue(""), False
    for name, text in pairs(str(value)):
        if name == "name":
            made.name = text
        elif name in ("size", "addmode"):
            _set(made, name, text)
        elif name == "dbmode":
            stored = text.isascii() and text.isdigit() and int(text[:10]) > 0
        else:
            raise ParamError(f"unknown param: {name}")
    if stored and not state.db_url:
        raise ParamError("dbmode needs db_url, set before this line")
    state.define(made)


def _set(made: Queue, name: str, text: str) -> None:
    given = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    if name == "size":
        made.size = given
    elif name == "addmode":
        made.mode = given


@mqueue.param("mqueue_name", "str")
def define_plain(state: Queues, value: int | str) -> None:
    """Defines a queue by its name, with mqueue_size and mqueue_addmode as they are set before."""
    state.define(Queue(str(value), state.mqueue_size, state.mqueue_addmode))


@mqueue.hooks.init.append
def _init(state: Queues, scope: Scope) -> None:
    state.services = scope.services
    if not state.queues:
        scope.services.diag("WARNING", "no mqueue defined", "mqueue")


@mqueue.hooks.tables.append
def _content(state: Queues) -> dict[str, dict[str, Value]]:
    return {f"mqueue:{queue.name}": {f"{at}:{name}": value for at, (name, value) in queue.items.items()} for queue in state.queues.values()}


def _fetched(process: Process) -> dict[str, Item]:
    """The items that a process fetched last, by queue."""
    known = process.module_state.get("mqueue")
    if not isinstance(known, dict):
        known = process.module_state["mqueue"] = {}
    return known


@mqueue.function("mq_add", FORMAT, FORMAT, FORMAT)
def mq_add(state: Queues, run: Run, queue: str, key: str, value: str) -> int:
    """Appends a key and a value to a queue; a full one loses its oldest item. -1 without that queue.

    Example: mq_add("jobs", "$ci", "$ru");
    """
    found = state.find(run, queue)
    if found is None:
        return -1
    found.add(key, value)
    return 1


@mqueue.function("mq_fetch", FORMAT)
def mq_fetch(state: Queues, run: Run, queue: str) -> int:
    """Takes the oldest item of a queue into `$mqk(queue)` and `$mqv(queue)`; -2 when it is empty, -1 without that queue.

    Example: while (mq_fetch("jobs")) { xlog("$mqk(jobs) $mqv(jobs)\\n"); }
    """
    found = state.queues.get(queue)
    if found is None:
        return -1
    items = _fetched(run.process)
    items.pop(queue, None)
    item = found.fetch()
    if item is None:
        return -2
    items[queue] = item
    return 1


@mqueue.function("mq_pv_free", FORMAT)
def mq_pv_free(state: Queues, run: Run, queue: str) -> int:
    """Forgets what was fetched from a queue: `$mqk` and `$mqv` are null.

    Example: mq_pv_free("jobs");
    """
    _fetched(run.process).pop(queue, None)
    return 1


@mqueue.function("mq_size", FORMAT)
def mq_size(state: Queues, run: Run, queue: str) -> int:
    """Returns how many items a queue has, as its code: -1 for an empty one, -2 without that queue.

    Example: if (mq_size("jobs") > 0) xlog("$rc left\\n");
    """
    found = state.queues.get(queue)
    if found is None:
        state.instance.diag("ERROR", f"mqueue {queue} not found", "mqueue", run.at)
        return -2
    return len(found.items) or -1


def _part(scope: Scope, inner: Arg[str | None], part: int) -> Read:
    read_name = reader(inner)
    state = scope.services.state("mqueue")
    assert isinstance(state, Queues)

    def read(run: Run) -> Value:
        name = read_name(run)
        if name is None or state.find(run, name) is None:
            return FAILED
        item = _fetched(run.process).get(name)
        if item is None:
            return None
        return item[part] or None

    return read


@mqueue.variables_of("mqk", inner=TEXT_OR_VARIABLE)
def mqk(scope: Scope, inner: Arg[str | None], index: Index) -> Read:
    """The key that mq_fetch() took from that queue.

    Example: xlog("$mqk(jobs)\\n");
    """
    return _part(scope, inner, 0)


@mqueue.variables_of("mqv", inner=TEXT_OR_VARIABLE)
def mqv(scope: Scope, inner: Arg[str | None], index: Index) -> Read:
    """The value that mq_fetch() took from that queue.

    Example: xlog("$mqv(jobs)\\n");
    """
    return _part(scope, inner, 1)


@mqueue.variables_of("mq_size", inner=TEXT_OR_VARIABLE)
def size_of(scope: Scope, inner: Arg[str | None], index: Index) -> Read:
    """How many items a queue has.

    Example: xlog("$mq_size(jobs)\\n");
    """
    read_name, state = reader(inner), scope.services.state("mqueue")
    assert isinstance(state, Queues)

    def read(run: Run) -> Value:
        name = read_name(run)
        found = None if name is None else state.find(run, name)
        return FAILED if found is None else len(found.items)

    return read


def _named(state: Queues, arguments: Sequence[Any], empty: int, missing: int) -> Queue:
    if not arguments:
        raise RpcFault(empty, "No queue name")
    found = state.queues.get(str(arguments[0]))
    if found is None:
        raise RpcFault(missing, "No such queue")
    return found


def _shown(queue: Queue) -> dict[str, RpcValue]:
    return {"name": queue.name, "size": len(queue.items)}


@mqueue.rpc("mqueue.get_size", "queue")
def rpc_size(state: Queues, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the size of a queue."""
    return _shown(_named(state, arguments, 400, 404))


@mqueue.rpc("mqueue.get_sizes", array=True)
def rpc_sizes(state: Queues, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the sizes of all queues."""
    return [_shown(queue) for queue in reversed(state.queues.values())]


@mqueue.rpc("mqueue.fetch", "queue")
def rpc_fetch(state: Queues, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Takes the oldest item of a queue."""
    item = _named(state, arguments, 500, 500).fetch()
    if item is None:
        raise RpcFault(404, "Empty queue")
    return {"key": item[0], "val": item[1]}


@mqueue.function("bind_mq", TEXT)
def bind_mq(state: Queues, run: Run, name: str) -> int:
    """What other modules call to use mqueue: not meant for scripts, in which it does nothing and ends the script.

    Example: bind_mq("x");
    """
    return ends_script(state.instance, run, "bind_mq")
