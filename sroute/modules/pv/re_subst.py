"""`{re.subst,/pattern/replacement/flags}`, which the textops module declares."""

from typing import Any

from sroute.exports.fixups import FixupError, Names, Scope
from sroute.exports.module import Module
from sroute.exports.transformation import Apply
from sroute.exports.variable import Pv
from sroute.modules.pv.parameters import variable_end
from sroute.runtime.run import Read, Run
from sroute.runtime.values import FAILED, Value, to_str
from sroute.source.posix.errors import BadPattern, MatchLimitError
from sroute.source.posix.substitution import BadSubstitution, EmptyMatchError, Substitution, parse


def _parse(raw: str | None, names: Names) -> Substitution[Pv]:
    def variable(text: str, at: int) -> tuple[Pv, int]:
        end = variable_end(text, at)
        return names.pv(text[at:end]), end

    try:
        return parse(raw or "", variable)
    except BadSubstitution as bad:
        raise FixupError(str(bad)) from None
    except BadPattern as bad:
        raise FixupError(f"bad regular expression: {bad.reason}") from None


_EMPTY = "Matched string is empty, invalid regexp?"


def declare(module: Module[Any]) -> None:
    """Declares the transformation in a module."""
    module.transformation("re", "subst", _parse, "/pattern/replacement/flags")(subst)


def subst(parsed: Substitution[Pv], scope: Scope) -> Apply:
    """The text with the first match of a POSIX extended regular expression replaced; unchanged without a match.

    Flags: g all matches, i without regard to case, s lines count for nothing. `\\0` is the match, `\\1` to `\\9` its groups,
    variables are expanded. A pattern that matches the empty text fails.

    Example: xlog("$(rU{re.subst,/^\\\\+//})\\n");
    """
    services = scope.services
    readers: dict[int, Read] = {id(piece.value): scope.read(piece.value) for piece in parsed.pieces if hasattr(piece, "value")}

    def apply(run: Run, value: Value) -> Value:
        if value is None or value is FAILED or value == "":
            return FAILED
        text = to_str(value)
        try:
            changed = parsed.apply(text, lambda pv: to_str(readers[id(pv)](run)), run.message.uri)
        except (EmptyMatchError, MatchLimitError) as error:
            services.diag("ERROR", _EMPTY if isinstance(error, EmptyMatchError) else str(error), "core", run.at)
            services.diag("ERROR", "subst failed", "textops", run.at)
            return FAILED
        return value if changed is None else changed

    return apply
