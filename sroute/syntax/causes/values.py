"""Mistakes in expressions and calls: operators of other languages, quotes, numbers, bare words."""

from sroute.source.text import Span
from sroute.syntax.causes.cause import VALUES, Cause, quoted
from sroute.syntax.scene import STATEMENT, Scene, behind
from sroute.syntax.words import CORE_FUNCTIONS

OPERATOR_HINTS = {
    "+=": "$x = $x + ...",
    "-=": "$x = $x - ...",
    "*=": "$x = $x * ...",
    "/=": "$x = $x / ...",
    "|=": "$x = $x | ...",
    "&=": "$x = $x & ...",
    ":=": "= assigns",
    ".=": "$x = $x + ...",
    "++": "$x = $x + 1",
    "--": "$x = $x - 1",
    "!~": 'not matching is !($x =~ "...")',
    "===": "== compares",
    "!==": "!= compares",
    "<>": "!= compares",
    "=>": ">= compares",
    "**": "there is no power",
    "->": None,
    "?:": "selval(condition, a, b)",
    "%": "the remainder is mod",
    ".": "+ joins strings",
}
FOREIGN_WORDS = {
    "continue": "an if around the rest of the loop",
    "for": "while",
    "foreach": "while",
    "do": "while",
    "until": "while",
    "then": "nothing stands between the condition and the statement",
    "elseif": "else if",
    "elsif": "else if",
    "elif": "else if",
    "endif": "braces",
    "function": "route[NAME] { ... }",
    "goto": "route(NAME)",
    "let": "$var(x) = ...",
    "set": "$var(x) = ...",
    "NULL": "$null",
    "null": "$null",
    "true": "1",
}
OPERANDS = ("METHOD", "URI_OPERAND", "IP_OPERAND", "INT_OPERAND", "PROTO_OPERAND", "MYSELF")
FORMS = {name: (function.name, function.forms) for function in CORE_FUNCTIONS for name in function.names}


def foreign_operator(scene: Scene) -> Cause | None:
    """An operator of other languages."""
    token, before = scene.token, scene.before
    if "?" in scene.gap() or (token.kind == "COLON" and any("?" in _gap(scene, n) for n in range(-4, 0))):
        return _operator(scene, "?:", token.span)
    if token.kind == "ADD_EQUAL":
        return _operator(scene, token.text, token.span)
    for first, second in ((before, token), (token, scene.near(1))):
        pair = first.text + second.text
        if pair in OPERATOR_HINTS and first.span.source is second.span.source and first.span.end == second.span.start and first.text:
            return _operator(scene, pair, first.span.to(second.span))
    if before.kind == "EQ" and token.kind == "EQUAL":
        return _operator(scene, before.text + "=", before.span.to(token.span))
    if token.kind in ("PERCENT", "ATTR") and before.kind in VALUES and token.text.startswith("%"):
        return _operator(scene, "%", Span(token.span.source, token.span.start, token.span.start + 1))
    if token.kind == "DOT" and before.kind in ("STRING", "PVAR", "RPAR") and scene.near(1).kind in ("STRING", "PVAR", "AVPVAR"):
        return _operator(scene, ".", token.span)
    return None


def _gap(scene: Scene, distance: int) -> str:
    first, second = scene.near(distance - 1), scene.near(distance)
    return second.span.source.text[first.span.end : second.span.start] if first.span.source is second.span.source else ""


def _operator(scene: Scene, operator: str, span: Span) -> Cause:
    return Cause("SY006", f"there is no operator {operator}", span, OPERATOR_HINTS.get(operator))


def bad_number(scene: Scene) -> Cause | None:
    """A number in a form that Kamailio does not know."""
    token, before = scene.token, scene.before
    if token.kind == "DOT" and before.kind == "NUMBER" and scene.near(1).kind == "NUMBER":
        if scene.kinds(2, 2) == ["DOT", "NUMBER"]:
            whole = before.span.to(scene.near(3).span)
            return Cause("SY001", "an address needs quotes here", whole, f'"{whole.text()}..."')
        return Cause("SY001", "there are no floating point numbers", before.span.to(scene.near(1).span))
    if token.kind == "NUM_ID" and scene.accepts("NUMBER"):
        text = token.text
        hint = None
        if text[0] == "0" and text.isdigit():
            hint = "a leading 0 means octal"
        elif text[:2] in ("0X", "0x"):
            hint = "hexadecimal numbers are written 0x1f"
        elif text[:2] == "0b" or (text[:-1].isdigit() and text[-1] == "b"):
            hint = "binary numbers are written 101b"
        return Cause("SY001", f"{text} is no number", token.span, hint)
    return None


