"""URIs: comparing them, their parameters, parts of URIs in variables."""

import re

from sroute.exports.fixups import FORMAT, TARGET, TEXT, VARIABLE, PvRef
from sroute.exports.loose import VARIABLE_OR_TEXT
from sroute.modules.siputils.module import SipUtils, siputils
from sroute.runtime.run import Run
from sroute.sip import params as lists
from sroute.sip import uri as uris
from sroute.sip.headers import KINDS, NAME_CHARS
from sroute.sip.params import Param
from sroute.sip.uri import Uri

LONGEST = 1024
"""The longest URI that 5.6.3 writes."""
_NAME = re.compile(f"[{NAME_CHARS}]+")


# ---------------------------------------------------------------- comparing


@siputils.function("cmp_uri", FORMAT, FORMAT)
def cmp_uri(state: SipUtils, run: Run, first: str, second: str) -> int:
    """True when two URIs are equal as RFC 3261 says; -1 when they are not, -2 when one is no URI.

    Example: if (cmp_uri("$fu", "$tu")) { xlog("calls itself\\n"); }
    """
    a, b = uris.parse(first), uris.parse(second)
    if a is None or b is None:
        return -2
    return 1 if _same(a, b) and _same_params(a, b) else -1


def _same(a: Uri, b: Uri) -> bool:
    mine = (a.scheme, a.user, a.port, a.password, a.host.lower())
    return mine == (b.scheme, b.user, b.port, b.password, b.host.lower())


def _same_params(a: Uri, b: Uri) -> bool:
    """Parameters that both have are equal; user, ttl, method and maddr must be in both or none, if the other has none at all."""
    if not a.params and not b.params:
        return True
    for one, other in ((a, b), (b, a)):
        if not one.params and any(other.param(name) for name in ("user", "ttl", "method", "maddr")):
            return False
    left, right = _listed(a.params), _listed(b.params)
    if left is None or right is None:
        return False
    return all(
        (mine.value or "").lower() == (theirs.value or "").lower()
        for mine in left
        for theirs in right
        if mine.name.lower() == theirs.name.lower()
    )


def _listed(text: str) -> list[Param] | None:
    taken = lists.parse(text)
    return taken[0] if taken is not None else None


@siputils.function("cmp_aor", FORMAT, FORMAT)
def cmp_aor(state: SipUtils, run: Run, first: str, second: str) -> int:
    """True when two URIs name the same address of record: user, host and port (5060 is none); -2 when one is no URI.

    Example: if (cmp_aor("$fu", "$tu")) { xlog("to itself\\n"); }
    """
    a, b = uris.parse(first), uris.parse(second)
    if a is None or b is None:
        return -2
    if a.user != b.user or a.host.lower() != b.host.lower():
        return -1
    if a.port != b.port and ((not a.port and b.port_number != 5060) or (not b.port and a.port_number != 5060)):
        return -1
    return 1


@siputils.function("cmp_hdr_name", FORMAT, FORMAT)
def cmp_hdr_name(state: SipUtils, run: Run, first: str, second: str) -> int:
    """True when two names mean the same header, in any case, long or compact; -1 or -2 when they do not.

    Example: if (cmp_hdr_name("$var(name)", "From")) { xlog("From\\n"); }
    """
    one, other = first.rstrip(" \t\r\n"), second.rstrip(" \t\r\n")
    a, b = _header_name(one), _header_name(other)
    if a is None or b is None:
        state.instance.diag("ERROR", f"error parsing header names [{one}] [{other}]", "core", run.at)
        return -2
    if a == b:
        return 1
    known = KINDS.values()
    return -1 if a in known or b in known or a > b else -2


def _header_name(text: str) -> str | None:
    """The kind of header that a text begins with, or the text itself: 5.6.3 reads no further than a name it knows."""
    found = _NAME.match(text)
    return None if found is None else KINDS.get(found[0].lower(), text.lower())


@siputils.function("is_gruu")
def is_gruu(state: SipUtils, run: Run) -> int:
    """True when the request URI is a GRUU: 1 with a value of `gr`, 2 without.

    Example: if (is_gruu()) { xlog("a GRUU\\n"); }
    """
    return _gruu(state, run, run.message.uri, run.message.parsed_uri)


