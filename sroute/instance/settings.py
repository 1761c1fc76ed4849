"""Custom globals while an instance runs: values, and which instance of a group is chosen."""

from sroute.resolve.program import Settings

CORE_DEFAULTS: dict[str, int | str] = {"debug": 0, "log_stderror": 0, "max_while_loops": 100, "children": 8, "memlog": -4, "memdbg": -5}


class Custom:
    """`$sel(cfg_get.group.field)`, `cfg_select`, and RPC cfg.set_now_*."""

    def __init__(self, settings: Settings) -> None:
        """Begins with the values of the script."""
        self._values = dict(settings.custom)
        self._instances = settings.instances
        self._core = {**CORE_DEFAULTS, **settings.core}
        self._chosen: dict[str, int] = {}

    def get(self, group: str, field: str) -> int | str | None:
        """A value, or None when there is no such field."""
        if group == "core":
            return self._core.get(field)
        instance = self._chosen.get(group)
        if instance is not None and field in self._instances[group, instance]:
            return self._instances[group, instance][field]
        return self._values.get((group, field))

    def set(self, group: str, field: str, value: int | str) -> bool:
        """Changes a value; False when there is no such field."""
        if (group, field) not in self._values:
            return False
        self._values[group, field] = value
        return True

    def select(self, group: str, instance: int | None) -> bool:
        """Chooses an instance of a group, None the first again; False when it is missing."""
        if instance is None:
            self._chosen.pop(group, None)
            return True
        if (group, instance) not in self._instances:
            return False
        self._chosen[group] = instance
        return True
