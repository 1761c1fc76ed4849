"""The nathelper module itself: parameters, the AVP of the source address, the state of the pings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import FixupError
from sroute.exports.module import InitError, Module
from sroute.exports.rpc import RpcFault
from sroute.runtime.run import Run, Write
from sroute.runtime.services import Services
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message


@dataclass(slots=True)
class NatHelper:
    """The module's parameters."""

    alias_name: str = "alias"
    append_sdp_oldmediaip: int = 1
    filter_server_id: int = 0
    force_socket: str = ""
    keepalive_timeout: int = 0
    nat_addr_mode: int = 1
    natping_disable_bflag: int = -1
    natping_interval: int = 0
    natping_processes: int = 1
    natping_socket: str = ""
    nortpproxy_str: str = "a=nortpproxy:yes"
    ping_nated_only: int = 0
    received_avp: str = ""
    sipping_bflag: int = -1
    sipping_from: str = ""
    sipping_method: str = "OPTIONS"
    udpping_from_path: int = 0
    services: Services | None = None
    received: Write | None = None
    pinging: bool = False
    spoofed: Endpoint | None = None
    answered: Callable[[Message], None] | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "nathelper", run.at)


nathelper = Module("nathelper", NatHelper, "Finds clients behind NAT and writes addresses under which they can be reached.")
nathelper.setting("alias_name", "str", doc="The name of the alias parameter (alias).")
nathelper.setting("append_sdp_oldmediaip", "int", doc="fix_nated_sdp() keeps the old address in `a=oldmediaip:` (1).")
nathelper.setting("filter_server_id", "int", doc="Pings only contacts that this server stored (0).")
nathelper.setting("force_socket", "str", doc="The socket of the pings.")
nathelper.setting("keepalive_timeout", "int", doc="Seconds without answer to SIP pings after which a contact ends, ten seconds later (0).")
nathelper.setting("nat_addr_mode", "int", doc="No effect on IPv4 addresses in 5.6.3 (1).")
nathelper.setting("natping_disable_bflag", "int", doc="The branch flag that excludes a contact from pings.")
nathelper.setting("natping_interval", "int", doc="Seconds between pings (0: none). It needs usrloc.")
nathelper.setting("natping_processes", "int", doc="How many processes ping (1).")
nathelper.setting("natping_socket", "str", doc="The address that pings of four bytes seem to come from.")
nathelper.setting("nortpproxy_str", "str", doc="The line that fix_nated_sdp() adds with 4 (a=nortpproxy:yes).")
nathelper.setting("ping_nated_only", "int", doc="Pings only contacts behind NAT (0).")
nathelper.setting("received_avp", "str", doc="The AVP into which fix_nated_register() puts the source address.")
nathelper.setting("sipping_bflag", "int", doc="The branch flag of contacts that are pinged by SIP requests.")
nathelper.setting("sipping_from", "str", doc="The From URI of such requests.")
nathelper.setting("sipping_method", "str", doc="The method of such requests (OPTIONS).")
nathelper.setting("udpping_from_path", "int", doc="Pings of four bytes seem to come from the last hop of the Path (0).")


def _init(state: NatHelper, scope: Any) -> None:
    state.services = scope.services
    if state.received_avp:
        try:
            pv = scope.names.pv(state.received_avp)
        except FixupError:
            pv = None
        if pv is None or pv.spec.name != "avp":
            raise InitError(f"malformed or non AVP {state.received_avp} AVP definition")
        state.received = scope.write(pv)
    state.nortpproxy_str = state.nortpproxy_str.rstrip("\r\n")


nathelper.hooks.init.append(_init)


@nathelper.rpc("nathelper.enable_ping", "d")
def enable_ping(state: NatHelper, services: Services, arguments: Any) -> None:
    """Switches the NAT pings on or off."""
    if state.natping_interval <= 0:
        raise RpcFault(500, "NATping disabled")
    if not arguments or not isinstance(arguments[0], int):
        raise RpcFault(500, "No parameter")
    state.pinging = arguments[0] != 0
