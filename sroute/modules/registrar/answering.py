"""The reply to a REGISTER: the bindings that are there, and what else its headers say."""

from sroute.modules import sl
from sroute.modules.registrar.declaration import Registrar
from sroute.modules.registrar.reasons import PHRASES, Reason
from sroute.modules.usrloc.binding import Binding
from sroute.modules.usrloc.tables import Record
from sroute.runtime.dset import NO_Q
from sroute.runtime.redirect import q_text
from sroute.runtime.run import Run
from sroute.sip import uri as uris
from sroute.sip.message import Message, ReplyLump

_OUTBOUND = "outbound"


def supports(message: Message, tag: str, header: str = "supported") -> bool:
    """Whether an option tag stands in a header."""
    return any(tag == word.strip(" \t\r\n").lower() for line in message.all(header) for word in line.body.split(","))


def prepare_contacts(state: Registrar, run: Run, record: Record) -> None:
    """Makes the Contact header for the next reply, and fills the `$xavp` of xavp_rcd."""
    now = state.now
    shown = [binding for binding in record.bindings if binding.valid(now)]
    for binding in shown:
        note_details(state, run, binding)
    gruu = bool(state.gruu_enabled) and supports(run.message, "gruu")
    texts = [_contact(state, run, record, binding, now, gruu=gruu) for binding in shown]
    state.contact_line = f"Contact: {', '.join(texts)}\r\n" if texts else ""


def _contact(state: Registrar, run: Run, record: Record, binding: Binding, now: int, *, gruu: bool) -> str:
    parts = [f"<{binding.address}>"]
    if binding.q != NO_Q:
        parts.append(f"q={q_text(binding.q)}")
    parts.append(f"expires={(binding.expires - now) & 0xFFFFFFFF}")
    if binding.received:
        parts.append(f'{state.received_param}="{binding.received}"')
    if binding.instance and gruu:
        parts += _gruus(state, run, record, binding)
    if binding.instance:
        parts.append(f'+sip.instance="{binding.instance}"')
    if binding.reg_id > 0:
        parts.append(f"reg-id={binding.reg_id}")
    return ";".join(parts)


def _gruus(state: Registrar, run: Run, record: Record, binding: Binding) -> list[str]:
    """The public and the temporary URI of one instance."""
    to = run.message.to
    uri = uris.parse(to.uri) if to is not None else None
    host = uri.host if uri is not None else ""
    aor = record.aor if "@" in record.aor else f"{record.aor}@{host}"
    name = binding.instance.removeprefix("<").removesuffix(">")
    return [f'pub-gruu="sip:{aor};gr={name}"', f'temp-gruu="sip:{binding.ruid}@{host};gr"']


def note_details(state: Registrar, run: Run, binding: Binding) -> None:
    """Puts the details of a binding into the `$xavp` of xavp_rcd: those of the last one stand in front."""
    if not state.xavp_rcd:
        return
    root = run.xavps.get(state.xavp_rcd)
    inner = root.inner if root is not None else None
    if inner is None:
        inner = run.xavps.new_list()
        run.xavps.add(state.xavp_rcd, inner)
    lasting = binding.expires - state.now
    known: tuple[tuple[str, int | str], ...] = (
        ("ruid", binding.ruid),
        ("contact", binding.address),
        ("expires", lasting),
        ("received", binding.received),
        ("path", binding.path),
    )
    for bit, (name, value) in enumerate(known):
        if not state.xavp_rcd_mask >> bit & 1 and value != "":
            inner.add(name, value)


def send(state: Registrar, run: Run) -> int:
    """Sends the reply: 1, or -1 when that fails."""
    message, lines = run.message, list[str]()
    if state.contact_line:
        lines.append(state.contact_line)
        state.contact_line = ""
    if state.reason is Reason.FINE and state.use_path:
        _path(state, message, lines)
    _outbound(state, message, lines)
    reason = state.reason
    if reason is Reason.BRIEF:
        lines.append(f"Min-Expires: {state.min_expires}\r\n")
    if reason.code != 200:
        lines.append(f"P-Registrar-Error: {reason.text}\r\n")
    if reason.code >= 500 and state.retry_after:
        lines.append(f"Retry-After: {state.retry_after}\r\n")
    message.reply_lumps += [ReplyLump(line) for line in lines]
    replies = state.instance.state("sl")
    assert isinstance(replies, sl.Stateless)
    sent: int = sl.send_reply(replies, run, reason.code, PHRASES[reason.code])
    if sent < 0:
        state.complain(run, f"failed to send {reason.code} reply")
        return -1
    return 1


def _path(state: Registrar, message: Message, lines: list[str]) -> None:
    """Path in the reply, or a refusal of one that the UA does not understand."""
    vector = message.path
    if not vector or not state.path_mode:
        return
    if not supports(message, "path"):
        if state.path_mode != 2:
            return
        state.reason = Reason.PATH_UNSUPPORTED
        lines.append("Unsupported: path\r\n")
    lines.append(f"Path: {vector}\r\n")


def _outbound(state: Registrar, message: Message, lines: list[str]) -> None:
    reason = state.reason
    if reason is Reason.OUTBOUND_REQUIRED:
        lines.append(f"Unsupported: {_OUTBOUND}\r\n")
    elif reason is Reason.OUTBOUND_UNSUPPORTED or (reason is Reason.FINE and state.outbound_mode == 2):
        lines += [f"Require: {_OUTBOUND}\r\n", f"Supported: {_OUTBOUND}\r\n"]
    elif reason is Reason.FINE and state.outbound_mode == 1:
        lines.append(f"Supported: {_OUTBOUND}\r\n")
    else:
        return
    wanted = state.outbound_mode == 2 or wants_outbound(message)
    if reason is Reason.FINE and state.outbound_mode == 1 and wanted:
        lines.append(f"Require: {_OUTBOUND}\r\n")
    if reason is Reason.FINE and state.flow_timer and wanted:
        lines.append(f"Flow-Timer: {state.flow_timer}\r\n")


def wants_outbound(message: Message) -> bool:
    """Whether the UA names outbound in Supported or Require."""
    return supports(message, _OUTBOUND) or supports(message, _OUTBOUND, "require")
