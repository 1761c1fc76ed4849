"""Mistakes of structure: blocks, brackets, semicolons, and things that stand where they can't."""

from sroute.syntax.causes.cause import Cause, quoted
from sroute.syntax.scene import ITEM, STATEMENT, Scene, behind
from sroute.syntax.tokens import Token

DECLARATIONS = ("PARAMETER", "LOADMODULE", "LOADPATH", "MODPARAM", "LISTEN", "ALIAS", "FLAGS", "AVPFLAGS", "CFGENGINE", "KEMI")
ROUTES = ("ROUTE", "REQUEST_ROUTE", "REPLY_ROUTE", "NAMED_ROUTE", "EVENT_ROUTE")


def unclosed(scene: Scene) -> Cause | None:
    """The scanner has said that a string or a variable is never closed, or that a define can't be expanded."""
    if scene.token.kind in ("UNCLOSED", "BROKEN") or scene.before.kind in ("UNCLOSED", "BROKEN"):
        return Cause()
    return None


def unclosed_block(scene: Scene) -> Cause | None:
    """The file ends, or a route begins, inside a block."""
    token = scene.token
    begins = begins_route(scene)
    if token.kind != "$END" and not begins:
        return None
    opened = [bracket for bracket in scene.opened() if bracket.kind == "LBRACE"]
    if not opened:
        return None
    brace = misplaced(scene) or opened[-1]
    line = (scene.before if begins and token.kind == "LSQB" else token).span.line
    hint = f"line {line} begins a route inside of it" if begins else "the file ends inside of it"
    return Cause("SY001", "this block is never closed: a } is missing", brace.span, hint)


def begins_route(scene: Scene) -> bool:
    """Whether a route block begins at the token, or at the `route` before it, where a statement should be."""
    token = scene.token
    if token.kind == "LSQB" and scene.on_stack(1, *ROUTES) and scene.starts(STATEMENT, 1):
        return any(scene.kinds(distance, 2) == ["RSQB", "LBRACE"] for distance in (1, 2))
    return token.kind in ROUTES and scene.near(1).kind in ("LSQB", "LBRACE") and scene.starts(STATEMENT)


def misplaced(scene: Scene) -> Token | None:
    """The brace that was probably forgotten to close: the closing one it got stands further left than its own line."""
    waiting: list[Token] = []
    found: Token | None = None
    first = next((n for n in range(scene.at - 2, 0, -1) if scene.tokens[n].kind in ROUTES and scene.tokens[n].span.begin.column == 1), 0)
    for token in scene.tokens[first : scene.at]:
        if token.kind == "LBRACE":
            waiting.append(token)
        elif token.kind == "RBRACE" and waiting:
            opener = waiting.pop()
            if found is None and _indent(token) < _indent(opener):
                found = opener
    return found


def _indent(token: Token) -> int:
    line = token.span.source.line(token.span.line)
    return len(line) - len(line.lstrip())


def else_alone(scene: Scene) -> Cause | None:
    """`else`, `case` or `default` where none may stand."""
    token = scene.token
    if token.kind == "ELSE" and not scene.fits("SEMICOLON"):
        if scene.before.kind == "SEMICOLON" and scene.near(-2).kind == "RBRACE":
            return Cause("SY007", "this else has no if: the ';' behind the '}' ended it", scene.before.span, "without the ';'")
        return Cause("SY001", "this else has no if", token.span)
    if token.kind in ("CASE", "DEFAULT") and scene.starts(STATEMENT) and not scene.in_switch():
        return Cause("SY001", f"{token.text} stands outside of a switch", token.span)
    return None


def empty_block(scene: Scene) -> Cause | None:
    """`{ }`."""
    if scene.token.kind == "RBRACE" and scene.before.kind == "LBRACE" and scene.fits("SEMICOLON"):
        return Cause("SY003", "a block can't be empty", scene.before.span.to(scene.token.span), "a ';' is enough", insert=("SEMICOLON",))
    return None


