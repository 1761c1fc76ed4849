"""`{sql.val}` and its like, which the sqlops module declares: a value as SQL writes it."""

from typing import Any

from sroute.exports.fixups import Scope
from sroute.exports.module import Module
from sroute.exports.transformation import Apply
from sroute.modules.pv.parameters import Parsed, none
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value

_ESCAPES = str.maketrans({"'": "\\'", '"': '\\"', "\\": "\\\\", "\0": "\\0"})


def quoted(text: str) -> str:
    """A text between single quotes, with backslashes where they are needed."""
    return f"'{text.translate(_ESCAPES)}'"


def _declare(module: Module[Any], name: str, empty: str, doc: str) -> None:
    def bind(parsed: Parsed, scope: Scope) -> Apply:
        def apply(run: Run, value: Value) -> Value:
            if value is FAILED:
                return FAILED
            if value is None:
                return empty
            return quoted(value) if isinstance(value, str) else str(value)

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(avp(x){{sql.{name}}})\\n");'
    module.transformation("sql", name, none)(bind)


def declare(module: Module[Any]) -> None:
    """Declares the transformations in a module."""
    _declare(module, "val", "NULL", "The value as SQL writes it: NULL, a number, a quoted text.")
    _declare(module, "val.int", "0", "The value as SQL writes it; null is 0.")
    _declare(module, "val.str", "''", "The value as SQL writes it; null is the empty text.")