@siputils.function("is_gruu", FORMAT)
def is_gruu_text(state: SipUtils, run: Run, text: str) -> int:
    """True when a URI is a GRUU: 1 with a value of `gr`, 2 without.

    Example: if (is_gruu("$fu")) { xlog("a GRUU\\n"); }
    """
    return _gruu(state, run, text, uris.parse(text))


def _gruu(state: SipUtils, run: Run, text: str, uri: Uri | None) -> int:
    if uri is None:
        state.complain(run, f"parsing of uri '{text}' failed")
        return -1
    value = uri.param("gr")
    return -1 if value is None else 1 if value else 2


# ---------------------------------------------------------------- parameters of the request URI


def _params(state: SipUtils, run: Run) -> list[Param] | None:
    """The parameters of the request URI, the last one first; None with a complaint when they can't be read."""
    uri = run.message.parsed_uri
    if uri is None:
        state.complain(run, "ruri parsing failed")
        return None
    found = _listed(uri.params)
    if found is None:
        state.complain(run, "ruri parameter parsing failed")
        return None
    return found[::-1]


def _named(state: SipUtils, run: Run, name: str) -> Param | None:
    return next((param for param in _params(state, run) or () if param.name == name), None)


@siputils.function("uri_param", FORMAT)
def uri_param(state: SipUtils, run: Run, name: str) -> int:
    """True when the request URI has a parameter without a value.

    Example: if (uri_param("lr")) { xlog("loose\\n"); }
    """
    found = _named(state, run, name)
    return 1 if found is not None and not found.value else -1


@siputils.function("uri_param", FORMAT, FORMAT)
def uri_param_value(state: SipUtils, run: Run, name: str, value: str) -> int:
    """True when the request URI has a parameter with that value.

    Example: if (uri_param("transport", "tcp")) { xlog("by TCP\\n"); }
    """
    found = _named(state, run, name)
    return 1 if found is not None and (found.value or "") == value else -1


def _find(state: SipUtils, run: Run, name: str) -> tuple[Param | None, bool]:
    """A parameter of the request URI by its name in any case, with offsets into it; and whether the URI could be read."""
    text = run.message.uri
    uri = uris.parse(text)
    if uri is None:
        state.complain(run, f"failed to parse r-uri [{text}]")
        return None, False
    held = uri.sip_params or uri.params
    end = len(text) - (len(uri.headers) + 1 if uri.headers or text.endswith("?") else 0)
    taken = lists.parse(text, end - len(held), end) if held else ([], 0)
    if taken is None:
        state.complain(run, "ruri parameter parsing failed")
        return None, False
    return next((param for param in reversed(taken[0]) if param.name.lower() == name.lower()), None), True


@siputils.function("uri_param_any", FORMAT)
def uri_param_any(state: SipUtils, run: Run, name: str) -> int:
    """True when the request URI has a parameter, with or without a value; case does not matter.

    Example: if (uri_param_any("transport")) { xlog("says how\n"); }
    """
    return 1 if _find(state, run, name)[0] is not None else -1


@siputils.function("uri_param_rm", FORMAT)
def uri_param_rm(state: SipUtils, run: Run, name: str) -> int:
    """Removes a parameter of the request URI; true also when there is none.

    Example: uri_param_rm("transport");
    """
    found, fine = _find(state, run, name)
    if found is None:
        return 1 if fine else -1
    text = run.message.uri
    begin = text.rindex(";", 0, found.start)
    end = found.value_start + len(found.value) if found.value else found.start + len(found.name)
    run.message.uri = text[:begin] + text[end:]
    return 1


@siputils.function("add_uri_param", TEXT)
def add_uri_param(state: SipUtils, run: Run, param: str) -> int:
    """Adds a parameter to the request URI; variables in it are not expanded.

    Example: add_uri_param("nat=yes");
    """
    if not param:
        return 1
    uri = run.message.parsed_uri
    if uri is None:
        state.complain(run, "ruri parsing failed")
        return -1
    text = run.message.uri
    if len(text) + len(param) + 1 > LONGEST:
        state.complain(run, "new ruri too long")
        return -1
    head, question, headers = text.partition("?") if uri.headers else (text, "", "")
    run.message.uri = f"{head};{param}{question}{headers}"
    return 1


