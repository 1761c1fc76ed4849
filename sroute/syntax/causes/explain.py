"""Finds the cause of a syntax error: each function of this room knows one kind of mistake, the first that recognises it speaks."""

from collections.abc import Callable

from sroute.syntax.causes.cause import Cause, quoted
from sroute.syntax.causes.declarations import call_outside, field_name, listen_order, missing_value, modparam_value, route_name
from sroute.syntax.causes.structure import (
    break_value,
    closing,
    else_alone,
    empty_block,
    missing_bracket,
    missing_colon,
    missing_semicolon,
    statement_outside,
    unclosed,
    unclosed_block,
)
from sroute.syntax.causes.values import (
    assignment,
    bad_number,
    bare_word,
    cast,
    core_arguments,
    expression_statement,
    foreign_operator,
    foreign_word,
    lone_operand,
    long_form,
    missing_argument,
    missing_operator,
    missing_value_of_operator,
    sign,
    strings,
)
from sroute.syntax.scene import Scene

UNIQUE_WORDS = {
    "SEMICOLON": "';'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LBRACE": "'{'",
    "RBRACE": "'}'",
    "LSQB": "'['",
    "RSQB": "']'",
    "EQUAL": "'='",
    "COLON": "':'",
    "COMMA": "','",
    "STRING": "a string",
    "NUMBER": "a number",
    "ID": "a name",
    "EVENT_NAME": "module:event",
}


def anything_else(scene: Scene) -> Cause:
    """What could stand here, when it is little enough to say."""
    expected = sorted(UNIQUE_WORDS.get(kind, "") for kind in scene.machine.expected())
    token = scene.token
    if token.text[:1].isalpha() and scene.accepts("ID") and token.kind not in ("ID", "NUM_ID"):
        return Cause("SY001", f"{token.text} is a word of the language and can't stand here", token.span)
    message = f"{quoted(token)} can't stand here"
    if 0 < len(expected) <= 3 and all(expected):
        message += f": {' or '.join(expected)} is expected"
    return Cause("SY001", message, token.span)


CAUSES: tuple[Callable[[Scene], Cause | None], ...] = (
    unclosed,
    unclosed_block,
    foreign_operator,
    else_alone,
    empty_block,
    closing,
    statement_outside,
    call_outside,
    field_name,
    missing_value,
    listen_order,
    route_name,
    cast,
    strings,
    long_form,
    missing_bracket,
    expression_statement,
    missing_semicolon,
    foreign_word,
    bad_number,
    missing_colon,
    break_value,
    missing_operator,
    core_arguments,
    missing_argument,
    missing_value_of_operator,
    assignment,
    modparam_value,
    bare_word,
    lone_operand,
    sign,
)


def explain(scene: Scene) -> Cause:
    """The cause of a syntax error."""
    for recognise in CAUSES:
        if cause := recognise(scene):
            return cause
    return anything_else(scene)
