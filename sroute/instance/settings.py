"""Custom globals while an instance runs: values, and which instance of a group is chosen."""

import re
from collections.abc import Callable

from sroute.resolve.program import Settings
from sroute.runtime.values import wrap32

_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}")

CORE_DEFAULTS: dict[str, int | str] = {"debug": 0, "log_stderror": 0, "max_while_loops": 100, "children": 8, "memlog": -4, "memdbg": -5}


class Custom:
    """`$sel(cfg_get.group.field)`, `$ccp(group.field)`, `cfg_select`."""

    def __init__(self, settings: Settings) -> None:
        """Begins with the values of the script."""
        self._values = dict(settings.custom)
        self._instances = settings.instances
        self._core = {**CORE_DEFAULTS, **settings.core}
        self._chosen: dict[str, int] = {}
        self._waiting: dict[tuple[str, str], int | str] = {}

    def get(self, group: str, field: str) -> int | str | None:
        """A value, or None when there is no such field."""
        if group == "core":
            return self._core.get(field)
        instance = self._chosen.get(group)
        if instance is not None and field in self._instances[group, instance]:
            return self._instances[group, instance][field]
        return self._values.get((group, field))

    def set(self, group: str, field: str, value: int | str, say: Callable[[str, str], None]) -> bool:
        """Changes a value to one of its type; False when there is no such field, or it does not fit, which is said."""
        old = self.get(group, field)
        if old is None:
            return False
        if isinstance(old, str):
            value = str(value)
        elif isinstance(value, str):
            if not _DECIMAL.fullmatch(value):
                say("ERROR", f"cannot convert string to integer '{value}'")
                say("ERROR", f"failed to set the variable: {group}.{field}")
                return False
            value = wrap32(int(value))
        if group == "core":
            self._core[field] = value
        else:
            self._waiting[group, field] = value
        return True

    def update(self) -> None:
        """Values that were set for the script's own groups count from the next message on."""
        if self._waiting:
            self._values.update(self._waiting)
            self._waiting.clear()

    def select(self, group: str, instance: int | None) -> bool:
        """Chooses an instance of a group, None the first again; False when it is missing."""
        if instance is None:
            self._chosen.pop(group, None)
            return True
        if (group, instance) not in self._instances:
            return False
        self._chosen[group] = instance
        return True
