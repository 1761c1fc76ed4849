"""MD029."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.program import Setting
from sroute.syntax.nodes import GlobalParam, Word

NEEDS_URL = {("acc", "db_flag"), ("acc", "db_missed_flag"), ("acc", "db_extra")}


class ParameterWithoutEffect(ScriptRule):
    """A parameter is set whose feature is off.

    Accounting in a database needs `db_url` of acc; the parameters of tls need `enable_tls=yes`.
    """

    code = "MD029"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "tm.so"\nloadmodule "acc.so"\nmodparam("acc", "db_flag", 1)\nrequest_route { exit; }',
            ('modparam("acc", "db_flag", 1)',),
        ),
        Bad(
            '#!KAMAILIO\nloadmodule "tls.so"\nmodparam("tls", "config", "tls.cfg")\nrequest_route { exit; }',
            ('modparam("tls", "config", "tls.cfg")',),
        ),
    )
    good = ('#!KAMAILIO\nenable_tls=yes\nloadmodule "tls.so"\nmodparam("tls", "config", "tls.cfg")\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Parameters that nothing reads."""
        given = {(setting.module.name, setting.param.name): setting for setting in subject.program.params}
        for (module, name), setting in given.items():
            if (module, name) in NEEDS_URL and ("acc", "db_url") not in given and _on(setting):
                yield Found(setting.span, f"{name} has no effect: acc has no db_url")
            elif module == "tls" and name == "config" and not _tls(subject):
                yield Found(setting.span, "the parameters of tls have no effect: enable_tls is not set", "enable_tls=yes")


def _on(setting: Setting) -> bool:
    return setting.value not in (0, "", -1)


def _tls(subject: Subject) -> bool:
    for node in subject.tree.each(GlobalParam):
        if node.name in ("enable_tls", "tls_enable"):
            value = node.value.text if isinstance(node.value, Word) else node.value.value
            return value not in ("no", "off", "false", 0)
    return False
