"""siputils functions that are newer than 5.6.3: parameters of Contact URIs, what kind of message it is, tel URIs."""

from sroute.exports.fixups import FORMAT, TARGET, PvRef
from sroute.modules.siputils.addresses import tel2sip
from sroute.modules.siputils.contacts import in_contacts
from sroute.modules.siputils.module import SipUtils, siputils
from sroute.runtime.run import Run


@siputils.function("contact_param_check", FORMAT, since="later")
def contact_param_check(state: SipUtils, run: Run, name: str) -> int:
    """True when the URI of a contact has that parameter.

    Example: if (contact_param_check("ob")) { xlog("outbound\\n"); }
    """
    if run.message.row("contact") is None:
        return -1
    for value, param in in_contacts(state, run, name):
        if isinstance(param, int):
            state.complain(run, f"failed to parse contact uri [{value.uri}]")
            return -1
        if param is not None:
            return 1
    return -1


@siputils.function("is_sip", since="6.0")
def is_sip(state: SipUtils, run: Run) -> int:
    """True for a SIP message.

    Example: if (is_sip()) { xlog("SIP\\n"); }
    """
    return 1 if run.message.version.upper().startswith("SIP/") else -1


@siputils.function("is_http", since="6.0")
def is_http(state: SipUtils, run: Run) -> int:
    """True for an HTTP request, as event_route[xhttp:request] gets it.

    Example: if (is_http()) { xlog("HTTP\\n"); }
    """
    return 1 if run.message.version.upper().startswith("HTTP/") else -1


@siputils.function("tel2sip2", FORMAT, FORMAT, TARGET, since="5.8")
def tel2sip2(state: SipUtils, run: Run, uri: str, host: str, target: PvRef) -> int:
    """As tel2sip(), but 1 also when it is no tel URI and nothing is written.

    Example: tel2sip2("tel:+49-12", "example.com", "$var(uri)"); xlog("$var(uri)\\n");
    """
    tel2sip(state, run, uri, host, target)
    return 1
