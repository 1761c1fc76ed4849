"""Short ways to parse in tests."""

from sroute.dialect import DIALECTS
from sroute.source.diagnostic import Diagnostic
from sroute.syntax import nodes
from sroute.syntax.parser import Parsed, parse, parse_expression, parse_statements


def route(body: str, *, head: str = "#!KAMAILIO\n") -> Parsed:
    """A script whose request_route has this body, on line 3 when there is a marker."""
    return parse("test.cfg", f"{head}request_route {{\n{body}\n}}\n")


def findings(parsed: Parsed) -> list[str]:
    """`line:column CODE message` of everything but infos."""
    shown = [found for found in parsed.diagnostics if found.severity != "info"]
    return [describe(found) for found in shown]


def describe(found: Diagnostic) -> str:
    """`line:column CODE message`."""
    place = f"{found.span.begin.line}:{found.span.begin.column} " if found.span else ""
    return f"{place}{found.code} {found.message}"


def statement(text: str) -> nodes.Statement:
    """The one statement that a text is."""
    piece = parse_statements(text)
    assert not piece.diagnostics, piece.diagnostics
    (found,) = piece.statements
    return found


def expression(text: str) -> nodes.Expression:
    """The expression that a text is."""
    piece = parse_expression(text)
    assert not piece.diagnostics, piece.diagnostics
    assert piece.expression is not None
    return piece.expression


def script(text: str, version: str = "5.6") -> nodes.Script:
    """A script without errors."""
    parsed = parse("test.cfg", text, dialect=DIALECTS[version])
    assert parsed.ok, findings(parsed)
    return parsed.script


def sketch(node: object) -> str:
    """An expression with every operator in parentheses."""
    match node:
        case nodes.Literal(value):
            return str(value) if isinstance(value, int) else f'"{value}"'
        case nodes.Variable(spec):
            return spec.text
        case nodes.Word(text):
            return text
        case nodes.Unary(op, operand):
            return f"({op} {sketch(operand)})"
        case nodes.Binary(op, left, right):
            return f"({sketch(left)} {op} {sketch(right)})"
        case nodes.CoreCondition(left, op, right):
            return f"[{left} {op} {sketch(right)}]"
        case nodes.Call(name, args) | nodes.CoreCall(name, args):
            return f"{name}({', '.join(map(sketch, args))})"
        case nodes.RouteCall(target):
            return f"route({sketch(target)})"
        case nodes.Select(parts):
            return "@" + ".".join(name + (f"[{index}]" if index is not None else "") for name, index in parts)
        case nodes.AssignExpression(nodes.Assign(target, value)):
            return f"({sketch(target)} = {sketch(value)})"
        case nodes.Selval(condition, then, other):
            return f"selval({sketch(condition)}, {sketch(then)}, {sketch(other)})"
    return type(node).__name__
