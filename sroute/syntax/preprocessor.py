"""Preprocessor directives: what they define, switch off, substitute and include.

Directives are found by the scanner; this room knows what each does. Kamailio's rules are imitated to the letter: what follows
`#!else` or `#!endif` on the line makes it a comment, text behind `#!ifdef NAME` is ignored, and so on.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sroute.dialect import Dialect
from sroute.source.diagnostic import Diagnostic, Severity
from sroute.source.excerpt import clipped
from sroute.source.nearest import did_you_mean
from sroute.source.text import Span
from sroute.syntax.defines import Conditionals, DefineError, Defines, Test
from sroute.syntax.ifexp import CrashError, ExpressionError, Value, as_text, evaluate, is_true
from sroute.syntax.reader import Reader
from sroute.syntax.substitution import BadRule, Rule, parse_rule

MAX_DEPTH = 10
MAX_INCLUDE_NAME = 128
_B = r"[ \t\b\r]"
_DEFINE = re.compile(rf"(?:#!|!!)(try|re)?def(?:ine)?{_B}++[^A-Za-z_]*+([A-Za-z_][A-Za-z0-9_]*+)(-?)")
_DEFINE_VALUE = re.compile(rf"{_B}*+(?:\n|([^\n](?:[^\\\n]|\\\n|\\)*+)(?:\n|\Z)|\Z)")
_ENV = re.compile(r"(?:#!|!!)(try)?defenv(s)?[ \t\r\n]*+([^ \t\r\n]+)")
_IFDEF = re.compile(rf"(?:#!|!!)if(n)?def{_B}++[^A-Za-z_]*+([A-Za-z_][A-Za-z0-9_]*+)(-?)[^\n]*+(\n?)")
_IFEXP = re.compile(rf"(?:#!|!!)ifexp{_B}([^\n]*+)\n?")
_DEFEXP = re.compile(rf"(?:#!|!!)defexp(s)?{_B}++[^A-Za-z_]*+([A-Za-z_][A-Za-z0-9_]*+)((?:[^\\\n]|\\\n|\\)*+)\n?")
_UNDEF = re.compile(rf"(?:#!|!!)(try)?undef(?:ine)?{_B}++[^A-Za-z_]*+([A-Za-z_][A-Za-z0-9_]*+)([^\n]*+)\n?")
_BRANCH = re.compile(rf"(?:#!|!!)(else|endif){_B}*+\n")
_SKIPPED = re.compile(rf"(?:#!|!!)(?:if(?:n?def|exp){_B}|(?:else|endif){_B}*+\n)")
_SUBST = re.compile(r"(?:#!|!!)subst(?:defs|def)?")
_INCLUDE = re.compile(r"(?:#!|!!)?(include|import)_file\s*+([^ \t\r\n]+)?")
_WORD = re.compile(r"(?:#!|!!)([A-Za-z_]\w*)")
KNOWN = (
    *("define", "def", "trydefine", "trydef", "redefine", "redef", "ifdef", "ifndef", "else", "endif", "subst", "substdef", "substdefs"),
    *("include_file", "import_file", "defenv", "defenvs", "trydefenv", "trydefenvs"),
)
CONFIG_TYPES = ("KAMAILIO", "OPENSER", "SER", "MAXCOMPAT", "ALL")
NEWER = ("ifexp", "defexp", "defexps", "undef", "undefine", "tryundef", "tryundefine")


@dataclass(frozen=True, slots=True)
class Include:
    """A file to go on with: its path as the messages name it, and its text."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a directive came to: where the scanner goes on, and a file or a terminal to go on with."""

    end: int
    include: Include | None = None
    terminal: str | None = None
    missing: bool = False