def strings(scene: Scene) -> Cause | None:
    """Strings that do not join, or a quote in a string."""
    token, before = scene.token, scene.before
    if before.kind == "STRING" and "\n" in before.text and scene.adjacent() and token.kind not in ("COMMA", "RPAR", "SEMICOLON"):
        first = before.span.start + before.text.index("\n")
        hint = f"as it is, it goes on to line {before.span.finish.line}"
        return Cause("SY005", "this string is never closed", Span(before.span.source, before.span.start, first), hint, explains="SY005")
    if before.kind == "STRING" and before.text.endswith("\\'") and scene.adjacent():
        message = "there are no escapes in single quotes: the string ends here"
        return Cause("SY001", message, behind(before), "use double quotes", explains="SY005")
    if before.kind == "STRING" and token.kind == "STRING":
        different = before.text[0] != token.text[0]
        message = "strings with different quotes do not join" if different else "these strings do not join"
        return Cause("SY001", message, before.span.to(token.span), "+ joins strings")
    if before.kind == "STRING" and token.kind in ("ID", "NUM_ID", "NUMBER") and scene.adjacent():
        hint = 'a quote is missing or too many; a quote in a string is written \\"'
        return Cause("SY001", f"the string ends before {token.text}", token.span, hint, explains="SY005")
    return None


def cast(scene: Scene) -> Cause | None:
    """`(string)$x`."""
    name = scene.before.text
    if scene.token.kind == "RPAR" and scene.kinds(-2, 2) == ["LPAR", "ID"] and name.lower() in ("string", "integer", "int", "str"):
        whole = scene.near(-2).span.to(scene.token.span)
        return Cause("SY001", f"there is no cast ({name})", whole, "(int) and (str), without blanks")
    return None


def foreign_word(scene: Scene) -> Cause | None:
    """A statement of other languages."""
    for token in (scene.before, scene.token):
        if token.kind == "ID" and token.text in FOREIGN_WORDS:
            return Cause("SY006", f"there is no {token.text}", token.span, FOREIGN_WORDS[token.text], whole=True)
    name = scene.call()
    if name is not None and name.text in FOREIGN_WORDS:
        return Cause("SY006", f"there is no {name.text}", name.span, FOREIGN_WORDS[name.text], whole=True)
    return None


def bare_word(scene: Scene) -> Cause | None:
    """A name that is neither a call nor a define."""
    token, name = scene.token, scene.before
    if scene.on_stack(1, "ID") and scene.accepts("LPAR"):
        if scene.starts(STATEMENT, 1):
            return Cause("SY010", f"{name.text} is called without parentheses", name.span, f"{name.text}()")
        call = scene.call()
        if call is not None and call.kind == "ROUTE":
            return Cause("SY015", "route() takes one name", token.span)
        if call is not None and token.kind in ("COMMA", "RPAR"):
            return Cause("SY011", f"{name.text} needs quotes, or a #!define that gives it a value", name.span, f'"{name.text}"')
        if scene.opened() and scene.opened()[-1].kind == "LPAR":
            message = f"{name.text} is called without parentheses, or no #!define gives it a value"
            return Cause("SY010", message, name.span, f"{name.text}()")
        if token.kind in ("DOT", "MINUS"):
            return Cause("SY011", f"a host name that begins with {name.text} needs quotes here", name.span)
        return Cause("PP013", f"no #!define gives {name.text} a value", name.span, f'a string is written "{name.text}"')
    if token.kind == "ID" and scene.accepts("STRING") and not scene.accepts("PVAR"):
        return Cause("PP013", f"no #!define gives {token.text} a value", token.span, f'a string is written "{token.text}"')
    return None


def core_arguments(scene: Scene) -> Cause | None:
    """A function of the core with other arguments than it takes."""
    name = scene.call()
    if name is not None and name.text in FORMS and name.kind != "ROUTE":
        canonical, forms = FORMS[name.text]
        span = scene.token.span if scene.token.kind != "SEMICOLON" else name.span
        written = [canonical + form for form in forms if form != "without"]
        return Cause("SY011", f"{name.text} does not take this", span, " or ".join(written[:3]) + (" ..." if len(written) > 3 else ""))
    if scene.on_stack(1, *{function.terminal for function in CORE_FUNCTIONS}) and scene.token.kind == "SEMICOLON":
        canonical, forms = FORMS[scene.before.text]
        return Cause("SY010", f"{scene.before.text} is called without parentheses", scene.before.span, canonical + forms[0])
    return None


def lone_operand(scene: Scene) -> Cause | None:
    """`if (uri)`."""
    if scene.on_stack(1, *OPERANDS):
        name, token = scene.before, scene.token
        known = (("==", "EQ"), ("!=", "EQ"), ("=~", "MATCH"), ("<", "CMP"), (">", "CMP"))
        signs = [sign for sign, kind in known if scene.accepts(kind)]
        if token.kind in ("EQUAL", "MATCH", "CMP", "IEQ"):
            return Cause("SY001", f"{name.text} can't be compared by {token.text}", token.span, " ".join(signs))
        return Cause("SY001", f"{name.text} must be compared with something", name.span, " ".join(signs))
    return None


