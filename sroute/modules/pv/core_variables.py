"""Variables that the core itself has, with or without the pv module: `$null`, `$rc`, `$def`, `$env`."""

import os
from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import TEXT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.module import Module
from sroute.exports.variable import Index
from sroute.modules.pv.keys import key
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Spelled, Value, parse_int

NEWER = "5.7"
_ESCAPES = {
    "En": ("\n", "A line feed."),
    "Er": ("\r", "A carriage return."),
    "Et": ("\t", "A tab."),
    "Es": (" ", "A blank."),
    "Ec": (",", "A comma."),
    "Eq": ('"', "A double quote."),
    "Ek": ("'", "A single quote."),
    "Ei": (":", "A colon."),
    "Ej": (";", "A semicolon."),
    "Eb": ("\\", "A backslash."),
    "Ev": ("`", "A backtick."),
}


class Definition:
    """The name of a `#!define`; its text is looked up at load."""

    form = "name"

    def parse(self, text: str, names: Names) -> tuple[bool, str]:
        """Whether it is defined, and its text."""
        if not text:
            raise FixupError("a name is needed")
        defines = names.defines
        return text in defines, defines.get(text) or ""

    def bind(self, parsed: tuple[bool, str], scope: Scope) -> Arg[tuple[bool, str]]:
        """The same."""
        return Constant(parsed)


def numbered(text: str) -> Value:
    """A decimal text as an int; any other counts as 0 and prints as it is."""
    number = parse_int(text) if text and text[:2].lower() != "0x" else None
    if number is None:
        return Spelled(0, text)
    return number if str(number) == text else Spelled(number, text)


def quoted(text: str) -> str:
    """In double quotes, unless it is quoted already or a single character."""
    if len(text) < 2 or (text[0] == text[-1] and text[0] in "\"'"):
        return text
    return f'"{text}"'


def unquoted(text: str) -> str:
    """Without the quotes around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def declare(module: Module[Any]) -> None:
    """Declares the core's variables in a module."""
    module.variable("null")(_null)
    module.variable("rc", "retcode", "?", static="int")(_return_code)
    _definitions(module)
    _environment(module)
    for name, (char, doc) in _ESCAPES.items():
        module.variable(name, since=NEWER)(_character(char, doc, name))


def _null(run: Run) -> Value:
    """No value: equal to nothing that is set.

    Example: $avp(x) = $null;
    """
    return None


def _return_code(run: Run) -> Value:
    """The return code of the last function or route that was called.

    Example: if (!is_method("INVITE")) xlog("$rc\\n");
    """
    return run.rc


def _character(char: str, doc: str, name: str) -> Callable[[Run], Value]:
    def read(run: Run) -> Value:
        return char

    read.__doc__ = f'{doc}\n\nExample: xlog("a${name}b\\n");'
    return read


def _definitions(module: Module[Any]) -> None:
    for name, missing, convert, doc, since in (
        ("def", None, str, "The text of a `#!define`; null when there is none.", ""),
        ("defn", 0, numbered, "The number that is the text of a `#!define`; 0 when it is none, though the text prints.", ""),
        ("defs", None, quoted, "The text of a `#!define` in double quotes.", NEWER),
        ("defv", None, unquoted, "The text of a `#!define` without the quotes around it.", NEWER),
    ):
        module.variables_of(name, inner=Definition(), since=since)(_defined(name, missing, convert, doc))


def _defined(name: str, missing: Value, convert: Callable[[str], Value], doc: str) -> Callable[[Scope, Any, Index], Read]:
    def factory(scope: Scope, inner: Arg[tuple[bool, str]], index: Index) -> Read:
        assert isinstance(inner, Constant)
        known, text = inner.value
        value = convert(text) if known else missing
        return lambda run: value

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name}(KAMAILIO_VERSION)\\n");'
    return factory


def _environment(module: Module[Any]) -> None:
    for name, number, doc in (
        ("env", False, "An environment variable; null when it is not set."),
        ("envn", True, "An environment variable as a number; null when it is not set."),
    ):
        module.variables_of(name, inner=TEXT)(_setting(name, doc, number=number))


def _setting(name: str, doc: str, *, number: bool) -> Callable[[Scope, Any, Index], Read]:
    def factory(scope: Scope, inner: Arg[str], index: Index) -> Read:
        text = os.environ.get(key(inner))
        value = None if text is None else numbered(text) if number else text
        return lambda run: value

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name}(HOME)\\n");'
    return factory
