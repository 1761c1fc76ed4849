"""`sroute repl`: talk to a running script."""

import sys
from importlib import import_module

import click

from sroute.cli.asked import Asked
from sroute.cli.wishes import Wishes, start_options

EPILOG = """\b
Examples:
  sroute repl kamailio.cfg
  sroute repl -c '$var(x) = 40;' -c '$var(x) + 2'
  echo '$(ru{uri.user})' | sroute repl kamailio.cfg
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("script", required=False)
@click.option("-c", "given", multiple=True, metavar="INPUT", help="Evaluate this and leave (repeatable, in order).")
@click.option("--keep-going", is_flag=True, help="With -c or piped input: go on after an error.")
@click.option("--set", "sets", multiple=True, metavar="'$x=v'", help="Assign at the start (repeatable).")
@start_options
def repl(
    script: str | None,
    wishes: Wishes,
    given: tuple[str, ...],
    keep_going: bool,
    sets: tuple[str, ...],
) -> int:
    """Talk to a running SCRIPT: statements, expressions, routes, SIP messages and dot commands (.help).

    Without SCRIPT all simulated modules are loaded.
    """
    asked = Asked(script, wishes, sets)
    if given or not sys.stdin.isatty():
        return int(import_module("sroute.cli.talking").play(asked, given, keep_going=keep_going))
    return int(import_module("sroute.cli.terminal").talk(asked))
