"""MD007."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.modules import declared
from sroute.resolve.program import Setting


class ModparamOverwritten(ScriptRule):
    """A parameter is set twice, and the second value replaces the first.

    Only a few parameters add up (`htable`, `sqlcon`, `rtpengine_sock`...). For all others the last value counts, without a word.
    """

    code = "MD007"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nmodparam("tm", "fr_timer", 8000)\nrequest_route { exit; }',
            ('modparam("tm", "fr_timer", 8000)',),
        ),
    )
    good = (
        '#!KAMAILIO\nloadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nmodparam("tm", "fr_inv_timer", 8000)\nrequest_route { exit; }',
        '#!KAMAILIO\nloadmodule "htable.so"\nmodparam("htable", "htable", "a=>size=4")\n'
        'modparam("htable", "htable", "b=>size=4")\nrequest_route { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Second settings of parameters that do not add up."""
        seen: dict[tuple[str, str], Setting] = {}
        for setting in subject.program.params:
            key = (setting.module.name, setting.param.name)
            first = seen.get(key)
            if first is not None and not adds_up(*key, subject):
                same = " with the same value" if first.value == setting.value else ""
                yield Found(setting.span, f"this sets {key[1]} again{same}: line {first.span.line} has no effect")
            seen[key] = setting


def adds_up(module: str, name: str, subject: Subject) -> bool:
    """Whether each setting of a parameter is told to its module."""
    facts = declared.load(module, subject.program.dialect.version)
    known = next((param for param in facts.params if param.name == name), None) if facts else None
    return known is None or known.call
