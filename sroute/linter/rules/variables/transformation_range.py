"""PV024."""

from collections.abc import Iterator

from sroute.exports.variable import Pv
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.pvspec import Transformation

LONGEST = {"proto": 4, "pr": 4, "af": 5, "rs": 3, "rp": 5, "sp": 5, "rm": 9, "si": 45}
"""How long values can be."""


class TransformationRange(ScriptRule):
    """A part is cut out of a text that is too short for it.

    When the beginning of `{s.substr,begin,length}` is past the end, Kamailio logs "substr out of range", and the result is empty. A
    length past the end is fine.
    """

    code = "PV024"
    stage = "run"
    bad = (
        Bad('$var(code) = "ab";\nxlog("L_INFO", "$(var(code){s.substr,5,3})\\n");', ('"$(var(code){s.substr,5,3})\\n"',)),
        Bad("$var(x) = $(proto{s.substr,6,1});", ("$(proto{s.substr,6,1})",)),
    )
    good = (
        '$var(code) = "abcdefgh";\n$var(x) = $(var(code){s.substr,5,3});',
        "$var(x) = $(proto{s.substr,0,9});",
        "$var(x) = $(rU{s.substr,3,0});",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Texts whose length is known, with a constant beginning behind it."""
        for use in subject.uses:
            first = use.pv.spec.transformations[:1]
            begin = _begin(first[0]) if first else None
            if begin is None:
                continue
            length = _length(use.pv, subject)
            if length is not None and (begin >= length if begin >= 0 else -begin > length):
                whole = f"${use.pv.spec.name}" + (f"({use.pv.spec.inner})" if use.pv.spec.inner else "")
                yield Found(use.span, f"{whole} has {length} characters at most: this begins behind its end")


def _begin(transformation: Transformation) -> int | None:
    """Where a substr with a constant begins."""
    if (transformation.family, transformation.function) != ("s", "substr") or not transformation.params:
        return None
    text = transformation.params.partition(",")[0].strip()
    return int(text) if text.lstrip("-").isdigit() else None


def _length(pv: Pv, subject: Subject) -> int | None:
    """How long the value can be, where that is known."""
    if pv.variable.name in LONGEST:
        return LONGEST[pv.variable.name]
    value = subject.meanings.get(f"${pv.variable.name}({pv.spec.inner})")
    return None if value is None else len(str(value))
