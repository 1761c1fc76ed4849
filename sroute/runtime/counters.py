"""Counters that RPC and `$stat` show: those of the core, of the script and of modules, in groups."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

CORE = (
    "bad_URIs_rcvd", "bad_msg_hdr", "drop_replies", "drop_requests", "err_replies", "err_requests", "fwd_replies", "fwd_requests",
    "rcv_replies", "rcv_replies_18x", "rcv_replies_401", "rcv_replies_404", "rcv_replies_407", "rcv_replies_480", "rcv_replies_486",
    "rcv_requests", "unsupported_methods",
)  # fmt: skip
REPLY_METHODS = ("bye", "cancel", "invite", "message", "prack", "refer", "reg", "update")
METHODS = (
    "ack", "bye", "cancel", "info", "invite", "message", "notify", "options", "prack", "publish", "refer", "register", "subscribe",
    "update",
)  # fmt: skip
_SINGLE = frozenset({401, 404, 407, 480, 486})
_REPLY_METHOD = {"REGISTER": "reg"} | {name.upper(): name for name in REPLY_METHODS if name != "reg"}
_METHODS = frozenset(name.upper() for name in METHODS)
UNKNOWN = "kamailio statistic (no description)"


@dataclass(slots=True)
class Counter:
    """One counter; a kept one is not reset. Its number has 64 bits, shown without sign. One with `read` is worked out when asked for."""

    group: str
    name: str
    doc: str = UNKNOWN
    keep: bool = False
    read: Callable[[], int] | None = None
    _value: int = 0

    @property
    def value(self) -> int:
        """The number."""
        return self._value if self.read is None else self.read()

    @value.setter
    def value(self, number: int) -> None:
        self._value = number

    def add(self, number: int) -> None:
        """Adds, with a wrap at 64 bits."""
        self.value = ((self.value + number + (1 << 63)) & 0xFFFFFFFFFFFFFFFF) - (1 << 63)

    @property
    def unsigned(self) -> int:
        """The number as statistics show it."""
        return self.value & 0xFFFFFFFFFFFFFFFF

    def reset(self) -> None:
        """Back to 0, but for one that is kept."""
        if not self.keep:
            self.value = 0


class Sampled:
    """Figures that are looked at once a second at most: what is asked for again within it is what it was then (sl and tmx in 5.6.3)."""

    __slots__ = ("_figures", "_known", "_second", "_uptime")

    def __init__(self, uptime: Callable[[], float], figures: Callable[[], Mapping[str, int]]) -> None:
        """uptime tells the seconds, figures all numbers by name."""
        self._uptime = uptime
        self._figures = figures
        self._second = -1
        self._known: Mapping[str, int] = {}

    def reader(self, name: str) -> Callable[[], int]:
        """What reads one of the figures."""

        def read() -> int:
            second = int(self._uptime())
            if second != self._second:
                self._second, self._known = second, dict(self._figures())
            return self._known[name]

        return read


class Counters:
    """All counters of an instance."""

    __slots__ = ("_by_name", "_groups")

    def __init__(self) -> None:
        """Without any: the core's are made by the module kex."""
        self._groups: dict[str, dict[str, Counter]] = {}
        self._by_name: dict[str, Counter] = {}

    def begin_core(self) -> None:
        """Makes the counters of the core, which are all 0."""
        classes = [f"rcv_replies_{number}xx" for number in range(1, 7)]
        for name in (*CORE, *classes, *(f"{c}_{m}" for c in classes for m in REPLY_METHODS), *(f"rcv_requests_{m}" for m in METHODS)):
            self.register("core", name)

    def register(self, group: str, name: str, doc: str = UNKNOWN, *, keep: bool = False) -> Counter:
        """The counter of that name in the group, a new one where there is none; a name alone finds the one registered first."""
        members = self._groups.setdefault(group, {})
        made = members.get(name)
        if made is None:
            made = members[name] = Counter(group, name, doc, keep)
            self._by_name.setdefault(name, made)
        return made

    def work_out(self, group: str, name: str, read: Callable[[], int]) -> None:
        """Registers a counter whose number is worked out when it is asked for."""
        self.register(group, name, keep=True).read = read

    def sample(self, group: str, uptime: Callable[[], float], figures: Callable[[], Mapping[str, int]]) -> None:
        """Registers counters whose numbers are looked at once a second at most."""
        sampled = Sampled(uptime, figures)
        for name in figures():
            self.work_out(group, name, sampled.reader(name))

    def find(self, name: str) -> Counter | None:
        """A counter by its name without group."""
        return self._by_name.get(name)

    def get(self, group: str, name: str) -> Counter | None:
        """A counter of a group."""
        return self._groups.get(group, {}).get(name)

    def groups(self) -> list[str]:
        """The names of the groups, sorted."""
        return sorted(self._groups)

    def group(self, name: str) -> Iterator[Counter]:
        """The counters of a group, by name."""
        members = self._groups.get(name, {})
        return (members[key] for key in sorted(members))

    def count(self, name: str) -> None:
        """One more for a counter of the core."""
        found = self._groups.get("core", {}).get(name)
        if found is not None:
            found.value += 1

    def request(self, method: str) -> None:
        """A request came in."""
        self.count("rcv_requests")
        self.count(f"rcv_requests_{method.lower()}" if method in _METHODS else "unsupported_methods")

    def refused(self, text: str, stage: str) -> None:
        """A message came in that has no Via that can be read."""
        if stage == "via":
            self.count("err_replies" if text.startswith("SIP/2.0 ") else "err_requests")

    def reply(self, status: int, method: str) -> None:
        """A reply came in; method is that of CSeq."""
        self.count("rcv_replies")
        group = f"rcv_replies_{status // 100}xx"
        if 100 <= status < 700:
            self.count(group)
            if method in _REPLY_METHOD:
                self.count(f"{group}_{_REPLY_METHOD[method]}")
        if status in _SINGLE:
            self.count(f"rcv_replies_{status}")
        if 180 <= status < 190:
            self.count("rcv_replies_18x")
