"""Which case proves which row of the reference: reads `rows.txt` and the `# covers:` comments, writes `coverage.md`.

python -m tests.live.coverage    writes the table anew
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sroute.testing.expectations import read

SPEC = Path(__file__).resolve().parents[1] / "spec"
ROWS = SPEC / "rows.txt"
TABLE = SPEC / "coverage.md"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a reference; `open` says why no case can prove it."""

    section: str
    key: str
    text: str
    open: str | None = None

    @property
    def name(self) -> str:
        """How a case names it."""
        return f"{self.section}: {self.key}"


def rows() -> list[Row]:
    """All rows, in the order of the reference."""
    lines = [line for line in ROWS.read_text().splitlines() if line and not line.startswith("#")]
    return [_row(line) for line in lines]


def _row(line: str) -> Row:
    section, key, text = (part.strip() for part in line.split("|", 2))
    text, dash, reason = text.partition(" -- ")
    return Row(section, key, text, reason if dash else None)


def covered() -> Iterator[tuple[str, Path]]:
    """The names of rows with the cases that name them."""
    for path in sorted(SPEC.rglob("*.cfg")):
        for expected in read(path).covers:
            section, _, keys = expected.text.partition(": ")
            for key in keys.split(","):
                yield f"{section.strip()}: {key.strip()}", path


def table() -> str:
    """The text of the table."""
    cases: dict[str, list[str]] = {}
    for name, path in covered():
        cases.setdefault(name, []).append(str(path.relative_to(SPEC).with_suffix("")))
    known = rows()
    proven = [row for row in known if row.name in cases]
    lines = [
        "# Rows of the reference and their cases",
        "",
        "Made by `python -m tests.live.coverage` from `rows.txt` and the `# covers:` comments of the cases; a test holds it to them.",
        "",
        f"{len(proven)} of {len(known)} rows are proven by {len({case for names in cases.values() for case in names})} cases.",
        "",
        "| section | row | what it says | cases |",
        "|---|---|---|---|",
    ]
    for row in known:
        shown = ", ".join(cases.get(row.name, [])) or (f"none: {row.open}" if row.open else "**none**")
        lines.append(f"| {row.section} | {row.key} | {row.text.replace('|', chr(92) + '|')} | {shown} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the table."""
    TABLE.write_text(table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
