"""What is known about the name at a place in a text."""

import re

from sroute.exports import describe
from sroute.exports.describe import Description
from sroute.resolve.names import NameTable

_TOKEN = re.compile(r"\$\(?([A-Za-z_?][\w?]*)|\{([a-z]\w*\.[\w.]+)|([A-Za-z_][\w.:]*)")


def name_at(text: str, offset: int) -> str | None:
    """The name at an offset, with its mark: `$ru`, `{s.len}`, `t_relay`."""
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    for match in _TOKEN.finditer(text, begin, len(text) if end < 0 else end):
        if match.start() <= offset <= match.end():
            if match[1]:
                return f"${match[1]}"
            return f"{{{match[2]}}}" if match[2] else match[3]
    return None


def hover(text: str, offset: int, names: NameTable) -> list[Description]:
    """The descriptions of the name at an offset; those of loaded modules first."""
    name = name_at(text, offset)
    if name is None:
        return []
    loaded = {module.name for module in names.modules}
    return sorted(describe.find(name, names.catalog), key=lambda found: found.module not in loaded)
