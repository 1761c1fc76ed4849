"""xhttp: `{url.path}` and `{url.querystring}`. Serving HTTP is declared only."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.module import Module
from sroute.exports.transformation import Apply
from sroute.modules.pv.parameters import Parsed, none
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value


class Xhttp:
    """The transformations need no state."""


xhttp: Module[Xhttp] = Module("xhttp", Xhttp, "The parts of URLs; serving HTTP is declared only.")


def _declare(name: str, doc: str, part: Callable[[str], str]) -> None:
    def bind(parsed: Parsed, scope: Scope) -> Apply:
        def apply(run: Run, value: Value) -> Value:
            if value is None or value is FAILED:
                return FAILED
            return part(value) if isinstance(value, str) else value

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(hu{{url.{name}}})\\n");'
    xhttp.transformation("url", name, none)(bind)


_declare("path", "What stands before the `?` of a URL.", lambda text: text.partition("?")[0])
_declare("querystring", "What stands behind the `?` of a URL; empty without one.", lambda text: text.partition("?")[2])