def expression_statement(scene: Scene) -> Cause | None:
    """A value where a statement should be."""
    token = scene.token
    if scene.on_stack(1, "PVAR", "AVPVAR", "ATTR") and scene.starts(STATEMENT, 1):
        if token.kind == "EQ" and token.text == "==":
            return Cause("SY009", "a comparison is no statement", scene.before.span.to(token.span), "= assigns")
        if token.kind == "LBRACE":
            return Cause("SY016", "transformations stand in the long form", scene.before.span, f"$({scene.before.text[1:]}{{...}})")
        if token.kind == "LSQB":
            return Cause("SY016", "an index stands in the long form", scene.before.span, f"$({scene.before.text[1:]}[...])")
        return Cause("SY009", f"{quoted(scene.before)} is no statement", scene.before.span, "= assigns")
    if scene.starts(STATEMENT) and token.kind in ("NUMBER", "STRING", "LPAR", "NOT", "MINUS", "AT", "DEFINED", "CAST", "SELVAL", *OPERANDS):
        return Cause("SY009", "an expression is no statement", token.span, "if (...), or assign it to a variable")
    if scene.starts(STATEMENT) and token.kind == "LBRACE":
        return Cause("SY009", "a block alone is no statement", token.span, "if (1) { ... }, or leave the braces out")
    return None


def long_form(scene: Scene) -> Cause | None:
    """`$var(x){s.len}`, `$avp(x)[0]`."""
    token, before = scene.token, scene.before
    if before.kind in ("PVAR", "AVPVAR") and scene.adjacent():
        if token.kind in ("LBRACE", "LSQB"):
            what, form = ("a transformation", "{...}") if token.kind == "LBRACE" else ("an index", "[...]")
            return Cause("SY016", f"{what} needs the long form of the variable", before.span.to(token.span), f"$({before.text[1:]}{form})")
        if token.kind == "DOT" or token.kind == "ID":
            message = "the name of the variable ends here: a longer one needs parentheses"
            more = token.text + (scene.near(1).text if token.kind == "DOT" else "")
            return Cause("SY016", message, token.span, f"$({before.text[1:]}{more})")
    return None


def missing_operator(scene: Scene) -> Cause | None:
    """Two values with nothing between them."""
    token = scene.token
    if token.kind not in ("PVAR", "AVPVAR", "STRING", "NUMBER", "ID") or scene.before.kind not in VALUES:
        return None
    if scene.fits("COMMA"):
        return Cause("SY001", f"a comma or an operator is missing before {quoted(token)}", token.span, insert=("COMMA",))
    return Cause("SY001", f"an operator is missing before {quoted(token)}", token.span)


def missing_argument(scene: Scene) -> Cause | None:
    """A comma with nothing behind it, or nothing between parentheses."""
    if scene.before.kind == "COMMA" and scene.token.kind in ("RPAR", "COMMA"):
        return Cause("SY001", "an argument is missing behind this comma", scene.before.span)
    if scene.before.kind == "LPAR" and scene.token.kind == "RPAR":
        return Cause("SY001", "there is nothing between these parentheses", scene.before.span.to(scene.token.span))
    return None


def missing_value_of_operator(scene: Scene) -> Cause | None:
    """An operator with nothing behind it."""
    if not (scene.accepts("NUMBER") and scene.accepts("PVAR")):
        return None
    if scene.token.kind == "COLON" and scene.kinds(-3, 3) == ["SLASH", "STRING", "SLASH"]:
        return Cause("SY001", "no slash stands behind the regular expression of a case", scene.before.span, 'case /"^a":')
    if scene.token.kind in ("SEMICOLON", "RPAR", "COMMA", "RBRACE", "COLON", "LBRACE", "$END"):
        return Cause("SY001", f"a value is missing behind {quoted(scene.before)}", behind(scene.before))
    return None


def assignment(scene: Scene) -> Cause | None:
    """`=` in a chain or in a condition without parentheses."""
    if scene.token.kind == "EQUAL" and scene.before.kind in ("PVAR", "AVPVAR", "ATTR", "STRING", "NUMBER", "RPAR"):
        return Cause("SY001", "an assignment within an expression needs parentheses of its own", scene.token.span, "== compares")
    return None


def sign(scene: Scene) -> Cause | None:
    """`+5`."""
    if scene.token.kind == "PLUS" and scene.accepts("MINUS", "NUMBER") and scene.before.kind not in VALUES:
        return Cause("SY001", "there is no unary +", scene.token.span, drop=1)
    return None
