"""Mistakes at top level: parameters, globals, listen, modparam, names of routes."""

from sroute.source.nearest import did_you_mean
from sroute.syntax.causes.cause import Cause
from sroute.syntax.parameters import BY_NAME, EXPECTED
from sroute.syntax.scene import ITEM, Scene, behind


def call_outside(scene: Scene) -> Cause | None:
    """A call at top level, or an unknown parameter."""
    token, name = scene.token, scene.before
    if not (scene.on_stack(1, "ID") and scene.starts(ITEM, 1)):
        if token.kind == "LPAR" and scene.starts(ITEM, 1) and scene.on_stack(1, "ROUTE"):
            return Cause("SY001", "route(...): a statement can only stand in a route block", name.span.to(token.span))
        return None
    if token.kind == "EQUAL":
        return Cause("SY020", f"there is no core parameter {name.text}", name.span, did_you_mean(name.text, BY_NAME))
    if token.kind == "LPAR":
        return Cause("SY001", f"{name.text}(...): a statement can only stand in a route block", name.span.to(token.span))
    known = [*BY_NAME, "loadmodule", "modparam", "listen"]
    return Cause("SY001", f"{name.text} means nothing here", name.span, did_you_mean(name.text, known))


def field_name(scene: Scene) -> Cause | None:
    """`group.field` where one of the names is a word of the language."""
    token = scene.token
    if scene.before.kind == "DOT" and scene.accepts("ID", "EQUAL") and token.text[:1].isalpha():
        return Cause("SY020", f"{token.text} is a word of the language: it can't be the name of a global", token.span)
    if token.kind == "DOT" and scene.before.kind == "PARAMETER":
        return Cause("SY020", f"{scene.before.text} is a core parameter: it can't be the name of a group", scene.before.span)
    if token.kind == "EQUAL" and scene.holds("LISTEN"):
        return Cause("SY001", "the listen before this takes the name as one more address", token.span, "end the listen with ';'")
    return None


def missing_value(scene: Scene) -> Cause | None:
    """A parameter without its `=`, or with no value behind it."""
    if scene.on_stack(1, "PARAMETER"):
        return Cause("SY020", f"a '=' is missing behind {scene.before.text}", behind(scene.before))
    if scene.on_stack(1, "EQUAL") and scene.on_stack(2, "PARAMETER", "FORCE_RPORT", "UDP_MTU_TRY_PROTO"):
        name = scene.near(-2).text
        if scene.new_line() or scene.token.kind in ("$END", "SEMICOLON"):
            return Cause("SY020", f"{name} has no value", behind(scene.before), f"it takes {EXPECTED[BY_NAME[name].type]}")
        return Cause("SY020", f"{name} takes {EXPECTED[BY_NAME[name].type]}", scene.token.span)
    if scene.on_stack(1, "FLAGS", "AVPFLAGS"):
        return Cause("SY001", f"{scene.before.text} takes names of flags", scene.before.span, f"{scene.before.text} A, B")
    return None


def listen_order(scene: Scene) -> Cause | None:
    """`listen = ... name "x" advertise ...`."""
    token = scene.token
    if token.kind in ("ADVERTISE", "NAME", "VIRTUAL") and scene.holds("LISTEN") and scene.before.kind in ("STRING", "VIRTUAL"):
        return Cause("SY001", f"{token.text} stands too late", token.span, "advertise, then name, then virtual")
    return None


def route_name(scene: Scene) -> Cause | None:
    """A name in brackets that needs quotes."""
    token = scene.token
    if scene.on_stack(1, "EVENT_ROUTE") or (scene.on_stack(1, "LSQB") and scene.on_stack(2, "EVENT_ROUTE")):
        return Cause("SY015", "an event route has the name of an event in brackets", token.span, "event_route[module:event]")
    named = scene.on_stack(1, "LSQB") and scene.on_stack(2, "ROUTE", "NAMED_ROUTE")
    if named or (scene.on_stack(1, "LPAR") and scene.on_stack(2, "ROUTE")):
        if token.text[:1].isalpha() or token.kind == "NUM_ID":
            why = "begins with a digit" if token.kind == "NUM_ID" else "is a word of the language"
            return Cause("SY015", f"{token.text} {why}: as a route's name it needs quotes", token.span, f'"{token.text}"')
        if token.kind in ("RSQB", "RPAR"):
            return Cause("SY015", "the name of the route is missing", token.span)
    inside = scene.on_stack(2, "LSQB", "LPAR") and scene.on_stack(3, "ROUTE", "NAMED_ROUTE") and scene.on_stack(1, "ID", "NUMBER")
    if inside and token.kind in ("MINUS", "DOT", "COLON", "NUM_ID"):
        end = next((n for n in range(1, 20) if scene.near(n).kind in ("RSQB", "RPAR", "SEMICOLON", "LBRACE")), 1)
        whole = scene.before.span.to(scene.near(end - 1).span)
        return Cause("SY015", f"{whole.text()} needs quotes as a route's name", whole, f'"{whole.text()}"')
    if scene.on_stack(1, "REPLY_ROUTE", "REQUEST_ROUTE") and token.kind == "LSQB":
        other = "onreply_route" if scene.before.kind == "REPLY_ROUTE" else "route"
        return Cause("SY015", f"{scene.before.text} has no name", token.span, f"{other}[NAME]")
    if scene.on_stack(1, "ROUTE") and token.kind == "LSQB":
        return Cause("SY001", "a route is called with parentheses", token.span, "route(NAME)")
    return None


def modparam_value(scene: Scene) -> Cause | None:
    """A `modparam` whose value is an expression."""
    if scene.holds("MODPARAM"):
        token = scene.token
        if token.kind == "PLUS" or scene.accepts("RPAR"):
            return Cause("SY001", "modparam takes a string or a number, no expression", token.span, 'adjacent strings join: "a" "b"')
        if token.kind == "ID":
            return Cause("PP013", f"no #!define gives {token.text} a value", token.span, f'a string is written "{token.text}"')
    return None
