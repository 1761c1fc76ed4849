"""The siputils module itself: parameters and state."""

from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import FixupError
from sroute.exports.module import InitError, Module
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services


@dataclass(slots=True)
class SipUtils:
    """Parameters as the module names them, and the instance it serves."""

    options_accept: str = "*/*"
    options_accept_encoding: str = ""
    options_accept_language: str = "en"
    options_support: str = ""
    contact_flds_separator: str = "*"
    rpid_avp: str = "$avp(s:rpid)"
    rpid_prefix: str = ""
    rpid_suffix: str = ";party=calling;id-type=subscriber;screen=yes"
    services: Services | None = None
    rpid: Read | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    @property
    def separator(self) -> str:
        """The character between the parts of an encoded contact."""
        return self.contact_flds_separator[:1] or "*"

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "siputils", run.at)


siputils = Module("siputils", SipUtils, "Tests of messages and URIs, small changes of them, answers to OPTIONS.")
siputils.setting("options_accept", "str", doc="The Accept header of options_reply() (*/*).")
siputils.setting("options_accept_encoding", "str", doc="The Accept-Encoding header of options_reply() (empty).")
siputils.setting("options_accept_language", "str", doc="The Accept-Language header of options_reply() (en).")
siputils.setting("options_support", "str", doc="The Supported header of options_reply() (empty).")
siputils.setting("contact_flds_separator", "str", doc="The character between the parts of an encoded contact (*).")
siputils.setting("rpid_avp", "str", doc="The AVP that holds the Remote-Party-ID ($avp(s:rpid)).")
siputils.setting("rpid_prefix", "str", doc="What stands in front of the AVP in Remote-Party-ID.")
siputils.setting("rpid_suffix", "str", doc="What stands behind the AVP in Remote-Party-ID.")


def _init(state: SipUtils, scope: Any) -> None:
    state.services = scope.services
    if not state.rpid_avp:
        return
    try:
        pv = scope.names.pv(state.rpid_avp)
    except FixupError:
        pv = None
    if pv is None or pv.spec.name != "avp":
        raise InitError(f"malformed or non AVP {state.rpid_avp} AVP definition")
    state.rpid = scope.read(pv)


siputils.hooks.init.append(_init)
