"""Build hook: puts the LALR tables of the grammar into the wheel, so that no start has to build them."""

import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TABLES = "sroute/syntax/_tables.py"


class TablesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes `sroute/syntax/_tables.py` for a wheel; an editable install builds its tables when they are first needed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate the tables into a temporary folder and add them to the wheel."""
        if version == "editable" or not Path(self.root, "sroute/syntax/tables.py").exists():
            return
        self._folder = tempfile.TemporaryDirectory()
        written = Path(self._folder.name, "_tables.py")
        write_tables(Path(self.root), written)
        build_data["force_include"][str(written)] = TABLES

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()


def write_tables(root: Path, target: Path) -> None:
    """Call `sroute.syntax.tables.write` of the tree that is built, without running `sroute/__init__.py`.

    The package's public names pull in libraries that an isolated build does not have; the syntax room needs lark only.
    """
    sys.path.insert(0, str(root))
    package = ModuleType("sroute")
    package.__path__ = [str(root / "sroute")]
    sys.modules["sroute"] = package
    if find_spec("lark") is None:
        raise RuntimeError("lark is needed to build sroute's parser tables")
    import_module("sroute.syntax.tables").write(target)
