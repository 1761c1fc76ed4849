"""Inner names of variables: one of a few keys, or a text that may be one variable."""

from dataclasses import dataclass

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, to_str
from sroute.source.nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some keys; another one is refused at start."""

    keys: tuple[str, ...]
    newer: tuple[str, ...] = ()
    """Keys that only newer versions have."""
    form: str = "key"

    def parse(self, text: str, names: Names) -> str:
        """The key."""
        if text in self.keys or (text in self.newer and names.dialect.newer):
            return text
        raise FixupError(f"unknown key: {text}", "", did_you_mean(text, self.keys))

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The key."""
        return Constant(parsed)


class TextOrVariable:
    """A text as it is; or one variable whose value is the text (None when that is null)."""

    form = "name"

    def parse(self, text: str, names: Names) -> str | Pv:
        """The text; it is a variable only when the whole of it is one."""
        if not text:
            raise FixupError("a name is needed")
        return names.pv(text) if text.startswith("$") else text

    def bind(self, parsed: str | Pv, scope: Scope) -> Arg[str | None]:
        """The text, or what reads it."""
        if isinstance(parsed, str):
            return Constant(parsed)
        read, services = scope.read(parsed), scope.services

        def value(run: Run) -> str | None:
            found = read(run)
            if found is None or found is FAILED:
                services.diag("ERROR", "null or empty name", "core", run.at)
                return None
            return to_str(found)

        return value


TEXT_OR_VARIABLE = TextOrVariable()


def key(inner: Arg[str]) -> str:
    """The key that OneOf took."""
    assert isinstance(inner, Constant)
    found = inner.value
    assert isinstance(found, str)
    return found
