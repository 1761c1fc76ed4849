"""`sroute`: the command line. Commands are loaded when they are called."""

import gc
import importlib
import importlib.util
import os
import sys

import click

from sroute import __version__
from sroute.errors import SrouteError, UsageError

COMMANDS = {
    "run": ("run", "Run a script against SIP messages."),
    "parse": ("parse", "Check the syntax of a script, or show its tree."),
    "lint": ("lint", "Find what Kamailio refuses, and what it never mentions."),
    "repl": ("repl", "Talk to a running script."),
    "test": ("test", "Run scripts that carry their expectations."),
    "serve": ("serve", "Serve a script on loopback, for kamcmd, curl and SIP programs."),
    "cluster": ("cluster", "Run a script on several nodes that replicate to each other."),
    "doc": ("doc", "What sroute knows about a name."),
    "db": ("db", "Make Kamailio's database tables."),
    "lsp": ("lsp", "Serve an editor: findings, hover, completion."),
}
"""Name: the file in this folder and what the command is for; files that are not there yet are left out."""


class Lazy(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands that exist."""
        return [name for name, (file, _) in COMMANDS.items() if importlib.util.find_spec(f"sroute.cli.{file}") is not None]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Imports a command."""
        if name not in self.list_commands(ctx):
            return None
        # Importing makes no garbage, and looking for it takes a sixth of the time.
        gc.disable()
        found = getattr(importlib.import_module(f"sroute.cli.{COMMANDS[name][0]}"), name)
        gc.freeze()
        gc.enable()
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


EPILOG = """\b
Examples:
  sroute run kamailio.cfg register.sip
  sroute parse kamailio.cfg
  sroute run kamailio.cfg --method INVITE --ruri sip:bob@example.com -v
"""


@click.group(cls=Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sroute")
def cli() -> None:
    """The workbench for Kamailio routing scripts: run, explore and check a kamailio.cfg with no server."""


def main() -> None:
    """Runs the command line; the exit status is 0 done, 1 no, 2 wrong usage."""
    gc.set_threshold(50_000)  # loading makes many objects that stay
    try:
        sys.exit(_status(cli.main(prog_name="sroute", standalone_mode=False, color=_colour())))
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except SrouteError as error:
        click.echo(f"sroute: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except Exception as error:  # a defect of sroute: said in one line; the way to it on demand
        if os.environ.get("SROUTE_TRACEBACK"):
            raise
        kind = type(error).__name__
        click.echo(f"sroute: internal error, a defect of sroute: {kind}: {error} (SROUTE_TRACEBACK=1 shows where)", err=True)
        sys.exit(1)


def _colour() -> bool | None:
    """No colours where NO_COLOR says so; elsewhere click leaves them out where there is no terminal."""
    return False if os.environ.get("NO_COLOR") else None


def _status(result: object) -> int:
    return result if isinstance(result, int) else 0
