"""`python -m tools.declare`: write `sroute/modules/declared/` anew from the installed Kamailio."""

from dataclasses import replace
from pathlib import Path

from tools.declare import collect, elf, kamailio, kept, needs, newer, write

FOLDER = Path(__file__).resolve().parents[2] / "sroute" / "modules" / "declared"


def main() -> None:
    """Read every module of the Debian packages and write its declaration."""
    owners = kamailio.packages()
    paths = [path for path in sorted(kamailio.MODULES.glob("*.so")) if kamailio.is_module(path)]
    images = {path.stem: elf.Image(path) for path in paths}
    starting = needs.Needs(images)
    found = [collect.declare(path, images[path.stem], owners[path.stem]) for path in paths]
    found = [replace(module, needs=starting.of(module.name)) for module in found]
    found = [newer.add(module) for module in (*found, collect.core(kamailio.SERVER))]
    found = [kept.keep(module) for module in found]
    write.all_files(FOLDER, [*found, *newer.modules()])


if __name__ == "__main__":
    main()