def closing(scene: Scene) -> Cause | None:
    """A closing bracket that closes nothing."""
    token = scene.token
    if token.kind == "RBRACE" and scene.starts(ITEM):
        return Cause("SY001", "this } closes nothing", token.span, "one { less or one } more than needed before it", drop=1)
    if token.kind == "RPAR" and not any(bracket.kind == "LPAR" for bracket in scene.opened()):
        return Cause("SY001", "this ) closes nothing", token.span, drop=1)
    return None


def statement_outside(scene: Scene) -> Cause | None:
    """A statement at top level, or a declaration in a route."""
    token = scene.token
    if scene.starts(ITEM) and token.kind in ("PVAR", "AVPVAR", "ATTR", "IF", "WHILE", "SWITCH", "LEAVE", "BREAK", "ELSE"):
        return Cause("SY001", f"{quoted(token)}: a statement can only stand in a route block", token.span)
    if scene.starts(STATEMENT) and token.kind in DECLARATIONS:
        return Cause("SY021", f"{quoted(token)} can't stand in a route block", token.span, "declarations stand outside of routes")
    if scene.starts(STATEMENT) and token.kind == "SUBST":
        return Cause("PP016", f"{quoted(token)} can't stand in a route block", token.span, "move it in front of the routes")
    return None


def missing_bracket(scene: Scene) -> Cause | None:
    """A closing bracket that is missing before the token."""
    token = scene.token
    if token.kind in ("LBRACE", "SEMICOLON", "RSQB", "COLON"):
        for count in range(1, 4):
            if scene.fits(*["RPAR"] * count):
                opened = [bracket for bracket in scene.opened() if bracket.kind == "LPAR"]
                brackets = "a ) is missing" if count == 1 else f"{count} ) are missing"
                return Cause("SY001", brackets, behind(scene.before), _opened_at(opened, scene), insert=("RPAR",) * count)
    for count in range(1, 4) if scene.new_line() else ():
        if scene.fits(*["RPAR"] * count, "SEMICOLON"):
            opened = [bracket for bracket in scene.opened() if bracket.kind == "LPAR"]
            insert = (*["RPAR"] * count, "SEMICOLON")
            return Cause("SY001", f"{')' * count}; is missing here", behind(scene.before), _opened_at(opened, scene), insert=insert)
    if token.kind == "LBRACE" and scene.fits("RSQB"):
        return Cause("SY001", "a ] is missing", behind(scene.before), insert=("RSQB",))
    return None


def _opened_at(opened: list[Token], scene: Scene) -> str | None:
    if not opened:
        return None
    begin = opened[-1].span.begin
    return f"for the ( in column {begin.column}" + ("" if begin.line == scene.before.span.line else f" of line {begin.line}")


def missing_colon(scene: Scene) -> Cause | None:
    """`case 1` without its colon, or a regular expression between slashes."""
    if scene.on_stack(1, "SLASH") and scene.on_stack(2, "CASE"):
        return Cause("SY001", "the regular expression of a case is a string", scene.token.span, 'case /"^a":')
    if scene.accepts("COLON") and not scene.accepts("SEMICOLON") and scene.fits("COLON"):
        return Cause("SY001", "a ':' is missing", behind(scene.before), insert=("COLON",))
    return None


def missing_semicolon(scene: Scene) -> Cause | None:
    """A statement that does not end."""
    if not scene.fits("SEMICOLON"):
        return None
    if scene.token.kind in ("PVAR", "AVPVAR") and scene.near(1).kind != "EQUAL" and not scene.new_line():
        return Cause("SY001", f"an operator is missing before {quoted(scene.token)}", scene.token.span)
    return Cause("SY002", "a ';' is missing here", behind(scene.before), insert=("SEMICOLON",))


def break_value(scene: Scene) -> Cause | None:
    """`break()`."""
    if scene.on_stack(1, "BREAK") and not scene.new_line():
        return Cause("SY001", "break stands alone", scene.token.span, "break;")
    return None
