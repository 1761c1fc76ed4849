"""`{url.path}` and `{url.querystring}`, which the xhttp module declares."""

from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import Scope
from sroute.exports.module import Module
from sroute.exports.transformation import Apply
from sroute.modules.pv.parameters import Parsed, none
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value


def _declare(module: Module[Any], name: str, doc: str, part: Callable[[str], str]) -> None:
    def bind(parsed: Parsed, scope: Scope) -> Apply:
        def apply(run: Run, value: Value) -> Value:
            if value is None or value is FAILED:
                return FAILED
            return part(value) if isinstance(value, str) else value

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(hu{{url.{name}}})\\n");'
    module.transformation("url", name, none)(bind)


def declare(module: Module[Any]) -> None:
    """Declares the transformations in a module."""
    _declare(module, "path", "What stands before the `?` of a URL.", lambda text: text.partition("?")[0])
    _declare(module, "querystring", "What stands behind the `?` of a URL; empty without one.", lambda text: text.partition("?")[2])
