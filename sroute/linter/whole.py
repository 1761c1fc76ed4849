"""Facts about a script as a whole: whether it is a server's, whether it relays."""

from sroute.linter.knowledge import FORWARDS, RELAYS
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call, CoreCall, Route


def main_route(subject: Subject) -> Route | None:
    """The main block of a whole script; None for parts of one, and for one that could not be read."""
    around = subject.circumstances
    routes = subject.program.routes.get(("request", None))
    return None if around.fragment or around.broken or not routes else routes[0]


def relays(subject: Subject) -> bool:
    """Whether a script sends requests on."""
    calls = [call.name for call in subject.tree.each(Call)] + [call.name for call in subject.tree.each(CoreCall)]
    return any(name in RELAYS or name in FORWARDS for name in calls)
