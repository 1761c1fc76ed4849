"""Which `exit` and `drop` end which kind of entry point."""

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here
from sroute.syntax.nodes import Leave, Route


class Leaves(Watch[bool]):
    """Notes each drop with the kind of the entry point that it ends."""

    DROP = "drop"
    merges = True

    def initial(self, entry: Route) -> bool:
        """Nothing to remember."""
        return True

    def merge(self, one: bool, other: bool) -> bool:
        """Nothing to remember."""
        return True

    def leave(self, node: Leave | Route, state: bool, at: Here) -> bool:
        """The script ends."""
        if isinstance(node, Leave) and node.how == "drop":
            self.note(self.DROP, node, at.entry.kind)
        return state


def followed(subject: Subject) -> Followed:
    """The drops of a script."""
    if not any(node.how == "drop" for node in subject.tree.each(Leave)):
        return Followed({})
    return follow(subject, Leaves)
