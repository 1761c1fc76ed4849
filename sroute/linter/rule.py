"""What a rule is: its code and severity, why it is there, examples that are its tests, and how it looks at a script.

A rule is one class in one file below `rules`; the file's name is the rule's. The docstring's first line is what is wrong, the
rest says why.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from inspect import cleandoc
from typing import ClassVar, Generic, Literal, TypeVar

from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic, Severity
from sroute.source.text import Span
from sroute.syntax.walk import Node

Stage = Literal["check", "check warns", "start", "start warns", "run", "never"]
"""When Kamailio says something: `-c` refuses, `-c` warns, the start fails, the start warns, each run logs, or never."""
N = TypeVar("N", bound=Node)


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a file and the text that takes its place."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """How a finding can be mended; a safe fix keeps what the script does, or does what was surely meant by a broken one."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One place where a rule does not hold; severity is that of the rule unless it is given."""

    span: Span | None
    message: str
    hint: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """An example that breaks a rule: the script, the texts that are underlined, and the script after the fix where there is one.

    A script without a block of its own stands for the statements of a request_route.
    """

    script: str
    marked: tuple[str, ...]
    fixed: str | None = None

    @property
    def text(self) -> str:
        """The script without the indentation that it has in the rule's file."""
        return cleandoc(self.script)

    @property
    def mended(self) -> str | None:
        """The script after the fix, likewise."""
        return None if self.fixed is None else cleandoc(self.fixed)


class Rule:
    """Base of all rules."""

    code: ClassVar[str]
    severity: ClassVar[Severity] = "warning"
    stage: ClassVar[Stage] = "never"
    bad: ClassVar[tuple[Bad, ...]] = ()
    good: ClassVar[tuple[str, ...]] = ()
    version: ClassVar[str] = ""
    """The Kamailio that the examples are checked for, where that is not the usual one."""
    here: ClassVar[bool] = False
    """Whether the rule looks at the machine, and so only with `--here`."""

    @property
    def name(self) -> str:
        """The name of the rule, from its file."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    @property
    def texts(self) -> tuple[str, ...]:
        """The good examples without the indentation that they have in the rule's file."""
        return tuple(cleandoc(script) for script in self.good)

    @property
    def theme(self) -> str:
        """The folder of the rule."""
        return type(self).__module__.split(".")[-2]

    @property
    def summary(self) -> str:
        """The first line of the docstring: what is wrong."""
        return cleandoc(type(self).__doc__ or "").partition("\n")[0]

    @property
    def why(self) -> str:
        """The rest of the docstring, its lines joined to paragraphs."""
        rest = cleandoc(type(self).__doc__ or "").partition("\n")[2].strip()
        return "\n\n".join(re.sub(r"\s+", " ", part) for part in rest.split("\n\n"))


class LoadRule(Rule):
    """A rule whose findings come from the parser, the resolver or the start, so that `run` refuses what `lint` reports."""

    severity: ClassVar[Severity] = "error"
    stage: ClassVar[Stage] = "check"

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """How a finding can be mended."""
        return None


class ScriptRule(Rule):
    """A rule that looks at a script as a whole."""

    def check(self, subject: Subject) -> Iterable[Found]:
        """What is wrong in the script."""
        raise NotImplementedError


class NodeRule(Rule, Generic[N]):
    """A rule that looks at nodes of some types, one after the other."""

    nodes: tuple[type[N], ...]

    def check(self, node: N, subject: Subject) -> Iterable[Found]:
        """What is wrong at a node."""
        raise NotImplementedError
