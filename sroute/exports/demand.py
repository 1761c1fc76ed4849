"""What a start of Kamailio asks of a module's parameters, beyond their types; it dies where a demand is not met."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sroute.exports.fixups import FixupError, Names

Form = Literal["", "given", "filled", "flag", "format", "variable", "writable", "avp", "extra", "avps", "database", "names"]
Given = Mapping[str, "int | str"]
FLAGS = 31
_PROFILES = re.compile(r"[ ]*(?:[A-Za-z0-9_]+[ ]*)?(?:;[ ]*[A-Za-z0-9_]*[ ]*)*\Z")


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand on a parameter.

    It holds only while the parameter `when`, if there is one, is set and not 0 or empty, and one of `when_one_of` where these are given;
    `core.x` is the core's own x. `least`, `most` and `one_of` bound the value; `pattern` is a regular expression for the whole of its
    text (for each one where the script sets it several times); `loads` names modules that must be there, once it is not 0.

    `form` is what its text must be: `given` (set at all), `filled` (not empty), `flag` (0 to 31), `format` (text with variables),
    `variable`, `writable` and `avp` (such a pseudo-variable), `extra` and `avps` (a list of `name=$variable` and of `name=$avp(...)`),
    `database` (a URL whose driver is loaded), `names` (words between semicolons).
    `default` is the value that counts where the script sets none.
    """

    param: str
    form: Form = ""
    least: int | None = None
    most: int | None = None
    one_of: tuple[int | str, ...] = ()
    loads: tuple[str, ...] = ()
    default: int | str | None = None
    pattern: str = ""
    when: str = ""
    when_default: int | str = 0
    when_one_of: tuple[int | str, ...] = ()

    def unmet(self, given: Given, names: Names, loaded: tuple[str, ...]) -> str | None:
        """Why Kamailio dies, or None; `loaded` are the modules that its own finds."""
        condition = given.get(self.when, self.when_default)
        if self.when and (not condition or (self.when_one_of and condition not in self.when_one_of)):
            return None
        value = given.get(self.param, self.default)
        if value is None:
            return "it must be set" if self.form == "given" else None
        return self._bounded(value) or self._with_modules(value, loaded) or self._formed(value, names, loaded)

    def _bounded(self, value: int | str) -> str | None:
        if self.one_of and value not in self.one_of:
            return f"{value!r} is none of {', '.join(str(known) for known in self.one_of)}"
        if self.pattern and re.fullmatch(self.pattern, str(value), re.DOTALL) is None:
            return f"{value!r} is not of its form"
        if isinstance(value, int):
            if self.least is not None and value < self.least:
                return f"{value} is too small, {self.least} is the least"
            if self.most is not None and value > self.most:
                return f"{value} is too large, {self.most} is the most"
        return None

    def _with_modules(self, value: int | str, loaded: tuple[str, ...]) -> str | None:
        missing = [name for name in self.loads if name not in loaded] if value else []
        return f"it needs {' and '.join(missing)} loaded" if missing else None

    def _formed(self, value: int | str, names: Names, loaded: tuple[str, ...]) -> str | None:
        if self.form == "flag":
            return None if isinstance(value, str) or value <= FLAGS else f"{value} is no flag, they are 0 to {FLAGS}"
        if not isinstance(value, str):
            return None
        if self.form == "database":
            return _driver(value, loaded)
        check = _FORMS.get(self.form)
        return check(value, names) if check else None


def _driver(url: str, loaded: tuple[str, ...]) -> str | None:
    driver = f"db_{url.partition(':')[0]}"
    return None if driver in loaded else f'no database driver for it: loadmodule "{driver}.so" is missing'


def _filled(text: str, names: Names) -> str | None:
    return None if text else "it must not be empty"


def _variable(text: str, names: Names) -> str | None:
    try:
        names.pv(text)
    except FixupError as error:
        return error.message
    return None


def _format(text: str, names: Names) -> str | None:
    try:
        names.format(text)
    except FixupError as error:
        return error.message
    return None


def _writable(text: str, names: Names) -> str | None:
    wrong = _variable(text, names)
    return wrong or (None if names.pv(text).writable else f"{text} is read-only")


def _avp(text: str, names: Names) -> str | None:
    wrong = _variable(text, names)
    return wrong or (None if names.pv(text).spec.name == "avp" else f"{text} is no $avp(...)")


def _pairs(text: str, names: Names, check: Callable[[str, Names], str | None]) -> str | None:
    for pair in text.split(";"):
        name, equals, value = pair.partition("=")
        if not name.strip() or not equals:
            return f"{pair!r} is no name=$variable"
        wrong = check(value.strip(), names)
        if wrong:
            return wrong
        written = names.pv(value.strip()).spec.text
        if written != value.strip():
            return f"{value.strip()!r} is more than {written}"
    return None


def _profiles(text: str, names: Names) -> str | None:
    if _PROFILES.match(text) is None:
        return f"bad name in {text!r}: letters, digits and _ between semicolons"
    listed = [name.strip() for name in text.split(";") if name.strip()]
    twice = next((name for name in listed if listed.count(name) > 1), None)
    return f"{twice} stands there twice" if twice else None


_FORMS: dict[str, Callable[[str, Names], str | None]] = {
    "filled": _filled,
    "format": _format,
    "variable": _variable,
    "writable": _writable,
    "avp": _avp,
    "extra": lambda text, names: _pairs(text, names, _variable),
    "avps": lambda text, names: _pairs(text, names, _avp),
    "names": _profiles,
}
