"""A reply made from a request, byte for byte as Kamailio makes one (sl_send_reply, t_reply)."""

from sroute.sip.headers import Header
from sroute.sip.message import Message

SERVER = "Server: kamailio (5.6.3 (x86_64/linux))"
_COPIED = frozenset({"via", "record-route", "to", "from", "call-id", "cseq"})


def build(request: Message, code: int, reason: str, to_tag: str = "", server: str = SERVER, warning: str = "") -> str | None:
    """The text of a reply: Vias, From, To, Call-ID, CSeq and (180 to 299) Record-Route in the order of the request, then the reply lumps.

    A given `to_tag` is added to To, or replaces its tag. `server` and `warning` are whole header lines, `""` for none.
    None when the headers of the request can't be read to their end.
    """
    if not request.complete:
        return None
    text = request.text
    out = [f"{request.version} {code:03d} {reason}\r\n"]
    for header in request.headers:
        kind = header.kind
        if kind not in _COPIED:
            continue
        if kind == "via":
            out.append(_via(request, header))
        elif kind == "to" and to_tag:
            out.append(_to(request, header, to_tag))
        elif kind != "record-route" or 180 <= code < 300:
            out.append(text[header.start : header.end])
    body = ""
    for lump in request.reply_lumps:
        if lump.body:
            body = lump.text
        else:
            out.append(lump.text)
    if server:
        out.append(f"{server}\r\n")
    out.append(f"Content-Length: {len(body)}\r\n")
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


def _via(request: Message, header: Header) -> str:
    """A Via line; in that of the top Via the port takes the place of rport, else both new parameters stand at the end of the line."""
    text, end = request.text, header.body_start + len(header.body)
    top = request.vias[0]
    if header.body_start != top.start:
        return f"{text[header.start : end]}\r\n"
    rport = f";rport={request.src.port}" if top.rport is not None or request.force_rport else ""
    received = f";received={request.src.ip}" if received_differs(request) else ""
    if rport and top.rport is not None:
        line = f"{text[header.start : top.rport.start - 1]}{rport}{text[top.rport.end : end]}"
    else:
        line = text[header.start : end] + rport
    return f"{line}{received}\r\n"


def _to(request: Message, header: Header, tag: str) -> str:
    text, old = request.text, request.to
    if old is not None and old.tag:
        return f"{text[header.start : old.tag_start]}{tag}{text[old.tag_start + len(old.tag) : header.end]}"
    end = header.body_start + len(header.body)
    return f"{text[header.start : end]};tag={tag}{text[end : header.end]}"