class Preprocessor:
    """The state of preprocessing one script."""

    def __init__(self, dialect: Dialect, reader: Reader, env: Mapping[str, str], *, skip_missing: bool = False) -> None:
        self.dialect = dialect
        self.reader = reader
        self.env = env
        self.skip_missing = skip_missing
        self.defines = Defines()
        self.conditionals = Conditionals()
        self.rules: list[Rule] = []
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: str, severity: Severity, message: str, span: Span, hint: str | None = None) -> None:
        """Note a diagnostic."""
        self.diagnostics.append(Diagnostic(code, severity, clipped(message), span, clipped(hint)))

    def predefine(self, given: Mapping[str, str | None]) -> None:
        """Define the names of the version, then those of the command line."""
        parts = self.dialect.version.split(".")
        for count in range(1, len(parts) + 1):
            self.defines.add("_".join(["KAMAILIO", *parts[:count]]), None)
        if self.dialect.newer:
            major, minor, patch = (int(part) for part in parts)
            self.defines.add("KAMAILIO_VERSION", str(major * 1000000 + minor * 1000 + patch))
            self.defines.add("OS_NAME", "linux")
        for name, value in given.items():
            self.defines.replace(name, value)

    # ------------------------------------------------------------ directives

    def directive(self, text: str, at: int, span: Span, origin: str, depth: int) -> Outcome | None:
        """Do the directive that begins at an offset (`#!`, `!!`, include_file or import_file); None if it is none."""
        if match := _DEFINE.match(text, at):
            return self._define(text, match, span)
        if match := _IFDEF.match(text, at):
            return self._ifdef(match, span)
        if match := _BRANCH.match(text, at):
            return self._branch(match, span)
        if match := _SUBST.match(text, at):
            return Outcome(match.end(), terminal="SUBST")
        if match := _INCLUDE.match(text, at):
            return self._include(match, span, origin, depth)
        if match := _ENV.match(text, at):
            return self._env(match, span)
        return self._newer(text, at, span) if self.dialect.newer else None

    def _newer(self, text: str, at: int, span: Span) -> Outcome | None:
        """The directives that 5.6 takes for comments."""
        if match := _IFEXP.match(text, at):
            value = self._evaluate_expression(match[1], span)
            self._enter(value is not None and is_true(value), span)
            return Outcome(match.end())
        if match := _DEFEXP.match(text, at):
            value = self._evaluate_expression(match[3].replace("\\\n", ""), span)
            made = None if value is None else as_text(value)
            self.define(match[2], f'"{made}"' if match[1] and made is not None else made, "", span)
            return Outcome(match.end())
        match = _UNDEF.match(text, at) if self.dialect.has_undef else None
        if match is None:
            return None
        if match[3].strip(" \t\b\r"):
            self.report("PP003", "error", f"nothing may follow the name: {match[3].strip()}", span)
        elif match[2] in self.defines.values:
            self.defines.remove(match[2])
        elif not match[1]:
            self.report("PP004", "error", f"{match[2]} is not defined", span, "#!tryundef does not mind")
        return Outcome(match.end())

    def _evaluate_expression(self, text: str, span: Span) -> Value | None:
        try:
            return evaluate(text, self.defines.values)
        except CrashError as error:
            self.report("PP016", "error", str(error), span)
        except ExpressionError as error:
            self.report("PP016", "warning", f"the expression fails: {error}", span, "Kamailio takes it for false")
        return None

    def skip(self, text: str, at: int) -> int | None:
        """In a branch that is switched off: the next directive that may end it, or None."""
        match = _SKIPPED.search(text, at)
        return match.start() if match else None

    def unknown(self, text: str, at: int, span: Span) -> None:
        """Warn of a `#!word` that is a comment for Kamailio."""
        match = _WORD.match(text, at)
        if match is None:
            return
        word = match[1]
        end = text.find("\n", match.end())
        message, hint = f"#!{word} is no directive, so the line is a comment", did_you_mean(word, (*KNOWN, *CONFIG_TYPES))
        if word in ("else", "endif"):
            why = "text behind it" if text[match.end() : end if end >= 0 else len(text)].strip() else "no line end behind it"
            message, hint = f"this #!{word} is a comment: there is {why}", f"nothing may follow #!{word} on its line"
        elif word in CONFIG_TYPES:
            message, hint = f"this #!{word} is a comment: the line must end right behind it", "a blank or a carriage return follows it"
        elif word in KNOWN:
            message, hint = f"this #!{word} is a comment: it is not complete", None
        elif word in NEWER and not self.dialect.newer:
            message, hint = f"#!{word} is a comment for Kamailio {self.dialect.version}", "it came with a newer version"
            self.report("PP019", "warning", message, span, hint)
            return
        self.report("PP003", "warning", message, span, hint)

    def _define(self, text: str, match: re.Match[str], span: Span) -> Outcome:
        name = match[2]
        if match[3]:
            end = text.find("\n", match.end())
            self.report("PP018", "error", f"a name can't have a '-': {name}-...", span)
            return Outcome(len(text) if end < 0 else end + 1)
        data = _DEFINE_VALUE.match(text, match.end())
        end = data.end() if data else len(text)
        value = data[1].replace("\\\n", "") if data and data[1] else None
        self.define(name, value, match[1] or "", span)
        return Outcome(end)

    def define(self, name: str, value: str | None, how: str, span: Span) -> None:
        """Define a name; how is "" (an error if it is defined), "try" or "re"."""
        try:
            if how == "re":
                self.defines.replace(name, value, span)
            elif how == "" or name not in self.defines.values:
                self.defines.add(name, value, span)
        except DefineError as error:
            before = self.defines.places.get(name)
            first = f"first in line {before.line} of {before.source.name}; " if before else ""
            hint = f"{first}#!trydef keeps the first, #!redef replaces it"
            self.report("PP004", "error", str(error), span, hint)

    def _env(self, match: re.Match[str], span: Span) -> Outcome:
        name, _, variable = match[3].partition("=")
        value = self.env.get(variable or name)
        if value is not None:
            self.define(name, f'"{value}"' if match[2] else value, "", span)
        elif not match[1]:
            self.report("PP013", "error", f"the environment has no variable {variable or name}", span, "#!trydefenv does not mind")
        return Outcome(match.end())

    def _ifdef(self, match: re.Match[str], span: Span) -> Outcome:
        if match[3]:
            self.report("PP018", "error", f"a name can't have a '-': {match[2]}-...", span)
        self._enter((match[2] in self.defines.values) != bool(match[1]), span, (match[2], not match[1]))
        return Outcome(match.end())

    def _enter(self, live: bool, span: Span, test: Test = ("", True)) -> None:
        try:
            self.conditionals.enter(live, span, test)
        except DefineError as error:
            self.report("PP001", "error", str(error), span)

    def _branch(self, match: re.Match[str], span: Span) -> Outcome:
        if match[1] == "else" and not self.conditionals.turn(span):
            self.report("PP002", "warning", "#!else without #!ifdef", span)
        if match[1] == "endif":
            self.conditionals.leave(span)
        return Outcome(match.end())

    def finish(self) -> None:
        """Report conditionals that are not balanced."""
        opened, surplus = self.conditionals.open, self.conditionals.surplus
        if len(opened) == len(surplus):
            for span in surplus:
                self.report("PP001", "warning", "#!endif without #!ifdef", span, "Kamailio only counts, and a later #!ifdef has no #!endif")
            return
        for span in surplus:
            self.report("PP001", "error", "#!endif without #!ifdef", span)
        for conditional in opened:
            self.report("PP001", "error", "this conditional is never closed", conditional.place, "an #!endif is missing")

    # ------------------------------------------------------------ substitution

    def substitute(self, text: str) -> str:
        """A string, a variable or a file name after all substitutions so far."""
        for rule in self.rules:
            text = rule.apply(text, self.evaluate)
        return text

    def add_rule(self, directive: str, text: str, span: Span) -> None:
        """Take a rule; `substdef` defines its name with the bare value, `substdefs` with the quoted one."""
        try:
            rule = parse_rule(text)
            if not rule.name and directive[2:] != "subst":
                raise BadRule("it has no name")
        except BadRule as error:
            self.report("PP016", "error", f"bad rule for {directive}: {error}", span)
            return
        self.rules.append(rule)
        kind = directive[2:]
        if kind != "subst":
            value = self.evaluate(rule.value) if "$" in rule.value else rule.value
            self.define(rule.name, f'"{value}"' if kind == "substdefs" else value, "", span)

    def evaluate(self, text: str) -> str:
        """A text with `$env(X)`, `$def(X)` and `$$`, as it is while the script is read."""

        def value(match: re.Match[str]) -> str:
            if match[0] == "$$":
                return "$"
            found = self.env.get(match[2]) if match[1] == "env" else self.defines.values.get(match[2])
            return ("0" if match[1] == "defn" else "<null>") if found is None else found

        return re.sub(r"\$\$|\$\(?(env|defn?)\(([^()]*)\)\)?", value, text)

    # ------------------------------------------------------------ includes

    def _include(self, match: re.Match[str], span: Span, origin: str, depth: int) -> Outcome:
        name = self.substitute(match[2] or "")
        end = match.end()
        if len(name) < 2 or name[0] != '"' or name[-1] != '"':
            hint = "no ';' may follow" if name.endswith(";") else "double quotes, no blanks in the name"
            self.report("PP006", "error", f"the file name must stand between quotes: {name}", span, hint)
            return Outcome(end, missing=True)
        if depth >= MAX_DEPTH or len(name) >= MAX_INCLUDE_NAME:
            why = f"files include each other more than {MAX_DEPTH} deep" if depth >= MAX_DEPTH else "the file name is too long"
            self.report("PP006", "error", why, span)
            return Outcome(end)
        path = re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "r": "\r"}.get(m[1], m[1]), name[1:-1])
        file = self._read(path, match[1], span, origin)
        return Outcome(end, include=file, missing=file is None and match[1] == "include")

    def _read(self, path: str, how: str, span: Span, origin: str) -> Include | None:
        beside = os.path.join(os.path.dirname(origin), path) if os.path.dirname(origin) else path
        tried = [path] if os.path.isabs(path) or beside == path else [path, beside]
        for candidate in tried:
            try:
                return Include(candidate, self.reader(candidate))
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                self.report("PP006", "error", f"can't read the file: {error}", span)
                return None
        if how == "import":
            self.report("PP007", "info", f"no file {path}: nothing is imported", span)
        else:
            severity: Severity = "warning" if self.skip_missing else "error"
            self.report("PP006", severity, f"no file {path}", span, f"looked for {' and '.join(tried)}")
        return None
