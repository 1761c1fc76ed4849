"""What a run of cases looks like: lines for people in the manner of pytest, and JUnit's XML for machines."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from sroute.source.excerpt import Paint, plain, readable, show
from sroute.testing.session import Result

WIDTH = 100
SIGNS = {"passed": ".", "failed": "F", "error": "E"}


def banner(title: str, sign: str = "=") -> str:
    """A title in the middle of a line."""
    return f" {title} ".center(WIDTH, sign)


def failure(result: Result, paint: Paint = plain) -> list[str]:
    """A case that did not pass: its path and, for each difference, the line, what was expected and what came."""
    lines = [banner(str(result.path), "_")]
    if result.mistake is not None:
        return [*lines, paint("error: ", "error") + readable(result.mistake)]
    return [*lines, *(show(difference, paint) for difference in result.differences)]


def summary(results: Sequence[Result], seconds: float) -> str:
    """`2 failed, 10 passed in 0.31s`."""
    counts = Counter(result.word for result in results)
    parts = [f"{counts[word]} {word}" for word in ("failed", "passed", "error") if counts[word]]
    return f"{', '.join(parts) or 'no scripts with expectations'} in {seconds:.2f}s"


def write_junit(results: Sequence[Result], target: Path, seconds: float) -> None:
    """Write a report as JUnit does: one test case for each script."""
    counts = Counter(result.word for result in results)
    numbers = {"tests": len(results), "failures": counts["failed"], "errors": counts["error"], "time": f"{seconds:.3f}"}
    suite = ElementTree.Element("testsuite", {"name": "sroute", **{name: str(number) for name, number in numbers.items()}})
    for result in results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=".".join(result.path.parent.parts),
            name=result.path.stem,
            file=str(result.path),
            time=f"{result.seconds:.3f}",
        )
        if result.mistake is not None:
            ElementTree.SubElement(case, "error", message=readable(result.mistake))
        elif result.differences:
            problem = ElementTree.SubElement(case, "failure", message=readable(result.differences[0].message))
            problem.text = "\n".join(show(difference) for difference in result.differences)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)
