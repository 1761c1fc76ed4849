"""The process inside a network namespace: answers questions (a case, traced or not) with verdicts; JSON, a line each."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from sroute.testing.expectations import read
from tests.live.judge import judge
from tests.live.network import bring_up


def main() -> None:
    """Answer until the input ends."""
    bring_up()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        try:
            question = json.loads(line)
            answer = asdict(judge(read(Path(question["path"])), trace=question["trace"]))
        except Exception as trouble:
            answer = {"error": f"{type(trouble).__name__}: {trouble}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
