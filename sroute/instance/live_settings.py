"""Where a served instance takes commands: what the user says, and what the script's modparams say, as far as that is allowed."""

import re
from dataclasses import dataclass
from pathlib import Path

from sroute.errors import UsageError
from sroute.instance import live_http, live_ports
from sroute.instance.live import Server
from sroute.sip.endpoint import Endpoint

_CTL = re.compile(r"(unix|unixs|unixd|tcp|udp):(.+)\Z", re.S)
CTL_PORT = 2049


@dataclass(frozen=True, slots=True)
class Doors:
    """What is opened for commands: addresses as ctl writes them (`unix:/tmp/ctl`), paths, and an address for HTTP."""

    ctl: tuple[str, ...] = ()
    http: tuple[Endpoint, ...] = ()
    json_socket: tuple[str, ...] = ()
    json_fifo: tuple[str, ...] = ()
    reply_dir: str = "/tmp"


def open_doors(server: Server, doors: Doors) -> list[str]:
    """Opens all of them: what was opened, for people.

    Raises UsageError.
    """
    opened = [_ctl(server, text) for text in doors.ctl]
    for end in doors.http:
        _check(server, end.ip)
        live_ports.Connections(server, (end.ip, end.port), live_http.feed(server))
        opened.append(f"JSON-RPC on http://{end.host}:{end.port}/RPC")
    for path in doors.json_socket:
        live_ports.Datagrams(server, path, live_ports.json_datagram(server))
        opened.append(f"JSON-RPC on the datagram socket {path}")
    for path in doors.json_fifo:
        live_ports.Fifo(server, path, doors.reply_dir)
        opened.append(f"JSON-RPC on the fifo {path}, answers in {doors.reply_dir}")
    return opened


def _check(server: Server, ip: str) -> None:
    if not server.allowed(ip):
        raise UsageError(f"{ip}: not an address of loopback (--allow-net)")


def _ctl(server: Server, text: str) -> str:
    match = _CTL.match(text) or _CTL.match(f"unix:{text}")
    assert match is not None or not text
    if match is None:
        raise UsageError("an empty address for ctl")
    kind, where = match.groups()
    address: str | tuple[str, int] = where
    if kind in ("tcp", "udp"):
        end = Endpoint.parse(where, port=CTL_PORT)
        _check(server, end.ip)
        address = (end.ip, end.port)
    if kind in ("unixd", "udp"):
        live_ports.Datagrams(server, address, live_ports.binrpc_datagram(server))
    else:
        live_ports.Connections(server, address, live_ports.binrpc_feed(server))
    return f"kamcmd -s {kind}:{where}"


def of_script(server: Server, given: Doors) -> Doors:
    """What the user gives, or else what the script names, where a script may make files: beside it, and in allowed folders."""
    instance = server.instance
    ctl: list[str] = []
    named: dict[str, str] = {}
    for setting in instance.program.params:
        place = setting.module.name, setting.param.name
        if place == ("ctl", "binrpc"):
            ctl.append(str(setting.value))
        elif place[0] == "jsonrpcs":
            named[place[1]] = str(setting.value)
    return Doors(
        ctl=given.ctl or tuple(text for text in ctl if _may(server, text)),
        http=given.http,
        json_socket=given.json_socket or _allowed(server, named.get("dgram_socket", "")),
        json_fifo=given.json_fifo or _allowed(server, named.get("fifo_name", "")),
        reply_dir=named.get("fifo_reply_dir", given.reply_dir),
    )


def _may(server: Server, text: str) -> bool:
    kind, _, where = text.rpartition(":") if not text.startswith("unix") else text.partition(":")
    if kind.startswith(("tcp", "udp")):
        host = Endpoint.parse(text.partition(":")[2], port=CTL_PORT).ip
        if not server.allowed(host):
            server.complain(f'modparam("ctl", "binrpc", "{text}") is not served: not an address of loopback (--ctl another)')
        return server.allowed(host)
    return bool(_allowed(server, where or text))


def _allowed(server: Server, path: str) -> tuple[str, ...]:
    if not path:
        return ()
    world = server.instance.world
    if not world.may_open(Path(path)):
        server.complain(f"{path} is not made: not beside the script (--allow-path, or say where with an option)")
        return ()
    return (str(world.folder / path),)
