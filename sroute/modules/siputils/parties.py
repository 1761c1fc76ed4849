"""Who calls and who pays: Remote-Party-ID from an AVP, P-Charging-Vector."""

import re
from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import FORMAT, TEXT, Arg
from sroute.exports.variable import Index
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.siputils.module import SipUtils, siputils
from sroute.modules.siputils.texts import is_e164_text
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value
from sroute.sip import nameaddr
from sroute.sip import uri as uris
from sroute.sip.headers import Header

# ---------------------------------------------------------------- Remote-Party-ID


def _rpid(state: SipUtils, run: Run) -> str | None:
    if state.rpid is None:
        state.complain(run, "rpid avp not defined")
        return None
    value = state.rpid(run)
    return value if isinstance(value, str) and value else None


def _append(state: SipUtils, run: Run, prefix: str, suffix: str) -> int:
    value = _rpid(state, run)
    message = run.message
    if value is None:
        return -1
    message.lumps.anchor(message.headers_end).add_before(f"Remote-Party-ID: {prefix}{value}{suffix}\r\n")
    return 1


@siputils.function("append_rpid_hf")
def append_rpid_hf(state: SipUtils, run: Run) -> int:
    """Adds a Remote-Party-ID header from the AVP `rpid_avp`, between `rpid_prefix` and `rpid_suffix`; -1 when it is not set.

    Example: $avp(rpid) = "<sip:alice@example.com>"; append_rpid_hf();
    """
    return _append(state, run, state.rpid_prefix, state.rpid_suffix)


@siputils.function("append_rpid_hf", TEXT, TEXT)
def append_rpid_hf_between(state: SipUtils, run: Run, prefix: str, suffix: str) -> int:
    """As append_rpid_hf(), between two texts.

    Example: append_rpid_hf("\\"Alice\\" ", ";screen=yes");
    """
    return _append(state, run, prefix, suffix)


@siputils.function("is_rpid_user_e164")
def is_rpid_user_e164(state: SipUtils, run: Run) -> int:
    """True when the user of the URI in the AVP `rpid_avp` is an E.164 number.

    Example: if (is_rpid_user_e164()) { append_rpid_hf(); }
    """
    value = _rpid(state, run)
    if value is None:
        return -1
    if "<" in re.sub(r'"[^"]*"', "", value):
        found = nameaddr.parse(value)
        if found is None:
            state.complain(run, "failed to parse RPID")
            return -1
        value = found.uri
    uri = uris.parse(value)
    if uri is None:
        state.complain(run, "failed to parse RPID URI")
        return -1
    return 1 if is_e164_text(uri.user) else -1


# ---------------------------------------------------------------- P-Charging-Vector

_KEY = "siputils.charging"
_PART_END = re.compile(r"[\0 ;,\r\n]")
_NAMES = {"value": "icid-value=", "genaddr": "icid-generated-at=", "orig": "orig-ioi=", "term": "term-ioi="}
_ROOM = 235
_FORCED = (
    'sip_p_charging_vector("f") with a received vector: Kamailio 5.6.3 writes bytes of the message behind that in place of the new one, '
    "which breaks the message; sroute writes the new one"
)


@dataclass(frozen=True, slots=True)
class _Vector:
    """A charging vector: its text, and whether this server made it."""

    text: str
    generated: bool = False

    def part(self, name: str) -> str:
        """A part by the name that `$pcv` has for it."""
        _, found, rest = self.text.partition(_NAMES[name])
        return _PART_END.split(rest, maxsplit=1)[0] if found else ""


def _received(state: SipUtils, run: Run) -> tuple[_Vector | None, Header | None]:
    """The vector in the message, and the header that 5.6.3 removes: an empty one in front, never that of the vector itself."""
    empty = None
    for header in run.message.headers:
        if header.kind != "p-charging-vector" or header.name[0] != "P":
            continue
        if not header.body:
            state.complain(run, "P-Charging-Vector header found but no value.", "WARNING")
            empty = header
            continue
        vector = _Vector(header.body)
        if not vector.part("value") and _NAMES["value"] not in header.body:
            state.complain(run, "mandatory icid-value not found", "WARNING")
            state.complain(run, f"P-Charging-Vector header found but failed to parse value [{header.body}].")
            return None, empty
        if _NAMES["genaddr"] not in header.body:
            state.complain(run, f"icid-generated-at is missing {header.body}", "WARNING")
        return vector, empty
    return None, empty


def _identifier(state: SipUtils, run: Run) -> str:
    """A new identifier: `IVS`, address of the host, process, time and a count, in hexadecimal."""
    process = run.process
    count = process.module_state.get(_KEY, 0)
    assert isinstance(count, int)
    process.module_state[_KEY] = count + 1
    second = int(state.instance.clock.now()) & 0xFF
    parts = (b"IVS", bytes((127, 0, 1, 1)), process.pid.to_bytes(4, "little"), bytes((second,)), (count & 0xFFFFFFFF).to_bytes(4, "little"))
    return b"".join(parts).hex().upper()


@siputils.function("sip_p_charging_vector", FORMAT)
def sip_p_charging_vector(state: SipUtils, run: Run, flags: str) -> int:
    """Handles P-Charging-Vector: `g` adds one where there is none, `f` always, so that there are two; `r` removes none in 5.6.3.

    Example: sip_p_charging_vector("g"); xlog("$pcv(value)\\n");
    """
    wanted = set(flags.lower())
    vector, header = _received(state, run)
    message = run.message
    if vector is not None and header is not None and wanted & {"r", "f"}:
        message.lumps.delete(header.start, header.end - header.start)
    if "f" in wanted and vector is not None:
        state.instance.note(_FORCED, run.at)
    if "f" in wanted or ("g" in wanted and vector is None):
        vector = _Vector(f"icid-value={_identifier(state, run)}; icid-generated-at={message.dst.ip}"[:_ROOM], generated=True)
        message.lumps.anchor(message.headers_end).add_before(f"P-Charging-Vector: {vector.text}\r\n")
    run.extra[_KEY] = (message.number, vector)
    return 1


@siputils.variables_of("pcv", inner=OneOf(("all", "value", "genaddr", "orig", "term"), ("status",)))
def pcv(scope: Any, inner: Arg[str], index: Index) -> Read:
    """The P-Charging-Vector of the message: `all`, `value` (icid-value), `genaddr`, `orig` and `term`; null without one.

    Newer versions have `status`: 1 for one that was received, 2 for one that this server made.

    Example: xlog("$pcv(value)\\n");
    """
    name = key(inner)
    state: SipUtils = scope.services.state("siputils")

    def read(run: Run) -> Value:
        kept = run.extra.get(_KEY)
        vector = kept[1] if isinstance(kept, tuple) else None
        if not isinstance(vector, _Vector):
            vector = _received(state, run)[0]
            run.extra[_KEY] = (run.message.number, vector)
        if vector is None:
            return None
        if name == "status":
            return _status(vector)
        value = _whole(vector) if name == "all" else vector.part(name)
        if not value:
            state.complain(run, f"No value for pseudo-var $pcv but status was {_status(vector)}.", "WARNING")
            return None
        return value

    return read


def _status(vector: _Vector) -> int:
    return 2 if vector.generated else 1


def _whole(vector: _Vector) -> str:
    return f"P-Charging-Vector: {vector.text}\r\n" if vector.generated else vector.text
