"""A reply made from a request, byte for byte as Kamailio makes one (sl_send_reply, t_reply)."""

from sroute.sip.headers import Row
from sroute.sip.message import Message

SERVER = "Server: kamailio (5.6.3 (x86_64/linux))"
_COPIED = frozenset({"via", "to", "from", "call-id", "cseq"})
_ALL_COPIED = _COPIED | {"record-route"}


def build(request: Message, code: int, reason: str, to_tag: str = "", server: str = SERVER, warning: str = "") -> str | None:
    """The text of a reply: Vias, From, To, Call-ID, CSeq and (180 to 299) Record-Route in the order of the request, then the reply lumps.

    A given `to_tag` is added to To, or replaces its tag. `server` and `warning` are whole header lines, `""` for none.
    None when the headers of the request can't be read to their end.
    """
    if not request.complete:
        return None
    text = request.text
    out = [f"{request.version} {code:03d} {reason}\r\n"]
    copied = _ALL_COPIED if 180 <= code < 300 else _COPIED
    for row in request.rows:
        kind = row[0]
        if kind not in copied:
            continue
        if kind == "via":
            out.append(_via(request, row))
        elif kind == "to" and to_tag:
            out.append(_to(request, row, to_tag))
        else:
            out.append(text[row[1] : row[4]])
    body = ""
    for lump in request.reply_lumps:
        if lump.body:
            body = lump.text
        else:
            out.append(lump.text)
    out.append(f"{server}\r\nContent-Length: {len(body)}\r\n" if server else f"Content-Length: {len(body)}\r\n")
    if warning:
        out.append(f"{warning}\r\n")
    out.append(f"\r\n{body}")
    return "".join(out)


def received_differs(request: Message) -> bool:
    """Whether `received=` belongs into the top Via: it is there, `rport` is, or the sent-by host is not the source address."""
    via = request.vias[0]
    return via.received is not None or via.rport is not None or not same_host(via.host, request.src.ip)


def same_host(host: str, ip: str) -> bool:
    """Whether a Via host is an IP address, IPv6 with or without brackets and in any case."""
    if host == ip:
        return True
    return ":" in ip and host.lower() in (ip.lower(), f"[{ip.lower()}]")


def _via(request: Message, row: Row) -> str:
    """A Via line; in that of the top Via the port takes the place of rport, else both new parameters stand at the end of the line."""
    text, start, end = request.text, row[1], row[3]
    top = request.vias[0]
    if row[2] != top.start:
        return f"{text[start:end]}\r\n"
    received = f";received={request.src.ip}" if received_differs(request) else ""
    if top.rport is not None:
        return f"{text[start : top.rport.start - 1]};rport={request.src.port}{text[top.rport.end : end]}{received}\r\n"
    if request.force_rport:
        return f"{text[start:end]};rport={request.src.port}{received}\r\n"
    return f"{text[start:end]}{received}\r\n"


def _to(request: Message, row: Row, tag: str) -> str:
    text, old = request.text, request.to
    _, start, _, end, after = row
    if old is not None and old.tag:
        return f"{text[start : old.tag_start]}{tag}{text[old.tag_start + len(old.tag) : after]}"
    return f"{text[start:end]};tag={tag}{text[end:after]}"
