"""The names that a script may use: those of the modules it has loaded so far, and its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sroute.dialect import Dialect
from sroute.exports.catalog import Catalog
from sroute.exports.fixups import FixupError
from sroute.exports.function import Function
from sroute.exports.module import Module
from sroute.exports.select import Family
from sroute.exports.transformation import Tr
from sroute.exports.variable import Pv, Variable
from sroute.runtime.routes import Routes
from sroute.source.nearest import did_you_mean
from sroute.syntax.pvparse import PvError, leading, parse_format, parse_pv
from sroute.syntax.pvspec import PvSpec, Transformation

DOLLAR = PvSpec("$($)", "$")
"""`$($)` in a format is a dollar sign, as `$$` is."""


@dataclass(slots=True)
class NameTable:
    """Names in force; implements exports.fixups.Names. It grows as the script is read."""

    dialect: Dialect
    catalog: Catalog
    modules: list[Module[Any]] = field(default_factory=list)
    routes: dict[Routes, set[str]] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)
    avpflags: dict[str, int] = field(default_factory=dict)
    defines: Mapping[str, str | None] = field(default_factory=dict)
    used: list[tuple[str, str]] = field(default_factory=list)
    """(kind, name) of what was looked up: which exports a script uses."""
    initialised: bool = False
    """Formats, the arguments of functions, are read when the modules are initialised, expressions before."""

    def add(self, module: Module[Any]) -> None:
        """A module is loaded."""
        self.modules.append(module)

    def has_route(self, kind: Routes, name: str) -> bool:
        """Whether the script has that block."""
        return name in self.routes.get(kind, ())

    def flag(self, name: str) -> int | None:
        """The number of a declared flag."""
        return self.flags.get(name)

    def function(self, name: str, arity: int) -> Function | None:
        """The function of the first module that has that form."""
        for module in self.modules:
            found = module.functions.get((name, arity))
            if found is not None and (not found.since or self.dialect.newer):
                return found
        return None

    def pv(self, text: str) -> Pv:
        """The pseudo-variable of that text; what stands behind it is never looked at, as in Kamailio."""
        try:
            spec = parse_pv(text)
        except PvError as error:
            leads = self._leading(text)
            if leads is None:
                raise FixupError(error.cause, "SY017") from None
            spec = leads
        return self.resolve(spec)

    def _leading(self, text: str) -> PvSpec | None:
        begin = leading(text)
        try:
            return parse_pv(begin) if begin != text else None
        except PvError:
            return None

    def format(self, text: str) -> tuple[str | Pv, ...]:
        """A format string in its pieces."""
        try:
            parsed = parse_format(text)
        except PvError as error:
            raise FixupError(error.cause, _code(text, error.offset)) from None
        self.initialised = True
        try:
            return tuple("$" if part == DOLLAR else part if isinstance(part, str) else self.resolve(part) for part in parsed.parts)
        finally:
            self.initialised = False

    def resolve(self, spec: PvSpec, *, bare: bool = False) -> Pv:
        """A pseudo-variable with its names settled; bare: an unknown name is the AVP of that name.

        Raises FixupError.
        """
        variable = self._variable(spec)
        if variable is None:
            if not bare:
                raise self._unknown(spec)
            spec = PvSpec(spec.text, "avp", spec.name)
            variable = self._of_core("avp")
        inner = self._inner(variable, spec)
        index: Any = spec.index
        if index is not None and not variable.index:
            raise FixupError(f'pvar "{spec.name}" does not get index param', "PV003", f"${spec.name} takes no [index]")
        if isinstance(index, PvSpec):
            index = self.resolve(index)
        return Pv(spec, variable, inner, index, tuple(self._transformation(tr, spec) for tr in spec.transformations))

    def avp(self, name: str) -> Pv:
        """The AVP of a name as it stands, whatever characters it has."""
        spec = PvSpec(f"${name}", "avp", name)
        variable = self._of_core("avp")
        return Pv(spec, variable, self._inner(variable, spec), None, ())

    def select_family(self, name: str, *, late: bool) -> Family | None:
        """What reads the selects of a loaded module that begin with that name; late: also those that its initialisation adds."""
        found = next((module.selects[name] for module in self.modules if name in module.selects), None)
        return None if found is None or (found.late and not late and not self.initialised) else found.family

    def select(self, path: str) -> Pv:
        """The value of a select, written without its @."""
        spec = PvSpec(f"@{path}", "sel", path)
        variable = self._of_core("sel")
        return Pv(spec, variable, self._inner(variable, spec), None, ())

    def _of_core(self, name: str) -> Variable:
        """AVPs and selects are the core's own: they work without the module pv, too."""
        pv = self.catalog.module("pv")
        assert pv is not None
        return pv.variables[name]

    def _variable(self, spec: PvSpec) -> Variable | None:
        for module in self.modules:
            found = module.variables.get(spec.name)
            if found is not None and (not found.since or self.dialect.newer):
                return found
        return None

    def _inner(self, variable: Variable, spec: PvSpec) -> Any:
        if spec.inner is None or (spec.inner == "" and variable.required):
            if variable.required:
                raise FixupError(f'pvar "{spec.name}" expects an inner name', "PV003", f"write ${spec.name}(...)")
            return None
        if variable.inner is None:
            raise FixupError(f'pvar "{spec.name}" does not get name param', "PV003", f"write ${spec.name} without (...)")
        try:
            return variable.inner.parse(spec.inner, self)
        except FixupError as error:
            raise FixupError(f"{spec.text}: {error.message}", error.code or "PV003", error.hint) from None

    def _unknown(self, spec: PvSpec) -> FixupError:
        owners = self.catalog.owners("variable", spec.name)
        if owners:
            return FixupError(f"unknown variable ${spec.name}", "PV002", f'missing loadmodule "{owners[0]}.so"?')
        known = [name for module in self.modules for name in module.variables]
        if spec.name[:1].isdigit():
            return FixupError(f"unknown variable ${spec.name}", "PV019", "write $$ for a dollar sign")
        return FixupError(f"unknown variable ${spec.name}", "PV001", did_you_mean(spec.name, known))

    def _transformation(self, tr: Transformation, spec: PvSpec) -> Tr:
        name = f"{tr.family}.{tr.function}"
        for module in self.modules:
            found = module.transformations.get((tr.family, tr.function))
            if found is not None and (not found.since or self.dialect.newer):
                try:
                    return Tr(found, found.parse(tr.params, self))
                except FixupError as error:
                    raise FixupError(f"{spec.text}: {{{name}}}: {error.message}", error.code or "PV007", error.hint) from None
        known = [f"{a}.{b}" for module in self.modules for a, b in module.transformations]
        owners = self.catalog.owners("transformation", name)
        hint = f'missing loadmodule "{owners[0]}.so"?' if owners else did_you_mean(name, known)
        raise FixupError(f"unknown transformation {{{name}}}", "PV006", hint)


def _code(text: str, offset: int) -> str:
    """A variable that is not well formed, or a dollar sign that begins none."""
    dollar = text.rfind("$", 0, offset + 1)
    begun = text[dollar + 1 : dollar + 2]
    return "SY017" if begun.isalpha() or begun in ("(", "_") else "PV019"
