"""Substitutions `/regular expression/replacement/flags` in the message, the request URI and headers.

Flags: `g` every match, `i` without regard to case, `s` the whole text at once, not line by line. In the replacement `\\0` is the
match, `\\1` to `\\9` are its groups, `\\u` is the request URI; variables are expanded. A pattern that matches the empty text changes
nothing.
"""

from dataclasses import dataclass

from sroute.exports.fixups import TEXT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.modules.pv.parameters import variable_end
from sroute.modules.textops.arguments import HEADER
from sroute.modules.textops.messages import body_start, cut
from sroute.modules.textops.module import TextOps, textops
from sroute.modules.textops.replacing import delete
from sroute.runtime.run import Read, Run
from sroute.runtime.values import to_str
from sroute.sip.rewrite import set_user
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.substitution import BadSubstitution, EmptyMatchError, Substitution, Variable, parse

_ROOM = 1023


class BoundSubstitution:
    """A substitution with the readers of its variables."""

    __slots__ = ("_parsed", "_readers", "_scope")

    def __init__(self, parsed: Substitution[Pv], scope: Scope) -> None:
        """parsed as it stands in the script."""
        self._parsed = parsed
        self._scope = scope
        self._readers: dict[int, Read] = {
            id(piece.value): scope.read(piece.value) for piece in parsed.pieces if isinstance(piece, Variable)
        }

    def changes(self, state: TextOps, run: Run, text: str, complaint: str) -> list[tuple[int, int, str]]:
        """What is replaced in a text; nothing, with a complaint, when the pattern matches the empty text."""
        text = cut(text)
        try:
            found = self._parsed.changes(text, lambda pv: to_str(self._readers[id(pv)](run)), run.message.uri)
        except EmptyMatchError:
            state.instance.diag("ERROR", "Matched string is empty, invalid regexp?", "core", run.at)
            if complaint:
                state.complain(run, complaint)
            return []
        if any(len(new) >= _ROOM for _, _, new in found):
            state.instance.diag("ERROR", "Buffer too small", "core", run.at)
            return []
        return found

    def text(self, state: TextOps, run: Run, text: str, complaint: str) -> str | None:
        """A text with the replacements; None when there are none."""
        found = self.changes(state, run, text, complaint)
        if not found:
            return None
        parts: list[str] = []
        at = 0
        for start, end, new in found:
            parts += (text[at:start], new)
            at = end
        return "".join([*parts, cut(text)[at:]])


@dataclass(frozen=True, slots=True)
class SubstitutionArgument:
    """`/regular expression/replacement/flags`."""

    form: str = "/regex/replacement/flags"

    def parse(self, text: str, names: Names) -> Substitution[Pv]:
        """The substitution; its variables are settled."""

        def variable(source: str, at: int) -> tuple[Pv, int]:
            end = variable_end(source, at)
            return names.pv(source[at:end]), end

        try:
            return parse(text, variable)
        except BadSubstitution as bad:
            raise FixupError(f"bad subst. re {text}: {bad}") from None
        except BadPattern as bad:
            raise FixupError(f"bad subst. re {text}: bad regular expression: {bad.reason}") from None

    def bind(self, parsed: Substitution[Pv], scope: Scope) -> Arg[BoundSubstitution]:
        """With readers of the variables."""
        return Constant(BoundSubstitution(parsed, scope))


SUBSTITUTION = SubstitutionArgument()


def _change(state: TextOps, run: Run, substitution: BoundSubstitution, start: int, end: int, colon: str = "") -> int:
    """Replaces between two offsets: 1, or -1 without a match."""
    found = substitution.changes(state, run, run.message.text[start:end], f"textops{colon} subst_run failed")
    for begin, stop, new in found:
        delete(state, run, start + begin, start + stop, new)
    return 1 if found else -1


@textops.function("subst", SUBSTITUTION)
def subst(state: TextOps, run: Run, substitution: BoundSubstitution) -> int:
    """Replaces in headers and body, `/regular expression/replacement/flags`; -1 without a match.

    Example: subst("/^User-Agent:.*$/User-Agent: hidden/i");
    """
    message = run.message
    return _change(state, run, substitution, message.headers_start, len(message.text), ":")


@textops.function("subst_body", SUBSTITUTION)
def subst_body(state: TextOps, run: Run, substitution: BoundSubstitution) -> int:
    """Replaces in the body, `/regular expression/replacement/flags`; -1 without a match.

    Example: subst_body("/^a=sendonly$/a=sendrecv/");
    """
    start = body_start(state, run)
    return _change(state, run, substitution, start, len(run.message.text)) if start >= 0 else -1


@textops.function("subst_hf", HEADER, SUBSTITUTION, TEXT)
def subst_hf(state: TextOps, run: Run, header: str, substitution: BoundSubstitution, flags: str) -> int:
    """Replaces in the bodies of headers of a name: `a` all, `f` the first, `l` the last; -1 without a match.

    Example: subst_hf("From", "/;tag=.*$/;tag=hidden/", "a");
    """
    if state.unreadable(run):
        return -1
    found = run.message.all(header)
    which = flags[:1]
    chosen = found[:1] if which == "f" else found[-1:] if which == "l" else found
    done = [_change(state, run, substitution, each.body_start, each.body_end) for each in chosen]
    return 1 if 1 in done else -1


@textops.function("subst_uri", SUBSTITUTION)
def subst_uri(state: TextOps, run: Run, substitution: BoundSubstitution) -> int:
    """Replaces in the request URI, `/regular expression/replacement/flags`; -1 without a match.

    Example: subst_uri("/^sip:([0-9]+)@(.*)$/sip:+49\\\\1@\\\\2/");
    """
    made = substitution.text(state, run, run.message.uri, "")
    if made is None:
        return -1
    run.message.uri = made
    return 1


@textops.function("subst_user", SUBSTITUTION)
def subst_user(state: TextOps, run: Run, substitution: BoundSubstitution) -> int:
    """Replaces in the user of the request URI, `/regular expression/replacement/flags`; -1 without a match.

    Example: subst_user("/^00([1-9].*)$/+\\\\1/");
    """
    message = run.message
    uri = message.parsed_uri
    made = substitution.text(state, run, uri.user, "subst_user(): subst_str() failed") if uri is not None else None
    if made is None:
        return -1
    changed = set_user(message.uri, made)
    if changed.uri is None:
        return -1
    message.uri = changed.uri
    return 1
