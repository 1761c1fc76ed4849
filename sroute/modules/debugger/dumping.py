"""What dbg_pv_dump() and dbg_sip_msg() show."""

from collections.abc import Iterator, Sequence

from sroute.exports.fixups import Constant, Scope
from sroute.exports.variable import Pv
from sroute.runtime.hashing import core_hash
from sroute.runtime.run import Run
from sroute.runtime.values import Value
from sroute.runtime.xavp import Xavp, XavpList
from sroute.sip.lump import Lumps

NULLS, AVPS, SCRIPT, XAVPS, OTHERS = 1, 2, 4, 8, 16
SLOTS = 512
_HIDDEN = frozenset({
    "ru", "ruri", "rU", "ruri.user", "rd", "ruri.domain", "rUl", "ou", "ouri", "du", "duri", "ds", "bf", "bF", "br", "bR", "rb", "fu",
    "from", "tu", "to", "Ts", "Tf", "T_reply_last", "route_uri", "rr_count", "rr_top_count", "hdr", "hdrc", "xavu", "xavi", "branch",
    "time", "timef", "utime", "hfl", "C", "lsock", "null",
})  # fmt: skip
"""Variables that are none of the kinds that are shown."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def dump(scope: Scope, run: Run, mask: int) -> str:
    """The script's variables in the order in which 5.6.3 keeps them: by a hash of their text."""
    shown: dict[str, str] = {}
    for pv in _ordered(scope):
        found = _shown(pv, scope, run, mask)
        if found is not None:
            shown.setdefault(*found)
    return "{" + ",".join(f"{_quoted(name)}:{text}" for name, text in shown.items()) + "}"


def _ordered(scope: Scope) -> Iterator[Pv]:
    slots: list[list[Pv]] = [[] for _ in range(SLOTS)]
    for pv in {pv.spec.text: pv for pv in scope.every_pv()}.values():
        slots[core_hash(pv.spec.text) % SLOTS].insert(0, pv)
    return (pv for members in slots for pv in members)


def _shown(pv: Pv, scope: Scope, run: Run, mask: int) -> tuple[str, str] | None:
    """The name and the JSON of a variable; None where it is not asked for."""
    name = pv.spec.name
    if name in _HIDDEN or pv.transformations:
        return None
    if name == "avp":
        return _avp(pv, scope, run, mask)
    if name == "xavp":
        return _xavp(pv, run, mask)
    if not mask & (SCRIPT if name in ("var", "vn", "vz") else OTHERS):
        return None
    value = _value(pv, scope, run)
    return None if value is None and not mask & NULLS else (pv.spec.text, _json(value))


def _avp(pv: Pv, scope: Scope, run: Run, mask: int) -> tuple[str, str] | None:
    inner = pv.variable.inner.bind(pv.inner, scope) if pv.variable.inner is not None else None
    if not mask & AVPS or not isinstance(inner, Constant):
        return None
    values = run.avps.all(inner.value)
    return None if not (values or mask & NULLS) else (f"$avp({pv.spec.inner})", _list(values))


def _value(pv: Pv, scope: Scope, run: Run) -> Value:
    if pv.variable.number is not None:
        inner = pv.variable.inner.bind(pv.inner, scope) if pv.variable.inner is not None else None
        return pv.variable.number(scope, inner, None)(run)
    value = scope.read(pv)(run)
    return value if isinstance(value, int | str) else None


def _xavp(pv: Pv, run: Run, mask: int) -> tuple[str, str] | None:
    root = (pv.spec.inner or "").partition("=>")[0].partition("[")[0]
    records = list(run.xavps.all(root)) if mask & XAVPS else []
    if not mask & XAVPS or not (records or mask & NULLS):
        return None
    return f"$xavp({root})", "[" + ",".join(_record(record) for record in records) + "]"


def _record(record: Xavp) -> str:
    value = record.value
    if not isinstance(value, XavpList):
        return _json(value if isinstance(value, int | str) else None)
    members: dict[str, list[Value]] = {}
    for member in value:
        members.setdefault(member.name, []).append(member.value if isinstance(member.value, int | str) else None)
    return "{" + ",".join(f"{_quoted(name)}:{_list(values)}" for name, values in members.items()) + "}"


def _list(values: Sequence[Value]) -> str:
    return "[" + ",".join(_json(value) for value in values) + "]"


def _json(value: Value) -> str:
    return "null" if value is None else _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char, char) for char in text) + '"'


def changes(text: str, lumps: Lumps) -> str:
    """What a list of changes removes from a text (`- ` and the part) and adds."""
    shown: list[str] = []
    for anchor in lumps:
        shown += [piece.text for piece in anchor.before]
        if anchor.length:
            part = text[anchor.offset : anchor.offset + anchor.length]
            shown.append(f"- {part}" if part.endswith("\n") else f"- {part}\n")
        shown += [piece.text for piece in anchor.after]
    return "".join(shown)
