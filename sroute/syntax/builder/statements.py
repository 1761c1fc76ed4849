"""Nodes of statements and blocks."""

from sroute.syntax import nodes
from sroute.syntax.builder.build import Build, Children, Rule, around


def block(build: Build, c: Children) -> nodes.Block:
    """`{ ... }`."""
    return nodes.Block(tuple(c[1]), around(c[0], c[2]))


def single(build: Build, c: Children) -> nodes.Block:
    """A statement where a block may stand."""
    return nodes.Block((c[0],), c[0].span, braces=False)


def body(build: Build, c: Children) -> object:
    """A block as the body of something."""
    return c[0]


def empty(build: Build, c: Children) -> nodes.Empty:
    """A lone semicolon."""
    return nodes.Empty(c[0].span)


def call_statement(build: Build, c: Children) -> nodes.CallStatement:
    """A call as a statement."""
    return nodes.CallStatement(c[0], c[0].span)


def first(build: Build, c: Children) -> object:
    """A statement that ends with a semicolon."""
    return c[0]


def if_only(build: Build, c: Children) -> nodes.If:
    """`if` without `else`."""
    return nodes.If(c[1], c[2], None, around(c[0], c[2]))


def if_else(build: Build, c: Children) -> nodes.If:
    """`if` with `else`."""
    return nodes.If(c[1], c[2], c[4], around(c[0], c[4]))


def loop(build: Build, c: Children) -> nodes.While:
    """`while`."""
    return nodes.While(c[1], c[2], around(c[0], c[2]))


def leave(build: Build, c: Children) -> nodes.Leave:
    """`return`, `exit`, `drop` or `break` alone."""
    return nodes.Leave(c[0].value, None, c[0].span)


def leave_call(build: Build, c: Children) -> nodes.Leave:
    """`exit()`."""
    return nodes.Leave(c[0].value, None, around(c[0], c[2]))


def leave_value(build: Build, c: Children) -> nodes.Leave:
    """`return 5`."""
    return nodes.Leave(c[0].value, c[1], around(c[0], c[1]))


def switch(build: Build, c: Children) -> nodes.Switch:
    """`switch` with labels."""
    cases: list[nodes.Case] = c[3]
    defaults = [case for case in cases if case.label is None]
    for case in defaults[1:]:
        build.error("SY019", "a second default: in this switch", case.span)
    return nodes.Switch(c[1], tuple(cases), around(c[0], c[4]))


def switch_empty(build: Build, c: Children) -> nodes.Switch:
    """`switch` without labels."""
    span = around(c[0], c[3])
    build.report("SY003", "warning", "this switch has no labels", span)
    return nodes.Switch(c[1], (), span)


def case(build: Build, c: Children) -> nodes.Case:
    """`case LABEL:` with or without statements."""
    return _case(build, c[0], c[1], c[3:], regex=False, last=c[2])


def case_regex(build: Build, c: Children) -> nodes.Case:
    """`case /LABEL:`."""
    return _case(build, c[0], c[2], c[4:], regex=True, last=c[3])


def default(build: Build, c: Children) -> nodes.Case:
    """`default:`."""
    return _case(build, c[0], None, c[2:], regex=False, last=c[1])


def _case(build: Build, keyword: object, label: nodes.Expression | None, rest: Children, *, regex: bool, last: object) -> nodes.Case:
    statements = tuple(rest[0]) if rest else ()
    if label is not None and not constant(label):
        build.error("SY001", "a case label must be constant", label.span, "numbers, strings and operators between them")
    return nodes.Case(label, regex, statements, around(keyword, statements[-1] if statements else last))  # type: ignore[arg-type]


def constant(expression: nodes.Expression) -> bool:
    """Whether an expression consists of literals only."""
    waiting: list[nodes.Expression] = [expression]
    while waiting:
        match waiting.pop():
            case nodes.Literal():
                pass
            case nodes.Unary(_, operand):
                waiting.append(operand)
            case nodes.Binary(_, left, right):
                waiting += [left, right]
            case _:
                return False
    return True


RULES: dict[str, Rule] = {
    "assign_statement": first,
    "leave_statement": first,
    **{
        function.__name__: function
        for function in (
            *(block, single, body, empty, call_statement, if_only, if_else, loop, leave, leave_call, leave_value),
            *(switch, switch_empty, case, case_regex, default),
        )
    },
}
