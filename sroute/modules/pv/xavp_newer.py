"""XAVP functions that are newer than 5.6.3: xavp_rm_all(), xavp_lshift(), xavp_push_dst() and their like."""

from sroute.exports.fixups import FORMAT, INTEGER, TARGET, PvRef
from sroute.modules.pv.destination import find_socket
from sroute.modules.pv.module import Shared, pv
from sroute.modules.pv.xavp_functions import assign
from sroute.runtime.run import Run
from sroute.runtime.xavp import Xavp, XavpStore, XType
from sroute.sip import params


@pv.function("xavp_rm_all", FORMAT, since="later")
def xavp_rm_all(state: Shared, run: Run, root: str) -> int:
    """Removes all `$xavp(root)`; returns how many, 1 when there is none.

    Example: $xavp(x) = 1; $xavp(x) = 2; xavp_rm_all("x"); xlog("$rc\\n");
    """
    return run.xavps.remove_all(root) or 1


@pv.function("xavi_rm_all", FORMAT, since="later")
def xavi_rm_all(state: Shared, run: Run, root: str) -> int:
    """Removes all `$xavi(root)`; returns how many, 1 when there is none.

    Example: $xavi(x) = 1; xavi_rm_all("X"); xlog("$rc\\n");
    """
    return run.xavis.remove_all(root) or 1


@pv.function("xavp_lshift", FORMAT, INTEGER, since="5.7")
def xavp_lshift(state: Shared, run: Run, root: str, steps: int) -> int:
    """Moves each `$xavp(root)` that many places towards index 0, the first ones to the end; -2 when there is none.

    Example: $xavp(x) = 1; $xavp(x) = 2; xavp_lshift("x", 1); xlog("$xavp(x)\\n");
    """
    return 1 if run.xavps.rotate(root, steps) else -2


@pv.function("xavp_push_dst", FORMAT, since="5.7")
def xavp_push_dst(state: Shared, run: Run, root: str) -> int:
    """Takes Request-URI, destination and socket from `uri`, `dsturi` and `socket` of the list `root`; -1 without that list.

    Example: $xavp(d=>uri) = "sip:a@example.com"; xavp_push_dst("d");
    """
    entry = run.xavps.get(root)
    if entry is None or entry.inner is None:
        return -1
    parts = {name: found.value for name in ("uri", "dsturi", "socket") if (found := entry.inner.get(name)) is not None}
    message = run.message
    if isinstance(uri := parts.get("uri"), str):
        message.new_uri = uri
    if isinstance(destination := parts.get("dsturi"), str):
        message.dst_uri = destination
    if isinstance(name := parts.get("socket"), str):
        socket = find_socket(state.instance.sockets, name)
        if socket is not None:
            message.send_socket = str(socket.endpoint)
    return 1


@pv.function("xavp_params_implode_qval", FORMAT, TARGET, since="5.8")
def xavp_params_implode_qval(state: Shared, run: Run, root: str, target: PvRef) -> int:
    """As xavp_params_implode(), texts in double quotes.

    Example: $xavp(x=>a) = "b c"; xavp_params_implode_qval("x", "$var(text)"); xlog("$var(text)\\n");
    """
    entry = run.xavps.get(root)
    if entry is None or entry.inner is None or not len(entry.inner):
        return -1
    return assign(state, run, target, "".join(_pair(child) for child in entry.inner))


def _pair(entry: Xavp) -> str:
    match entry.type:
        case XType.INT:
            return f"{entry.name}={entry.value};"
        case XType.STR:
            return f'{entry.name}="{entry.value}";' if entry.value else f"{entry.name};"
        case _:
            return ""


@pv.function("xavp_xparams_explode", FORMAT, FORMAT, FORMAT, since="6.0")
def xavp_xparams_explode(state: Shared, run: Run, text: str, separator: str, root: str) -> int:
    """As xavp_params_explode(), with another separator between the pairs.

    Example: xavp_xparams_explode("a=1&b=2", "&", "x"); xlog("$xavp(x=>b)\\n");
    """
    if not text or not separator:
        state.instance.diag("ERROR", "invalid parameters", "pv", run.at)
        return -1
    whole = text[:-1] if text.endswith(separator[0]) else text
    found = params.parse(whole, separator=separator[0]) if whole else None
    if found is None or any(not pair.name for pair in found[0]):
        return -1
    _explode(run.xavps, root, found[0])
    return 1


def _explode(store: XavpStore, root: str, found: list[params.Param]) -> None:
    made = store.new_list()
    for pair in found:
        made.append(pair.name, pair.value or "")
    store.add(root, made)
