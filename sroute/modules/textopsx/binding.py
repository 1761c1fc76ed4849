"""bind_textopsx(): what other modules call, which a script can call, too."""

from sroute.exports.fixups import TEXT
from sroute.modules.textopsx.module import TextOpsX, textopsx
from sroute.runtime.run import Run


@textopsx.function("bind_textopsx", TEXT)
def bind_textopsx(state: TextOpsX, run: Run, name: str) -> int:
    """What other modules call to use textopsx: not meant for scripts, in which it ends the script.

    Example: bind_textopsx("x");
    """
    state.instance.note("bind_textopsx() overwrites part of the message in Kamailio 5.6.3; here it only ends the script", run.at)
    return 0
