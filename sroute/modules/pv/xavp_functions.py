"""Functions on XAVPs: printing, copying, from and to texts and script variables."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, INTEGER, TARGET, Arg, Constant, Names, PvRef, Scope
from sroute.exports.variable import Pv
from sroute.modules.pv.module import Shared, pv
from sroute.modules.pv.xavps import set_child, set_unique
from sroute.runtime.flow import AssignError
from sroute.runtime.hashing import core_case_hash, core_hash
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED
from sroute.runtime.xavp import Xavp, XavpList, XavpStore, XType, address
from sroute.sip import params
from sroute.sip.params import Param

# ---------------------------------------------------------------- printing

NEWER_TYPES = {
    XType.INT: 1,
    XType.LONG: 1,
    XType.STR: 2,
    XType.TIME: 3,
    XType.LLONG: 4,
    XType.XAVP: 5,
    XType.VPTR: 6,
    XType.SPTR: 7,
    XType.DATA: 8,
}
_KINDS = {XType.INT: "int", XType.STR: "str", XType.TIME: "time", XType.LONG: "long int", XType.LLONG: "llong"}


def _print(state: Shared, run: Run, store: XavpStore, title: str) -> int:
    """Says what is in a list: one INFO line for each thing."""
    say = _Printer(state.instance, run, title, store)
    say.content(store, "(nil)", 0)
    return 1


class _Printer:
    """Prints lists, nested ones where they stand."""

    def __init__(self, services: Services, run: Run, title: str, store: XavpStore) -> None:
        self._services = services
        self._at = run.at
        self._title = title
        self._hash = core_case_hash if store.fold else core_hash
        self._newer = services.dialect.newer

    def _line(self, text: str) -> None:
        self._services.diag("INFO", text, "core", self._at)

    def content(self, found: XavpList, parent: str, level: int) -> None:
        """The entries of a list."""
        where = found.pointer()
        self._line(f"+++++ start {self._title} list: {where} ({parent}) (level={level})")
        for number, entry in enumerate(found):
            self._entry(entry, where if number == 0 else address(found.serial * 256 + number), level)
        self._line(f"----- end {self._title} list: {where} (level={level})")

    def _entry(self, entry: Xavp, where: str, level: int) -> None:
        title = self._title
        kind = NEWER_TYPES.get(entry.type, 0) if self._newer else int(entry.type)
        self._line(f"     *** (l:{level} - {where}) {title} name: {entry.name}")
        self._line(f"     {title} id: {self._hash(entry.name)}")
        self._line(f"     {title} value type: {kind}")
        inner = entry.inner
        if inner is not None:
            self._line(f"     {title} value: <xavp:{inner.pointer()}>")
            self.content(inner, where, level + 1)
        elif entry.type in _KINDS:
            self._line(f"     {title} value ({_KINDS[entry.type]}): {entry.value}")
        else:
            self._line(f"     {title} value: {str(entry.text())[1:-1] if entry.value is not None else '<null>'}")
        self._line(f"     *** (l:{level} - {where}) end")


@pv.function("pv_xavp_print")
def pv_xavp_print(state: Shared, run: Run) -> int:
    """Logs all entries of `$xavp` at level INFO.

    Example: pv_xavp_print();
    """
    return _print(state, run, run.xavps, "XAVP")


@pv.function("pv_xavu_print")
def pv_xavu_print(state: Shared, run: Run) -> int:
    """Logs all entries of `$xavu` at level INFO.

    Example: pv_xavu_print();
    """
    return _print(state, run, run.xavus, "XAVU")


@pv.function("pv_xavi_print")
def pv_xavi_print(state: Shared, run: Run) -> int:
    """Logs all entries of `$xavi` at level INFO.

    Example: pv_xavi_print();
    """
    return _print(state, run, run.xavis, "XAVI")


# ---------------------------------------------------------------- script variables


@pv.function("pv_var_to_xavp", FORMAT, FORMAT)
def pv_var_to_xavp(state: Shared, run: Run, variable: str, root: str) -> int:
    """Puts a `$var` into a new entry `root=>variable`, or all of them with `*`; what `root` was goes. -1 for an unknown variable.

    Example: $var(x) = 5; pv_var_to_xavp("x", "saved"); xlog("$xavp(saved=>x)\\n");
    """
    store = run.xavps
    store.remove_all(root)
    known = dict.fromkeys(state.mentioned, 0) | run.vars
    found = known if variable == "*" else {variable: known[variable]} if variable in known else {}
    if not found:
        state.instance.diag("ERROR", f"script var [{variable}] not found", "pv", run.at)
        return -1
    made = store.new_list()
    for name, value in found.items():
        if value is not None:
            made.add(name, value)
    store.add(root, made)
    return 1


@pv.function("pv_xavp_to_var", FORMAT)
def pv_xavp_to_var(state: Shared, run: Run, root: str) -> int:
    """Puts each key of `$xavp(root)` into the `$var` of its name; -1 when there is no such list.

    Example: $xavp(saved=>x) = 5; pv_xavp_to_var("saved"); xlog("$var(x)\\n");
    """
    entry = run.xavps.get(root)
    if entry is None or entry.inner is None:
        text = f"xavp [{root}] not found" if entry is None else f"{root} not xavp type?"
        state.instance.diag("ERROR", text, "pv", run.at)
        return -1
    for child in entry.inner:
        value = child.text()
        run.vars[child.name] = 0 if value is None else value
    return 1


# ---------------------------------------------------------------- copies


@pv.function("xavp_copy", FORMAT, INTEGER, FORMAT)
@pv.function("xavp_copy", FORMAT, INTEGER, FORMAT, INTEGER)
def xavp_copy(state: Shared, run: Run, source: str, index: int, target: str, target_index: int | None = None) -> int:
    """Copies an entry with all that is in it behind the others of a name; with a second index over that one. -1 when one is missing.

    Example: $xavp(a=>b) = 1; xavp_copy("a", "0", "c"); xlog("$xavp(c=>b)\\n");
    """
    store = run.xavps
    entry = store.get(source, index) if index >= 0 else None
    if entry is None:
        state.instance.diag("ERROR", f"missing can not find source xavp [{source}]", "pv", run.at)
        return -1
    if target_index is None:
        store.add_last(target, store.copy_value(entry.value), entry.type)
        return 1
    old = store.get(target, target_index) if target_index >= 0 else None
    if old is None:
        state.instance.diag("ERROR", f"xavp_copy: missing can not find destination xavp [{target}]", "pv", run.at)
        return -1
    old.set(store.copy_value(entry.value))
    return 1


# ---------------------------------------------------------------- texts


def _pairs(state: Shared, run: Run, text: str) -> list[Param] | None:
    """The parameters of a text; None, with a complaint, when Kamailio refuses it."""
    whole = text[:-1] if text.endswith(";") else text
    found = params.parse(whole) if whole else None
    if found is None or any(not pair.name for pair in found[0]):
        for said in params.complaint(whole) if whole else ("invalid parameters",) if not text else ():
            state.instance.diag("ERROR", said, "core" if whole else "pv", run.at)
        return None
    return found[0]


@pv.function("xavp_params_explode", FORMAT, FORMAT)
def xavp_params_explode(state: Shared, run: Run, text: str, root: str) -> int:
    """Takes `a=b;c="d e";f` apart into a new list `root`, in the order of the text; -1 for a text that is no such list.

    Example: xavp_params_explode("a=b;c=d", "x"); xlog("$xavp(x=>a) $xavp(x=>c)\\n");
    """
    found = _pairs(state, run, text)
    if found is None:
        return -1
    made = run.xavps.new_list()
    for pair in found:
        made.append(pair.name, pair.value or "")
    run.xavps.add(root, made)
    return 1


@pv.function("xavu_params_explode", FORMAT, FORMAT)
def xavu_params_explode(state: Shared, run: Run, text: str, root: str) -> int:
    """Takes `a=b;c=d` apart. Kamailio 5.6.3 puts the pairs into the root list, beside an empty list `root` that reads them.

    Example: xavu_params_explode("a=b;c=d", "x"); xlog("$xavu(x=>a) $xavu(x=>c)\\n");
    """
    found = _pairs(state, run, text)
    if found is None:
        return -1
    store = run.xavus
    store.remove_all(root)
    for pair in found:
        set_unique(store, pair.name, pair.value or "")
    store.add(root, store.new_list())
    return 1


@pv.function("xavp_params_implode", FORMAT, TARGET)
def xavp_params_implode(state: Shared, run: Run, root: str, target: PvRef) -> int:
    """Puts `a=b;c=d;` together from the list `root` and assigns it; -1 when there is no such list or it is empty.

    Example: $xavp(x=>a) = "b"; xavp_params_implode("x", "$var(text)"); xlog("$var(text)\\n");
    """
    return _implode(run.xavps, state, run, root, target)


@pv.function("xavu_params_implode", FORMAT, TARGET)
def xavu_params_implode(state: Shared, run: Run, root: str, target: PvRef) -> int:
    """Puts `a=b;c=d;` together from the list `root` of `$xavu` and assigns it; -1 when there is no such list or it is empty.

    Example: $xavu(x=>a) = "b"; xavu_params_implode("x", "$var(text)"); xlog("$var(text)\\n");
    """
    return _implode(run.xavus, state, run, root, target)


def _implode(store: XavpStore, state: Shared, run: Run, root: str, target: PvRef) -> int:
    entry = store.get(root)
    if entry is None or entry.inner is None or not len(entry.inner):
        return -1
    signed = state.instance.dialect.newer
    return assign(state, run, target, "".join(_pair(child, signed=signed) for child in entry.inner))


def _pair(entry: Xavp, *, signed: bool) -> str:
    """A string or an int with its name; what is neither is left out. 5.6.3 writes a negative int as an unsigned one."""
    match entry.type:
        case XType.INT if isinstance(entry.value, int):
            return f"{entry.name}={entry.value if signed else entry.value & 0xFFFFFFFF};"
        case XType.STR:
            return f"{entry.name}={entry.value};" if entry.value else f"{entry.name};"
        case _:
            return ""


def assign(state: Shared, run: Run, target: PvRef, value: str) -> int:
    """Assigns a text; -1, with a complaint, when the variable refuses it."""
    try:
        target.set(run, value)
    except AssignError as error:
        for text in error.args:
            state.instance.diag("ERROR", text, "pv", run.at)
        state.instance.diag("ERROR", "setting PV failed", "pv", run.at)
        return -1
    return 1


@pv.function("xavp_slist_explode", FORMAT, FORMAT, FORMAT, FORMAT)
def xavp_slist_explode(state: Shared, run: Run, text: str, separators: str, mode: str, root: str) -> int:
    """Splits a text at any of some characters into `root=>v[0]`, `v[1]`, ...; mode `t` trims. Empty pieces are left out.

    Example: xavp_slist_explode("a, b", ",", "t", "x"); xlog("$xavp(x=>v[0]) $xavp(x=>v[1])\\n");
    """
    if not text or not separators or not root:
        state.instance.diag("ERROR", "invalid parameters", "pv", run.at)
        return -1
    trim = "t" in mode or "T" in mode
    made = run.xavps.new_list()
    for piece in _split(text, separators):
        kept = piece.strip(" \t\r\n") if trim else piece
        if kept:
            made.append("v", kept)
    run.xavps.add(root, made)
    return 1


def _split(text: str, separators: str) -> list[str]:
    first = separators[0]
    return text.translate({ord(char): first for char in separators}).split(first)


# ---------------------------------------------------------------- one key of a list


@dataclass(frozen=True, slots=True)
class IntegerOnly:
    """A number in decimal, or one variable; None, with Kamailio's complaint, when that holds no number but a text or nothing."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        return INTEGER.parse(text, names)

    def bind(self, parsed: int | Pv, scope: Scope) -> "Arg[int | None]":
        """The number."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read, services = scope.read(parsed), scope.services

        def number(run: Run) -> int | None:
            value = read(run)
            if isinstance(value, int) and value is not FAILED:
                return value
            services.diag("ERROR", "Could not convert PV to int", "core", run.at)
            return None

        return number


def _set_child(store: XavpStore, root: str, key: str, value: int | str) -> int:
    if not root or not key:
        return -1
    entry = store.get(root)
    if entry is None or entry.inner is None:
        if entry is not None:
            store.remove_entry(entry)
        entry = store.add(root, store.new_list())
    assert entry.inner is not None
    set_child(entry.inner, key, value)
    return 1


def _remove_child(store: XavpStore, root: str, key: str) -> int:
    entry = store.get(root)
    if entry is not None and entry.inner is not None:
        entry.inner.remove(key)
    return 1


def _declare(prefix: str, variable: str, store: Callable[[Run], XavpStore]) -> None:
    """The functions that `$xavp` and `$xavi` both have."""

    def seti(state: Shared, run: Run, root: str, key: str, number: int | None) -> int:
        if number is None:
            state.instance.diag("ERROR", "failed to get the value", "pv", run.at)
            return -1
        return _set_child(store(run), root, key, number)

    def sets(state: Shared, run: Run, root: str, key: str, text: str) -> int:
        return _set_child(store(run), root, key, text)

    def remove(state: Shared, run: Run, root: str) -> int:
        store(run).remove(root)
        return 1

    def child_remove(state: Shared, run: Run, root: str, key: str) -> int:
        return _remove_child(store(run), root, key)

    seti.__doc__ = (
        f"Sets `{variable}(root=>key)` to a number, in place of what it was; makes `root` where it is missing.\n\n"
        f'Example: {prefix}_child_seti("x", "n", "5"); xlog("{variable}(x=>n)\\n");'
    )
    sets.__doc__ = (
        f"Sets `{variable}(root=>key)` to a text, in place of what it was; makes `root` where it is missing.\n\n"
        f'Example: {prefix}_child_sets("x", "t", "$rU"); xlog("{variable}(x=>t)\\n");'
    )
    remove.__doc__ = f'Removes the newest `{variable}(root)`; 1 also when there is none.\n\nExample: {prefix}_rm("x");'
    child_remove.__doc__ = (
        f'Removes the newest `{variable}(root=>key)`; 1 also when there is none.\n\nExample: {prefix}_child_rm("x", "n");'
    )
    pv.function(f"{prefix}_child_seti", FORMAT, FORMAT, IntegerOnly())(seti)
    pv.function(f"{prefix}_child_sets", FORMAT, FORMAT, FORMAT)(sets)
    pv.function(f"{prefix}_rm", FORMAT)(remove)
    pv.function(f"{prefix}_child_rm", FORMAT, FORMAT)(child_remove)


_declare("xavp", "$xavp", lambda run: run.xavps)
_declare("xavi", "$xavi", lambda run: run.xavis)
