"""From outside: starts workers in network namespaces of their own and hands them cases."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Self

from tests.live.judge import Verdict
from tests.live.log import Line, Log

ROOT = Path(__file__).resolve().parents[2]
VERSION = "5.6.3"


def missing() -> str | None:
    """Why no case can run here, or None."""
    for program in ("kamailio", "kamcmd", "unshare", "setpriv", "ip"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    banner = subprocess.run(["kamailio", "-v"], capture_output=True, text=True).stdout.split("\n", 1)[0]
    if f"kamailio {VERSION} " not in banner:
        return f"the judge is Kamailio {VERSION}, installed is {banner!r}"
    tried = subprocess.run([*_unshare(), "true"], capture_output=True, text=True)
    return f"no network namespaces: {tried.stderr.strip()}" if tried.returncode else None


def _unshare() -> list[str]:
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]


class Worker:
    """A process in a namespace of its own that judges one case after another."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*_unshare(), sys.executable, "-m", "tests.live.worker"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._questions: IO[str] = self._process.stdin
        self._answers: IO[str] = self._process.stdout
        self._answer()

    def judge(self, path: Path, *, trace: bool = False) -> Verdict:
        """What the real Kamailio does with the case in a file; with `trace`, each line of the script's log has its place."""
        self._questions.write(json.dumps({"path": str(path.resolve()), "trace": trace}) + "\n")
        self._questions.flush()
        answer = self._answer()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return _verdict(answer)

    def _answer(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            raise RuntimeError(f"the worker ended with status {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the worker."""
        self._questions.close()
        self._process.wait()
        self._answers.close()


class Pool:
    """Several workers; `judge` keeps the order of the cases."""

    def __init__(self, size: int | None = None) -> None:
        self._size = size or len(os.sched_getaffinity(0))
        self._free: SimpleQueue[Worker] = SimpleQueue()
        self._workers = [Worker() for _ in range(self._size)]
        for worker in self._workers:
            self._free.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            worker.close()

    def judge(self, paths: Iterable[Path], *, trace: bool = False) -> Iterator[Verdict]:
        """The verdicts on cases, in their order, several at a time."""
        with ThreadPoolExecutor(self._size) as threads:
            yield from threads.map(partial(self._one, trace=trace), paths)

    def _one(self, path: Path, *, trace: bool) -> Verdict:
        worker = self._free.get()
        try:
            return worker.judge(path, trace=trace)
        finally:
            self._free.put(worker)


def _verdict(answer: dict[str, Any]) -> Verdict:
    log = answer.pop("log")
    rpc = tuple((command, text) for command, text in answer.pop("rpc"))
    lines = {kind: tuple(Line(**line) for line in log[kind]) for kind in log}
    return Verdict(log=Log(**lines), rpc=rpc, **answer)