@siputils.function("get_uri_param", TEXT, TARGET)
def get_uri_param(state: SipUtils, run: Run, name: str, target: PvRef) -> int:
    """Puts the value of a parameter of the request URI into a variable.

    Example: if (get_uri_param("transport", "$var(t)")) { xlog("$var(t)\n"); }
    """
    found = _named(state, run, name)
    if found is None:
        return -1
    target.set(run, found.value or "")
    return 1


# ---------------------------------------------------------------- URIs in variables

_SEPARATORS = str.maketrans("", "", "-.()")


@siputils.function("tel2sip", VARIABLE_OR_TEXT, VARIABLE_OR_TEXT, TARGET)
def tel2sip(state: SipUtils, run: Run, uri: str, host: str, target: PvRef) -> int:
    """Turns a tel URI into a SIP URI at a host, without separators; 2, and nothing is written, when it is no tel URI.

    Example: tel2sip("$ru", "$fd", "$ru");
    """
    if uri[:4].lower() != "tel:":
        return 2
    number, semicolon, rest = uri.partition(";")
    clean = f"{number.translate(_SEPARATORS)}{semicolon}{rest}".lower()
    target.set(run, f"sip:{clean[4:]}@{host};user=phone")
    return 1


def _held(state: SipUtils, run: Run, variable: PvRef, missing: str, other: str) -> str | None:
    """The text in a variable; None with a complaint when it holds none."""
    value = variable.get(run)
    if isinstance(value, str):
        return value
    state.complain(run, other if isinstance(value, int) else missing)
    return None


@siputils.function("set_uri_user", TARGET, VARIABLE)
def set_uri_user(state: SipUtils, run: Run, uri: PvRef, user: PvRef) -> int:
    """Replaces the user, with its password, of the URI in a variable; an empty one removes it.

    Example: $var(u) = "sip:bob@example.com"; $var(user) = "carol"; set_uri_user("$var(u)", "$var(user)");
    """
    text = _held(state, run, uri, "failed to get uri value", "uri value is not string")
    new = _held(state, run, user, "failed to get uriuser value", "uriuser value is not string") if text else None
    if not text or new is None:
        if text == "":
            state.complain(run, "missing uri value")
        return -1
    scheme, colon, rest = text.partition(":")
    if not colon:
        state.complain(run, "uri does not contain ':' character")
        return -1
    _, at, host = rest.partition("@")
    if not at and not new:
        return 1
    made = f"{scheme}:{new}{'@' if new else ''}{host if at else rest}"
    if len(made) > LONGEST:
        state.complain(run, "resulting uri would be too large")
        return -1
    uri.set(run, made)
    return 1


@siputils.function("set_uri_host", TARGET, VARIABLE)
def set_uri_host(state: SipUtils, run: Run, uri: PvRef, host: PvRef) -> int:
    """Replaces the host of the URI in a variable.

    Example: $var(u) = "sip:bob@example.com"; $var(host) = "example.org"; set_uri_host("$var(u)", "$var(host)");
    """
    text = _held(state, run, uri, "failed to get uri value", "uri value is not string")
    new = _held(state, run, host, "failed to get uri value", "uri value is not string") if text else None
    if not text or not new:
        if text == "" or new == "":
            state.complain(run, "missing uri value" if text == "" else "hostpart of uri cannot be empty")
        return -1
    colon = text.find(":")
    if colon < 0:
        state.complain(run, "uri does not contain ':' character")
        return -1
    begin = max(text.find("@", colon + 1), colon) + 1
    end = next((at for at in range(begin, len(text)) if text[at] in ":;?"), len(text))
    if len(text) + len(new) > LONGEST:
        state.complain(run, "resulting uri would be too large")
        return -1
    uri.set(run, f"{text[:begin]}{new}{text[end:]}")
    return 1
