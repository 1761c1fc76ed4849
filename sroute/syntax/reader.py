"""How included files are read: any function from a path to text, so that tests and editors can hand in their own."""

import os
import stat
from collections.abc import Callable, Mapping

MAX_SIZE = 20 * 1024 * 1024
Reader = Callable[[str], str]
"""Reads a file as latin-1 text. Raises FileNotFoundError when there is none, OSError with a readable text when it can't be read."""


def read_file(path: str, max_size: int = MAX_SIZE) -> str:
    """The content of a regular file, one character for each byte.

    Raises OSError: no such file, a folder, a pipe or device, or more than max_size bytes.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(f"{path} is a folder")
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is no regular file")
        if status.st_size > max_size:
            raise OSError(f"{path} has {status.st_size} bytes, more than {max_size}")
        return file.read().decode("latin-1")


def texts(files: Mapping[str, str]) -> Reader:
    """A reader of texts in memory, by path."""

    def read(path: str) -> str:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    return read
