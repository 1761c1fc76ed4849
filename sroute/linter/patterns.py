"""The constant regular expressions of a script."""

from collections.abc import Iterator

from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Case, Expression

BY_FUNCTION = {
    "subst": 0,
    "subst_uri": 0,
    "subst_user": 0,
    "subst_hf": 1,
    "search": 0,
    "search_body": 0,
    "search_append": 0,
    "subst_body": 0,
}
MATCHING = frozenset(["sht_rm_name", "sht_rm_value", "sht_match_name", "sht_match_str_value", "sht_has_name"])


def patterns(subject: Subject) -> Iterator[tuple[Expression, str]]:
    """Each constant pattern with the expression that holds it: behind `=~`, in labels, in functions."""
    for node in subject.tree.each(Binary):
        text = subject.text(node.right) if node.op == "=~" else None
        if text:
            yield node.right, text
    for case in subject.tree.each(Case):
        text = subject.text(case.label) if case.regex else None
        if text and case.label is not None:
            yield case.label, text
    for call in subject.calls(*BY_FUNCTION, *MATCHING):
        number = BY_FUNCTION.get(call.name, 2 if subject.argument(call, 1) == "re" else 9)
        text = subject.argument(call, number)
        if text:
            yield call.args[number], text
