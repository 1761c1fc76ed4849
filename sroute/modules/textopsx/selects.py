"""Selects of values in headers: `@hf_value.contact[1].uri`, `@hf_value2["Authorization"]`, `@hf_value_exists.supported.timer`."""

from collections.abc import Callable

from sroute.exports.select import Factory, Part, Parts
from sroute.modules.pv.select_addresses import address_below, body_below, uri_below
from sroute.modules.pv.select_types import Text, always
from sroute.modules.textops.arguments import header_kind
from sroute.modules.textopsx.module import textopsx
from sroute.modules.textopsx.values import values
from sroute.runtime.run import Run
from sroute.sip import listed, params

_Each = Callable[[str], str]


def _path(index: int | str | None, rest: Parts) -> Parts:
    """The name of the header and what follows: it may stand in brackets, `@hf_value["X-A"]`."""
    return ((index, None), *rest) if isinstance(index, str) else rest


def _header(part: Part) -> tuple[str, int | None] | None:
    """The kind of header and the index; names of headers are written with `_` for `-`."""
    name, index = part
    kind = header_kind(name.replace("_", "-"))
    return None if kind is None or isinstance(index, str) else (kind, index)


def _values(run: Run, kind: str) -> list[str]:
    text = run.message.text
    return [text[found.start : found.end] for header in run.message.all(kind) for found in values(text, header)]


def _nth(found: list[str], number: int) -> str:
    """The n-th value from 1 (0 is the first, too) or from the end; empty without it."""
    place = max(number - 1, 0) if number >= 0 else number
    return found[place] if -len(found) <= place < len(found) else ""


@textopsx.select("hf_value")
def hf_value(index: int | str | None, rest: Parts) -> Factory | None:
    """A value of a list in headers, `@hf_value.NAME[n]`; all of them with commas without an index.

    Behind it: `.uri` and its parts, `.name`, `.nameaddr.uri`, `.param.NAME` of the n-th one, `.params.NAME`.

    Example: xlog("$sel(hf_value.contact[1].uri.host)\\n");
    """
    path = _path(index, rest)
    found = _header(path[0]) if path else None
    if found is None:
        return None
    kind, number = found

    def text(run: Run) -> str:
        found = _values(run, kind)
        return ",".join(found) if number is None else _nth(found, number)

    def first(run: Run) -> str:
        return _nth(_values(run, kind), number or 1)

    def each(run: Run, part: _Each) -> str:
        return ",".join(map(part, _values(run, kind))) if number is None else part(first(run))

    return _below(path[1:], text, first, each, one=number is not None)


def _below(rest: Parts, text: Text, first: Text, each: Callable[[Run, _Each], str], *, one: bool) -> Factory | None:
    """What stands behind the header; an unknown name is as good as none."""
    match rest:
        case (("uri", None), *below):
            return _uri(lambda run: each(run, listed.uri), tuple(below))
        case (("name", None),):
            return always(lambda run: _name_of(first(run) or ""))
        case (("param" | "p", str(name)),) | (("param" | "p", None), (str(name), None)):
            return always(lambda run: _param_of(first(run) or "", name)) if one else always(text)
        case (("nameaddr", None), _, *_):
            return address_below(text, rest)
        case (("params", str()),) | (("params", None), _):
            return body_below(text, rest)
        case () | ((_, _),):
            return None if rest and rest[0][0] in ("nameaddr", "param", "p") else always(text)
        case _:
            return None


def _uri(text: Text, below: Parts) -> Factory | None:
    """A URI and its parts; an unknown part is the URI."""
    return uri_below(text, below) or (always(text) if len(below) == 1 else None)


def _name_of(value: str) -> str:
    """The name without its quotes."""
    name = listed.name(value)
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _param_of(value: str, name: str) -> str:
    """A parameter behind the value, its quotes removed."""
    text = listed.parameters(value)
    found = params.parse(text) if text else None
    return "" if found is None else params.value(found[0], name) or ""


@textopsx.select("hf_value2")
def hf_value2(index: int | str | None, rest: Parts) -> Factory | None:
    """The body of a header, `@hf_value2.NAME[n]`, by default the first; `.params.NAME` a parameter of it.

    Example: xlog("$sel(hf_value2.authorization[-1])\\n");
    """
    path = _path(index, rest)
    found = _header(path[0]) if path else None
    if found is None or len(path) > 3:
        return None
    kind, number = found

    def body(run: Run) -> str:
        return _nth([header.body for header in run.message.all(kind)], number or 1)

    if len(path) > 1 and path[1][0] == "params" and (len(path) > 2 or path[1][1] is not None):
        return body_below(body, path[1:])
    return always(body)


@textopsx.select("hf_value_exists")
def hf_value_exists(index: int | str | None, rest: Parts) -> Factory | None:
    """`1` when a list in headers has that value, without regard to case, else `0`: `@hf_value_exists.NAME.VALUE`.

    Example: xlog("$sel(hf_value_exists.supported.timer)\\n");
    """
    path = _path(index, rest)
    match path:
        case ((str(name), str(wanted)),) | ((str(name), None), (str(wanted), None)):
            found = _header((name, None))
        case _:
            return None
    if found is None:
        return None
    kind, lowered = found[0], wanted.lower()
    return always(lambda run: "1" if any(value.lower() == lowered for value in _values(run, kind)) else "0")
