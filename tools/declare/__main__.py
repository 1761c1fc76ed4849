"""`python -m tools.declare`: write `sroute/modules/declared/` anew from the installed Kamailio."""

from pathlib import Path

from tools.declare import collect, kamailio, write

FOLDER = Path(__file__).resolve().parents[2] / "sroute" / "modules" / "declared"


def main() -> None:
    """Read every module of the Debian packages and write its declaration."""
    owners = kamailio.packages()
    paths = [path for path in sorted(kamailio.MODULES.glob("*.so")) if kamailio.is_module(path)]
    write.all_files(FOLDER, [collect.declare(path, owners[path.stem]) for path in paths])


if __name__ == "__main__":
    main()
