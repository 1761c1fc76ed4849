"""`sroute db`: Kamailio's database tables."""

import click

from sroute.db import schema
from sroute.db import url as urls

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EPILOG = """\b
Examples:
  sroute db create sqlite:///kamailio.db
  sroute db create text://dbtext htable subscriber
  sroute db tables location
"""


@click.group(epilog=EPILOG, context_settings=SETTINGS)
def db() -> None:
    """Make the tables that Kamailio's modules expect, to try a script with a database."""


@db.command(epilog=EPILOG, context_settings=SETTINGS)
@click.argument("url")
@click.argument("tables", nargs=-1, metavar="[TABLE]...")
def create(url: str, tables: tuple[str, ...]) -> None:
    """Make TABLEs (all without names) at URL, with their rows in the table `version`.

    URL is one of Kamailio's: sqlite:///FILE, text://DIRECTORY, mysql://..., postgres://...; a relative path is in the
    current directory. A table that is there already is an error, and then nothing is made in SQLite and PostgreSQL.
    """
    made = schema.create(url, tables)
    click.echo(f"{len(made)} tables in {urls.parse(url).public}: {', '.join(made)}")


@db.command(epilog=EPILOG, context_settings=SETTINGS)
@click.argument("names", nargs=-1, metavar="[TABLE]...")
def tables(names: tuple[str, ...]) -> int:
    """Show the tables that are known, or the columns of TABLEs."""
    known = schema.layouts()
    missing = [name for name in names if name not in known]
    for name in missing:
        click.echo(f"no table {name!r} is known", err=True)
    for layout in known.values():
        if not names:
            click.echo(f"{layout.name}  version {layout.version}, module {layout.module}")
        elif layout.name in names:
            click.echo(f"{layout.name}  version {layout.version}")
            for column, word in zip(layout.columns, layout.types, strict=True):
                default = f"  default {column.default!r}" if column.default is not None else ""
                click.echo(f"  {column.name}  {word}{'' if column.null or column.auto else '  not null'}{default}")
    return 1 if missing else 0
