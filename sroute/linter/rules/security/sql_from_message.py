"""SE001."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.taint import Taint, followed


class SqlFromMessage(ScriptRule):
    """A text from the message goes into SQL as it is.

    The sender decides what `$fU` or a header holds; with a quote in it the rest is SQL of his own. Use `{s.escape.common}` or
    `{sql.val}`, or check the text against a closed pattern first.
    """

    code = "SE001"
    bad = (
        Bad('sql_query("ca", "select a from t where u=\'$fU\'", "ra");', ("\"select a from t where u='$fU'\"",)),
        Bad('$var(u) = $hdr(X);\nsql_query("ca", "delete from t where u=\'$var(u)\'");', ("\"delete from t where u='$var(u)'\"",)),
    )
    good = (
        'sql_query("ca", "select a from t where u=\'$(fU{s.escape.common})\'", "ra");',
        'if ($fU =~ "^[0-9]+$") sql_query("ca", "select a from t where u=\'$fU\'", "ra");',
        'sql_query("ca", "select a from t where ip=\'$si\'", "ra");',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Texts from outside in queries."""
        for _, span, _ in subject.once(followed).of(Taint.SQL):
            yield Found(span, "a text from the message stands in this SQL as it is", "use {s.escape.common} or {sql.val}")
