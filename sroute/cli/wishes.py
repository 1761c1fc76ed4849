"""What is asked of a command that starts a script, before anything slow is imported: the options that all of them share."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from sroute.cli.assignments import stub
from sroute.cli.options import chosen_dialect, defines, script_options
from sroute.dialect import DEFAULT, Dialect
from sroute.errors import UsageError
from sroute.instance.options import MAX_STEPS, Options
from sroute.runtime.world import World


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a script is started, as it was typed."""

    define: tuple[str, ...] = ()
    kamailio: str = DEFAULT.name
    stubs: tuple[str, ...] = ()
    seed: int = 1
    max_steps: int = MAX_STEPS
    write: bool = False
    databases: tuple[str, ...] = ()
    allow_net: bool = False
    paths: tuple[str, ...] = ()
    kemi: str | None = None
    documented: bool = False

    @property
    def defines(self) -> dict[str, str | None]:
        """Each `-A`, taken apart.

        Raises UsageError.
        """
        return defines(self.define)

    @property
    def dialect(self) -> Dialect:
        """The dialect of `--kamailio`.

        Raises UsageError.
        """
        return chosen_dialect(self.kamailio)

    def options(self, script: Path | str | None) -> Options:
        """How an instance of a script is set up; without a script paths are relative to the current folder.

        Raises UsageError.
        """
        world = World(
            folder=Path(script).parent if script else Path(),
            write=self.write,
            allow_net=self.allow_net,
            allow_paths=tuple(Path(path) for path in self.paths),
            databases=dict(map(_pair, self.databases)),
        )
        return Options(
            seed=self.seed,
            max_steps=self.max_steps,
            stubs=dict(map(stub, self.stubs)),
            world=world,
            documented=self.documented,
            kemi=Path(self.kemi) if self.kemi else None,
        )


USUAL = Wishes()
OPTIONS = (
    script_options,
    click.option("--stub", "stubs", multiple=True, metavar="'F=RC[; $x=v]'", help="The result of a function that is not simulated."),
    click.option("--seed", default=USUAL.seed, show_default=True, help="Seed of all randomness."),
    click.option("--max-steps", default=USUAL.max_steps, show_default=True, help="Steps that one message may take."),
    click.option("--write", is_flag=True, help="Write databases in place instead of to a copy."),
    click.option("--db", "databases", multiple=True, metavar="URL=URL", help="Open another database for a URL of the script."),
    click.option("--allow-net", is_flag=True, help="Let the script open network databases; serve: other addresses too."),
    click.option("--allow-path", "paths", multiple=True, metavar="DIR", help="Let the script use files there."),
    click.option("--kemi", default=None, metavar="FILE", help="The Lua or Python file that routes (cfgengine), or that modules call."),
    click.option("--documented", is_flag=True, help="RPC answers as the original htable document shows them."),
)


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.rpartition("=")
    if not equals:
        raise UsageError(f"--db {text}: not of the form URL=URL")
    return theirs, ours


def start_options(command: Callable[..., int]) -> Callable[..., int]:
    """Gives a command `OPTIONS`; their values come as one argument, `wishes`."""
    names = [each.name for each in fields(Wishes)]

    @wraps(command)
    def called(**given: Any) -> int:
        wishes = Wishes(**{name: given.pop(name) for name in names})
        return command(wishes=wishes, **given)

    made = called
    for option in reversed(OPTIONS):
        made = option(made)
    return made
