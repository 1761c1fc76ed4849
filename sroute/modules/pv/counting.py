"""`$cnt(...)`: how many values an AVP or an XAVP has."""

from collections.abc import Callable

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index, Pv
from sroute.modules.pv.avps import AVP_NAME, holder
from sroute.modules.pv.module import Shared, pv
from sroute.modules.pv.xavps import Place
from sroute.runtime.avp import AvpName
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value
from sroute.runtime.xavp import Xavp, XavpStore


class Counted:
    """`$avp(name)` or `$xavp(path)`."""

    form = "variable"

    def parse(self, text: str, names: Names) -> Pv:
        """The variable."""
        found = names.pv(text)
        if found.variable.name not in ("avp", "xavp"):
            raise FixupError(f"expected avp or xavp name instead of [{text}]")
        return found

    def bind(self, parsed: Pv, scope: Scope) -> Arg[Read]:
        """What counts its values."""
        if parsed.variable.name == "avp":
            state = scope.services.state("pv")
            assert isinstance(state, Shared)
            return Constant(_avps(AVP_NAME.bind(parsed.inner, scope), state))
        place: Arg[Place] = parsed.variable.inner.bind(parsed.inner, scope)
        assert isinstance(place, Constant)
        return Constant(_xavps(place.value))


def _avps(name: Arg[AvpName | None], state: Shared) -> Read:
    read: Callable[[Run], AvpName | None] = (lambda run: name.value) if isinstance(name, Constant) else name

    def count(run: Run) -> Value:
        found = read(run)
        return 0 if found is None else run.avps.count(holder(state, run.avps, found))

    return count


def _xavps(place: Place) -> Read:
    """Without an index the keys of all entries of the name count; with one those of that entry."""

    def count(run: Run) -> Value:
        store, at = run.xavps, place.at(run)
        if place.key is None:
            return store.count(place.name)
        entries = _entries(store, place.name, at if isinstance(at, int) else None)
        key_at = place.key_at(run)
        if isinstance(key_at, int):
            return sum(1 for entry in entries if entry.inner is not None and entry.inner.get(place.key, key_at) is not None)
        return sum(entry.inner.count(place.key) for entry in entries if entry.inner is not None)

    return count


def _entries(store: XavpStore, name: str, at: int | None) -> list[Xavp]:
    if at is None:
        return store.all(name)
    entry = store.get(name, at)
    return [] if entry is None else [entry]


@pv.variables_of("cnt", inner=Counted(), static="int")
def cnt(scope: Scope, inner: Arg[Read], index: Index) -> Read:
    """How many values an AVP or XAVP has.

    Example: xlog("$cnt($avp(x)) $cnt($xavp(a=>b))\\n");
    """
    assert isinstance(inner, Constant)
    count: Read = inner.value
    return count
