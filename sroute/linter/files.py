"""Which files are linted, and how their text is read."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from sroute.errors import UsageError
from sroute.syntax.reader import Reader, read_file

PATTERN = "*.cfg"


def gather(given: Iterable[str], excluded: Callable[[str], bool] = lambda file: False) -> list[str]:
    """Files as they are given, and of folders the `*.cfg` files below, each once."""
    found: dict[str, None] = {}
    for item in given:
        if os.path.isdir(item):
            inside = sorted(str(path) for path in Path(item).rglob(PATTERN) if path.is_file())
            found.update(dict.fromkeys(path for path in inside if not excluded(path)))
        else:
            found[item] = None
    return list(found)


def read(path: str) -> str:
    """A file as latin-1 text.

    Raises UsageError when it can't be read.
    """
    try:
        return read_file(path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror.lower()}" if error.strerror else str(error)) from None


def reader(folders: tuple[Path, ...], texts: Mapping[str, str] | None = None) -> Reader:
    """How included files are read: from texts that have changed, then the disk, then the folders of `--include-path`."""

    def find(path: str) -> str:
        if texts and path in texts:
            return texts[path]
        for candidate in _candidates(path, folders):
            try:
                return read_file(candidate)
            except FileNotFoundError:
                continue
        raise FileNotFoundError(path)

    return find


def _candidates(path: str, folders: tuple[Path, ...]) -> Iterator[str]:
    yield path
    if not os.path.isabs(path):
        yield from (str(folder / path) for folder in folders)
