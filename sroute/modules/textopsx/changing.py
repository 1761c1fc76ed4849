"""Changing and removing values in headers that are lists, and parameters of values."""

from sroute.exports.fixups import FORMAT
from sroute.modules.textopsx.module import TextOpsX, textopsx
from sroute.modules.textopsx.params import find_pair, find_param, params_start, set_param
from sroute.modules.textopsx.values import ANY, ASSIGNED, Name, delete, nth, values, without
from sroute.runtime.run import Run
from sroute.sip.headers import Header


@textopsx.function("remove_hf_value", ANY)
def remove_hf_value(state: TextOpsX, run: Run, name: Name) -> int:
    """Removes a value of a list in headers (`Header[n]`, by default the first, `Header[*]` all), or a parameter of it (`.param`).

    Example: remove_hf_value("Supported[-1]");
    """
    if name.every:
        return _each(run, name, None)
    found = nth(run, name, name.number or 1)
    if found is None:
        return -1
    return _param(run, name, None, (found.start, found.end)) if name.param else without(run, found)


@textopsx.function("assign_hf_value", ASSIGNED, FORMAT)
def assign_hf_value(state: TextOpsX, run: Run, name: Name, value: str) -> int:
    """Replaces a value of a list in headers (`Header[n]`, by default the first), or a parameter of it (`.param`; `[*]` of all).

    Example: assign_hf_value("Contact[1].expires", "60");
    """
    if name.every:
        return _each(run, name, value)
    found = nth(run, name, name.number or 1)
    if found is None:
        return -1
    return _param(run, name, value, (found.start, found.end)) if name.param else _replace(run, found.start, found.end, value)


def _param(run: Run, name: Name, value: str | None, area: tuple[int, int]) -> int:
    return set_param(run, name, value, (params_start(run.message.text, *area), area[1]), find_param)


def _replace(run: Run, start: int, end: int, value: str) -> int:
    lumps = run.message.lumps
    lumps.delete(start, end - start)
    if value:
        lumps.anchor(start).add_before(value)
    return 1


def _each(run: Run, name: Name, value: str | None) -> int:
    """Removes all headers, or changes a parameter of all values."""
    result = -1
    for header in run.message.all(name.kind):
        if not name.param:
            result = delete(run, header, header.body_start, header.body_end)
            continue
        for found in list(values(run.message.text, header)):
            if _param(run, name, value, (found.start, found.end)) > 0:
                result = 1
    return result


# ---------------------------------------------------------------- headers that are no lists


@textopsx.function("remove_hf_value2", ANY)
def remove_hf_value2(state: TextOpsX, run: Run, name: Name) -> int:
    """Removes a header (`Header[n]`, by default the first, `Header[*]` all), or a parameter of it, as in Authorization.

    Example: remove_hf_value2("Authorization.opaque");
    """
    if name.every:
        return _each2(run, name, None)
    header = _header(run, name)
    if header is None:
        return -1
    return _pair(run, name, None, header) if name.param else delete(run, header, header.body_start, header.body_end)


@textopsx.function("assign_hf_value2", ASSIGNED, FORMAT)
def assign_hf_value2(state: TextOpsX, run: Run, name: Name, value: str) -> int:
    """Replaces the body of a header (`Header[n]`, by default the first), or a parameter of it, as in Authorization.

    Example: assign_hf_value2("Authorization.qop", "auth");
    """
    if name.every:
        return _each2(run, name, value)
    header = _header(run, name)
    if header is None:
        return -1
    return _pair(run, name, value, header) if name.param else _replace(run, header.body_start, header.body_end, value)


def _header(run: Run, name: Name) -> Header | None:
    headers, index = run.message.all(name.kind), name.number or 1
    if index > 0:
        return headers[index - 1] if index <= len(headers) else None
    return headers[index] if -index <= len(headers) else None


def _pair(run: Run, name: Name, value: str | None, header: Header) -> int:
    return set_param(run, name, value, (header.body_start, header.body_end), find_pair)


def _each2(run: Run, name: Name, value: str | None) -> int:
    result = -1
    for header in run.message.all(name.kind):
        done = _pair(run, name, value, header) if name.param else delete(run, header, header.body_start, header.body_end)
        result = max(result, done)
    return result
