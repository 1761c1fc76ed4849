"""Tables that grow with what comes in, and never get smaller."""

from collections.abc import Iterator

from sroute.linter.knowledge import FROM_OUTSIDE
from sroute.linter.subject import Subject
from sroute.linter.tables import BY_KEY, BY_NAME
from sroute.resolve.constants import is_null
from sroute.resolve.usage import Use, inner_pvs
from sroute.syntax.nodes import Assign, Call

SAFE = frozenset(["si", "sp", "rd", "fd", "td", "Ri", "dd"])
"""Parts of a key that an outsider can't choose at will, but of which there are many."""
REMOVES = frozenset(["sht_rm", "sht_rm_name_re", "sht_rm_name", "sht_rm_value_re", "sht_rm_value", "sht_reset", "sht_iterator_rm"])
BOUNDED = frozenset(["rm", "proto", "pr", "cs", "rs", "rp", "fs"])


def growing(subject: Subject) -> Iterator[tuple[Use, str, str]]:
    """Writes to such tables: the use, the table, and the variable in the key that grows."""
    kept = {table.name for table in subject.tables.values() if not table.autoexpire} - _shrunk(subject)
    seen: set[str] = set()
    for use in subject.uses:
        name = (use.pv.spec.inner or "").partition("=>")[0].strip()
        if use.pv.variable.name not in ("sht", "shtinc") or name not in kept or name in seen:
            continue
        if use.access == "read" and use.pv.variable.name == "sht":
            continue
        parts = [part.variable.name for part in inner_pvs(use.pv)]
        source = next((part for part in parts if part in SAFE | FROM_OUTSIDE and part not in BOUNDED), None)
        if source is not None:
            seen.add(name)
            yield use, name, source


def _shrunk(subject: Subject) -> set[str]:
    """Tables from which something is deleted, or whose items are given a life time."""
    found = set()
    for node in subject.tree.each(Assign):
        spec = node.target.spec
        if (spec.name == "sht" and is_null(node.value)) or spec.name == "shtex":
            found.add((spec.inner or "").partition("=>")[0].strip())
    for call in subject.tree.each(Call):
        if call.name in REMOVES:
            text = subject.argument(call, BY_NAME.get(call.name, 0)) or ""
            found.add(text.partition("=>")[0].strip() if call.name in BY_KEY else text)
            if call.name == "sht_iterator_rm" or not text or "$" in text:
                found |= set(subject.tables)
    return found
