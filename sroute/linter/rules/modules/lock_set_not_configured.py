"""MD022."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call


class LockSetNotConfigured(NodeRule[Call]):
    """`lock()` is called and there are no locks.

    The locks of cfgutils are made when `lock_set_size` is set. Without it `lock()` logs an error and locks nothing.
    """

    code = "MD022"
    stage = "run"
    nodes = (Call,)
    bad = (Bad('#!KAMAILIO\nloadmodule "cfgutils.so"\nrequest_route { lock("a"); unlock("a"); }', ("lock", "unlock")),)
    good = ('#!KAMAILIO\nloadmodule "cfgutils.so"\nmodparam("cfgutils", "lock_set_size", 4)\nrequest_route { lock("a"); unlock("a"); }',)

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """A lock in a script that does not set the parameter."""
        if node.name in ("lock", "unlock", "trylock") and not subject.circumstances.fragment:
            if not any(setting.param.name == "lock_set_size" for setting in subject.program.params):
                yield Found(node.name_span, "nothing is locked: lock_set_size is not set", 'modparam("cfgutils", "lock_set_size", 4)')
