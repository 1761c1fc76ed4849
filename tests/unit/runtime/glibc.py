"""The C library's own regcomp() and regexec(), asked in a process of its own because some patterns make them run for ever.

Run as a program it reads one JSON question a line and writes one JSON answer a line.
"""

import ctypes
import json
import platform
import select
import subprocess
import sys
from dataclasses import dataclass

REG_EXTENDED, REG_ICASE, REG_NEWLINE = 1, 2, 4
REG_NOTBOL = 1
GROUPS = 10
AVAILABLE = platform.libc_ver()[0] == "glibc"

Spans = tuple[tuple[int, int], ...]


class _Match(ctypes.Structure):
    _fields_ = (("start", ctypes.c_int), ("end", ctypes.c_int))


@dataclass(frozen=True, slots=True)
class Answer:
    """What glibc said of a pattern: refused, or for each text whether it matches and the spans (ten at most)."""

    refused: bool
    found: tuple[bool, ...] = ()
    spans: tuple[Spans | None, ...] = ()

    def at(self, index: int) -> object:
        """What was said of one text."""
        return "refused" if self.refused else (self.found[index], self.spans[index])


class Glibc:
    """Asks the process, and starts a new one when an answer takes too long."""

    def __init__(self, patience: float = 2.0) -> None:
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def ask(self, pattern: str, texts: list[str], *, icase: bool = False, newline: bool = False, notbol: bool = False) -> Answer | None:
        """The answer, or None when glibc does not come to an end."""
        flags = REG_EXTENDED | (REG_ICASE if icase else 0) | (REG_NEWLINE if newline else 0)
        line = self._exchange(json.dumps([pattern, flags, REG_NOTBOL if notbol else 0, texts]).encode() + b"\n")
        if not line:
            return None
        answer = json.loads(line)
        if answer is None:
            return Answer(refused=True)
        found, spans = answer
        return Answer(False, tuple(found), tuple(None if one is None else tuple((a, b) for a, b in one) for one in spans))

    def _exchange(self, question: bytes) -> bytes:
        if self._process is None:
            self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(question)
        process.stdin.flush()
        if select.select([process.stdout], [], [], self._patience)[0] and (line := process.stdout.readline()):
            return line
        self.close()
        return b""


def serve() -> None:
    """Answers the questions on stdin, with the C locale."""
    libc = ctypes.CDLL(None)
    libc.setlocale(6, b"C")  # LC_ALL
    compiled = ctypes.create_string_buffer(256)
    for line in sys.stdin.buffer:
        pattern, flags, eflags, texts = json.loads(line)
        if libc.regcomp(compiled, pattern.encode("latin-1"), flags):
            answer: object = None
        else:
            asked = [text.encode("latin-1") for text in texts]
            answer = [[_search(libc, compiled, text, eflags) for text in asked], [_find(libc, compiled, text, eflags) for text in asked]]
            libc.regfree(compiled)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _search(libc: ctypes.CDLL, compiled: object, text: bytes, eflags: int) -> bool:
    return bool(libc.regexec(compiled, text, 0, None, eflags) == 0)


def _find(libc: ctypes.CDLL, compiled: object, text: bytes, eflags: int) -> list[list[int]] | None:
    matches = (_Match * GROUPS)()
    if libc.regexec(compiled, text, GROUPS, matches, eflags):
        return None
    return [[match.start, match.end] for match in matches]


if __name__ == "__main__":
    serve()
