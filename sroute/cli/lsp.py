"""`sroute lsp`: the language server."""

import importlib

import click

from sroute.errors import UsageError

EPILOG = """\b
Examples (what an editor starts):
  sroute lsp
  vim.lsp.config.sroute = { cmd = { "sroute", "lsp" }, filetypes = { "kamailio" } }
  (add-to-list 'eglot-server-programs '(kamailio-mode "sroute" "lsp"))
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def lsp() -> int:
    """Serve an editor over stdin and stdout: findings while you type, what a name means, what may follow, the blocks of a script."""
    try:
        server = importlib.import_module("sroute.lsp.server")
    except ModuleNotFoundError as error:
        raise UsageError(f'the language server needs {error.name}: pip install "sroute[lsp]"') from None
    server.make().start_io()
    return 0
