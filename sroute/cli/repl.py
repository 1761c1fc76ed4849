"""`sroute repl`: talk to a running script."""

import sys
from importlib import import_module

import click

from sroute.cli import options as opt
from sroute.cli.wishes import Wishes

MAX_STEPS = 10_000_000
EPILOG = """\b
Examples:
  sroute repl kamailio.cfg
  sroute repl -c '$var(x) = 40;' -c '$var(x) + 2'
  echo '$(ru{uri.user})' | sroute repl kamailio.cfg
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("script", required=False)
@opt.script_options
@click.option("-c", "given", multiple=True, metavar="INPUT", help="Evaluate this and leave (repeatable, in order).")
@click.option("--keep-going", is_flag=True, help="With -c or piped input: go on after an error.")
@click.option("--set", "sets", multiple=True, metavar="'$x=v'", help="Assign at the start (repeatable).")
@click.option("--stub", "stubs", multiple=True, metavar="'F=RC[; $x=v]'", help="The result of a function that is not simulated.")
@click.option("--seed", default=1, show_default=True, help="Seed of all randomness.")
@click.option("--max-steps", default=MAX_STEPS, show_default=True, help="Steps that one input may take.")
@click.option("--write", is_flag=True, help="Write databases in place instead of to a copy.")
@click.option("--allow-net", is_flag=True, help="Let the script open network databases.")
@click.option("--allow-path", "paths", multiple=True, metavar="DIR", help="Let the script read files there.")
def repl(
    script: str | None,
    define: tuple[str, ...],
    kamailio: str,
    given: tuple[str, ...],
    keep_going: bool,
    sets: tuple[str, ...],
    stubs: tuple[str, ...],
    seed: int,
    max_steps: int,
    write: bool,
    allow_net: bool,
    paths: tuple[str, ...],
) -> int:
    """Talk to a running SCRIPT: statements, expressions, routes, SIP messages and dot commands (.help).

    Without SCRIPT all simulated modules are loaded.
    """
    wishes = Wishes(
        script,
        opt.defines(define),
        opt.chosen_dialect(kamailio),
        sets,
        stubs,
        seed,
        max_steps,
        write=write,
        allow_net=allow_net,
        paths=paths,
    )
    if given or not sys.stdin.isatty():
        return int(import_module("sroute.cli.talking").play(wishes, given, keep_going=keep_going))
    return int(import_module("sroute.cli.terminal").talk(wishes))
