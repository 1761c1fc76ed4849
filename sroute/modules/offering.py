"""Functions by which modules offer themselves to other modules, and which a script can call by their names."""

from sroute.runtime.run import Run
from sroute.runtime.services import Services

ENDS_SCRIPT = 0


def ends_script(services: Services, run: Run, name: str) -> int:
    """What comes of such a call: Kamailio 5.6.3 writes over the message, and the script ends."""
    services.note(f"{name}() is for other modules: in a script Kamailio writes over the message, and the script ends", run.at)
    return ENDS_SCRIPT
