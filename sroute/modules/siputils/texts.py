"""Tests of texts: URIs, numbers, letters."""

import re

from sroute.exports.fixups import FORMAT, VARIABLE, PvRef
from sroute.modules.siputils.module import SipUtils, siputils
from sroute.runtime.run import Run
from sroute.sip import uri as uris

_DIGITS = re.compile(r"[0-9]+\Z")
_LETTERS = re.compile(r"[0-9A-Za-z]+\Z")
_TELEPHONE = re.compile(r"(?:\+[1-9][0-9]*|[0-9]+)\Z")
_E164 = re.compile(r"\+[0-9]{2,15}\Z")


@siputils.function("is_uri", FORMAT)
def is_uri(state: SipUtils, run: Run, text: str) -> int:
    """True when a text is a URI.

    Example: if (is_uri("$var(target)")) { $ru = $var(target); }
    """
    return 1 if uris.parse(text) is not None else -1


@siputils.function("is_numeric", FORMAT)
def is_numeric(state: SipUtils, run: Run, text: str) -> int:
    """True when a text is made of digits; -2 otherwise.

    Example: if (is_numeric("$rU")) { xlog("a number\\n"); }
    """
    return 1 if _DIGITS.match(text) else -2


@siputils.function("is_alphanum", FORMAT)
def is_alphanum(state: SipUtils, run: Run, text: str) -> int:
    """True when a text is made of letters and digits; -3 otherwise, -2 when it is empty.

    Example: if (is_alphanum("$rU")) { xlog("plain\\n"); }
    """
    if not text:
        return -2
    return 1 if _LETTERS.match(text) else -3


@siputils.function("is_alphanumex", FORMAT, FORMAT)
def is_alphanumex(state: SipUtils, run: Run, text: str, extra: str) -> int:
    """True when a text is made of letters, digits and the given characters; -3 otherwise, -2 when it is empty.

    Example: if (is_alphanumex("$rU", "._-")) { xlog("plain\\n"); }
    """
    if not text:
        return -2
    others = set(text).difference(extra)
    return 1 if not others or _LETTERS.match("".join(others)) else -3


@siputils.function("is_tel_number", FORMAT)
def is_tel_number(state: SipUtils, run: Run, text: str) -> int:
    """True when a text is made of digits, or `+` and digits that do not begin with 0; -2 otherwise.

    Example: if (is_tel_number("$rU")) { xlog("a number\\n"); }
    """
    return 1 if _TELEPHONE.match(text) else -2


def is_e164_text(text: str) -> bool:
    """Whether a text is `+` and 2 to 15 digits."""
    return _E164.match(text) is not None


def _text(state: SipUtils, run: Run, variable: PvRef) -> str | None:
    value = variable.get(run)
    if isinstance(value, str):
        return value or None
    if value is None or isinstance(value, int):
        state.complain(run, "pseudo variable value is not string")
    return None


@siputils.function("is_e164", VARIABLE)
def is_e164(state: SipUtils, run: Run, number: PvRef) -> int:
    """True when a variable holds an E.164 number: `+` and 2 to 15 digits.

    Example: if (is_e164("$rU")) { xlog("a global number\\n"); }
    """
    text = _text(state, run, number)
    return 1 if text is not None and is_e164_text(text) else -1


@siputils.function("is_uri_user_e164", VARIABLE)
def is_uri_user_e164(state: SipUtils, run: Run, uri: PvRef) -> int:
    """True when the user of the URI in a variable is an E.164 number.

    Example: if (is_uri_user_e164("$fu")) { xlog("a global number\\n"); }
    """
    text = _text(state, run, uri)
    if text is None:
        return -1
    _, colon, rest = text.partition(":")
    if not colon:
        state.complain(run, "parsing URI failed")
        return -1
    user, at, _ = rest.partition("@")
    return 1 if at and is_e164_text(user) else -1
