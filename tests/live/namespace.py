"""From outside: starts workers in network namespaces of their own and hands them cases."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Self

from tests.live.judge import Verdict
from tests.live.log import Line, Log

ROOT = Path(__file__).resolve().parents[2]
VERSION = "5.6.3"
PER_PROCESSOR = 3


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
        self._ready = False

    def judge(self, path: Path, *, trace: bool = False) -> Verdict:
        """What the real Kamailio does with the case in a file; with `trace`, each line of the script's log has its place."""
        if not self._ready:
            self._ready = bool(self._answer())
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
    """Several workers, more than there are processors: cases in which time passes mostly wait."""

    def __init__(self, size: int | None = None) -> None:
        size = size or PER_PROCESSOR * len(os.sched_getaffinity(0))
        self._workers = [Worker() for _ in range(size)]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def judge(self, path: Path, *, trace: bool = False) -> Future[Verdict]:
        """The verdict on a case, in the future."""
        return self._threads.submit(self._judge, path, trace=trace)

    def _judge(self, path: Path, *, trace: bool) -> Verdict:
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
