"""What passes Kamailio's check but fails its start: patterns, labels, targets."""

from sroute.resolve.constants import Constants
from sroute.resolve.program import Program
from sroute.resolve.types import Report
from sroute.runtime.regex import BadPattern, searcher
from sroute.source.diagnostic import Diagnostic
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Binary, CoreCondition, Expression, RouteCall, Switch, Word


def check_regex(node: Binary, known: Constants, report: Report) -> None:
    """A constant pattern that glibc does not compile."""
    pattern = known.of(node.right)
    if isinstance(pattern, int):
        report(Diagnostic("EX010", "error", "the right side of =~ is no string", node.right.span, "put it into quotes"))
    elif pattern is not None:
        _pattern(pattern, node.right, report)


def check_condition(node: CoreCondition, known: Constants, report: Report) -> None:
    """A constant pattern on the right of `uri =~`, `method =~`, `src_ip =~`."""
    if node.op != "=~" or isinstance(node.right, Word):
        return
    pattern = known.of(node.right)
    if isinstance(pattern, str):
        _pattern(pattern, node.right, report)


def _pattern(pattern: str, node: Expression, report: Report) -> None:
    try:
        searcher(pattern)
    except BadPattern as error:
        report(Diagnostic("EX010", "error", f'bad regular expression "{pattern}": {error}', node.span, "POSIX extended syntax"))


def check_case_labels(node: Switch, known: Constants, report: Report) -> None:
    """Labels: one kind, no duplicates, patterns that compile, not `default` alone."""
    seen: dict[int | str, int] = {}
    kinds: set[type] = set()
    for case in node.cases:
        if case.label is None:
            continue
        label = known.of(case.label)
        if label is None:
            continue
        kinds.add(str if case.regex else type(label))
        if case.regex:
            _pattern(str(label), case.label, report)
        elif label in seen:
            report(Diagnostic("RT019", "error", f"duplicate case {label}", case.label.span, f"the first is on line {seen[label]}"))
        else:
            seen[label] = case.label.span.begin.line
    if len(kinds) > 1:
        report(Diagnostic("SY018", "error", "mixed integer and string cases are not allowed", node.span, "make all labels strings"))
    if node.cases and all(case.label is None for case in node.cases) and known.of(node.selector) is None:
        report(Diagnostic("RT041", "error", "a switch with only `default:` does not start", node.span, "add a case or remove the switch"))
    elif not node.cases:
        report(Diagnostic("SY003", "warning", "empty switch()", node.span))


def missing_route(name: str, node: RouteCall, program: Program) -> None:
    """A constant route name without a block."""
    if ("request", name) in program.routes or (name == "0" and ("request", None) in program.routes):
        return
    here = [known for kind, known in program.routes if kind == "request" and known is not None]
    other = next((kind for kind, known in program.routes if known == name and kind != "request"), None)
    if name.startswith("$"):
        hint: str | None = "a quoted variable is not expanded: write it without quotes"
        code = "RT006"
    elif other is not None:
        hint, code = f"there is only {other}_route[{name}]", "RT004"
    else:
        same = next((known for known in here if known.lower() == name.lower()), None)
        hint, code = (f"names are case-sensitive: {same}", "RT002") if same else (did_you_mean(name, here), "RT001")
    program.diagnostics.append(Diagnostic(code, "error", f"no route[{name}] in this script", node.target.span, hint))
