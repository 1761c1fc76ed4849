"""textops functions that are newer than 5.6.3: characters of texts, substitution in a text, a body in hexadecimal, parameters of Vias."""

import binascii

from sroute.exports.fixups import FORMAT, INTEGER, TARGET, PvRef
from sroute.modules.textops.bodies import set_body
from sroute.modules.textops.module import TextOps, textops
from sroute.modules.textops.substitutions import SUBSTITUTION, BoundSubstitution
from sroute.runtime.run import Run


@textops.function("str_any_in", FORMAT, FORMAT, since="5.7")
def str_any_in(state: TextOps, run: Run, text: str, characters: str) -> int:
    """True when some character of the second text is in the first.

    Example: if (str_any_in("$rU", "+*#")) { xlog("special\\n"); }
    """
    return 1 if set(text) & set(characters) else -1


@textops.function("str_all_in", FORMAT, FORMAT, since="later")
def str_all_in(state: TextOps, run: Run, text: str, characters: str) -> int:
    """True when all characters of the second text are in the first.

    Example: if (str_all_in("0123456789", "$rU")) { xlog("digits\\n"); }
    """
    return 1 if characters and set(characters) <= set(text) else -1


@textops.function("subst_v", FORMAT, SUBSTITUTION, TARGET, since="6.0")
def subst_v(state: TextOps, run: Run, text: str, substitution: BoundSubstitution, target: PvRef) -> int:
    """Writes a text with the replacements, `/regular expression/replacement/flags`, into a variable; -1, and it stays, without a match.

    Example: subst_v("$rU", "/^00/+/", "$var(number)"); xlog("$var(number)\\n");
    """
    made = substitution.text(state, run, text, "")
    if made is None:
        return -1
    target.set(run, made)
    return 1


@textops.function("set_body_hex", FORMAT, FORMAT, since="later")
def set_body_hex(state: TextOps, run: Run, text: str, kind: str) -> int:
    """As set_body(), the body in hexadecimal.

    Example: set_body_hex("414243", "text/plain");
    """
    try:
        body = binascii.unhexlify(text.encode("latin-1")).decode("latin-1")
    except binascii.Error:
        state.complain(run, f"invalid input hex data [{text}]")
        return -1
    done: int = set_body(state, run, body, kind)
    return done


@textops.function("via_param_rm", FORMAT, INTEGER, since="5.8")
def via_param_rm(state: TextOps, run: Run, name: str, number: int) -> int:
    """Removes a parameter of the n-th Via, the first one being 0; -1 without that Via or parameter.

    Example: via_param_rm("rport", 0);
    """
    vias = run.message.vias
    found = vias[number].params if 0 <= number < len(vias) else []
    for param in found:
        if param.name.lower() == name.lower():
            run.message.lumps.delete(param.start - 1, param.end - param.start + 1)
            return 1
    return -1
