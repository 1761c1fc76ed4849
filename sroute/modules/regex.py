"""regex: Perl-compatible regular expressions, in the script and in groups from a file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sroute.errors import NotSimulatedError
from sroute.exports.fixups import FORMAT, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.source.perl.nodes import Flags
from sroute.source.perl.regex import searcher
from sroute.source.posix.errors import BadPattern

PLAIN = Flags()
NO_MATCH, DISABLED, BAD = -1, -2, -4
LINE = 511
"""What is longer is read as several expressions."""
_NUMBER = re.compile(r"\+?(\d+)", re.A)
_TOO_BIG = 1 << 31
Search = Callable[[str], object]


class BadGroupsError(Exception):
    """A file of groups that is not taken; args[0] is what Kamailio logs."""


@dataclass(slots=True)
class Regex:
    """The module's parameters, and the groups of its file."""

    file: str = ""
    max_groups: int = 20
    group_max_size: int = 8192
    pcre_caseless: int = 0
    pcre_multiline: int = 0
    pcre_dotall: int = 0
    pcre_extended: int = 0
    flags: Flags = PLAIN
    groups: list[Search] = field(default_factory=list)
    unread: str = ""
    """Why the run does not read the file."""
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run | None, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "regex", run.at if run is not None else None)

    def load(self) -> list[Search]:
        """The groups of the file.

        Raises BadGroupsError.
        """
        text = self._read()
        return [self._compiled(text) for text in patterns(text, self.max_groups, self.group_max_size)] if not self.unread else []

    def _compiled(self, pattern: str) -> Search:
        try:
            return searcher(pattern, self.flags)
        except BadPattern as error:
            raise BadGroupsError(f"pcre_tmp compilation of '{pattern}' failed at offset {error.at}: {error.reason}") from None

    def _read(self) -> str:
        world, path = self.instance.world, Path(self.file)
        if not world.may_open(path):
            self.unread = f"{self.file} is not read: it lies outside the script's folder (allow it: --allow-path {path.parent})"
            self.instance.note(f"no group of regex can be matched: {self.unread}")
            return ""
        try:
            return (world.folder / path).read_bytes().decode("latin-1")
        except OSError:
            raise BadGroupsError(f"could not open file '{self.file}'") from None


def patterns(text: str, most: int, size: int) -> list[str]:
    """One pattern a group: `((first)|(second))`. A line that begins with `[` begins a group, whatever is behind it.

    Raises BadGroupsError.
    """
    groups: list[str] = []
    for line in _lines(text):
        if line[0] in " \t\r\n#":
            continue
        if line[0] == "[":
            if len(groups) >= most:
                raise BadGroupsError("max patterns exceeded")
            groups.append("(")
        elif not groups:
            raise BadGroupsError("first group must be initialized with [0] before any regular expression")
        elif len(groups[-1]) + len(line) + 4 >= size:
            raise BadGroupsError("pattern max file exceeded")
        else:
            whole = line.removesuffix("\n")
            groups[-1] += f"({whole})" + ("|" if whole != line else "")
    if not groups:
        raise BadGroupsError("no expressions in the file")
    return ["^$" if group == "(" else group.removesuffix("|") + ")" for group in groups]


def _lines(text: str) -> list[str]:
    whole = text.split("\n")
    ended = [line + "\n" for line in whole[:-1]] + ([whole[-1]] if whole[-1] else [])
    return [line[at : at + LINE] for line in ended for at in range(0, len(line), LINE)]


regex = Module("regex", Regex, "Perl-compatible regular expressions: `pcre_match()`, and groups of them from a file.")
regex.setting("file", "str", doc="The file with groups: a line `[0]` begins one, each other line is an expression.")
regex.setting("max_groups", "int", doc="How many groups the file may have (20).")
regex.setting("group_max_size", "int", doc="How long a group may be, in characters (8192).")
regex.setting("pcre_caseless", "int", doc="Letters match in either case, as with `(?i)` (0).")
regex.setting("pcre_multiline", "int", doc="`^` and `$` match at every line, as with `(?m)` (0).")
regex.setting("pcre_dotall", "int", doc="A dot matches a newline, too, as with `(?s)` (0).")
regex.setting("pcre_extended", "int", doc="Blanks and comments in expressions do not count, as with `(?x)` (0).")


@regex.hooks.init.append
def _init(state: Regex, scope: Scope) -> None:
    state.services = scope.services
    options = (state.pcre_caseless, state.pcre_multiline, state.pcre_dotall, state.pcre_extended)
    state.flags = Flags(*map(bool, options))
    if not state.file:
        return
    try:
        state.groups = state.load()
    except BadGroupsError as error:
        raise InitError(f"failed to load pcres: {error}") from None


@regex.function("pcre_match", FORMAT, FORMAT)
def pcre_match(state: Regex, run: Run, string: str, pattern: str) -> int:
    """Whether a Perl-compatible expression matches a text: 1, -1, or -4 for a bad expression. A `$` in it is written `$$`.

    Example: if (pcre_match("$ua", "(?i)^(friendly-scanner|sipvicious)$$")) { drop; }
    """
    try:
        search = searcher(pattern.partition("\0")[0], state.flags)
    except BadPattern as error:
        state.complain(run, f"pcre_re compilation of '{pattern}' failed at offset {error.at}: {error.reason}")
        return BAD
    return 1 if search(string) else NO_MATCH


@regex.function("pcre_match_group", FORMAT)
def pcre_match_first_group(state: Regex, run: Run, string: str) -> int:
    """Whether the first group of the file matches a text: 1, -1, or -2 without a file.

    Example: if (pcre_match_group("$ua")) { xlog("known\\n"); }
    """
    return _group(state, run, string, 0)


@regex.function("pcre_match_group", FORMAT, FORMAT)
def pcre_match_group(state: Regex, run: Run, string: str, group: str) -> int:
    """Whether a group of the file matches a text: 1, -1, -2 without a file, -4 without that group.

    Groups count from 0 by their order, whatever the file calls them; text without a number is group 0.

    Example: if (pcre_match_group("$rU", "2")) { xlog("a free number\\n"); }
    """
    found = _NUMBER.match(group)
    return _group(state, run, string, int(found[1][:20]) if found else 0)


def _group(state: Regex, run: Run, string: str, number: int) -> int:
    if not state.file:
        state.complain(run, "group matching is disabled")
        return DISABLED
    if state.unread:
        raise NotSimulatedError(f"pcre_match_group(): {state.unread}")
    if number >= len(state.groups):
        if number >= _TOO_BIG:
            state.instance.note("Kamailio 5.6.3 crashes at a group number beyond 31 bits", run.at)
        state.complain(run, f"invalid pcre index '{number}', there are {len(state.groups)} pcres")
        return BAD
    return 1 if state.groups[number](string) else NO_MATCH


@regex.rpc("regex.reload")
def reload(state: Regex, services: Services, args: Sequence[Any]) -> RpcValue:
    """Reads the file of groups anew; the old groups stay when it is not taken."""
    if not state.file:
        raise RpcFault(500, "Group matching not enabled")
    try:
        state.groups = state.load()
    except BadGroupsError as error:
        state.complain(None, str(error))
        raise RpcFault(500, "Failed to reload") from None
    return None
