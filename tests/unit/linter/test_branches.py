"""`--all-branches`: every branch is looked at, findings name the condition, and the work grows with the conditionals."""

from collections.abc import Callable

import pytest

from sroute.dialect import DEFAULT
from sroute.linter.linter import Request, lint
from sroute.linter.variants import MOST_SPOILED, Variants
from sroute.source.text import Span
from sroute.syntax.parser import parse
from sroute.syntax.reader import read_file

HEAD = '#!KAMAILIO\nloadmodule "pv.so"\n'


def block(body: str) -> str:
    return f"{HEAD}request_route {{\n{body}exit;\n}}\n"


def choices(count: int) -> str:
    """One conditional after the other, each with two branches."""
    parts = (
        f"#!ifdef WITH_{n}\nif ($var(x{n}) = {n}) {{ exit; }}\n#!else\nif ($var(y{n}) = {n}) {{ exit; }}\n#!endif\n" for n in range(count)
    )
    return block("".join(parts))


def nested(count: int) -> str:
    """One conditional in the other."""
    opened = "".join(f"#!ifdef A_{n}\n$var(a{n}) = 1;\n" for n in range(count))
    return block(opened + "".join(f"if ($var(z{n}) = 1) {{ exit; }}\n#!endif\n" for n in range(count)))


def defining(count: int) -> str:
    """Conditionals that define what others ask for."""
    before = "".join(f"#!ifdef W{n}\n#!define D{n} 1\n#!endif\n" for n in range(count))
    return before + choices(count).replace("WITH_", "D")


def excluding(count: int) -> str:
    """Branches of which each excludes the one before."""
    parts = (f"#!ifdef M{n}\n#!ifndef M{(n - 1) % count}\nif ($var(x{n}) = {n}) {{ exit; }}\n#!endif\n#!endif\n" for n in range(count))
    return block("".join(parts))


def broken(count: int) -> str:
    """Branches that are no script."""
    return block("".join(f"#!ifdef B{n}\nif ( {{ ;\n#!else\nif ($var(y{n}) = {n}) {{ exit; }}\n#!endif\n" for n in range(count)))


def variants(text: str) -> int:
    """How often a script is read."""
    search = Variants("x.cfg", text, {}, DEFAULT, read_file)
    count = 0
    for variant in search:
        count += 1
        parsed = parse("x.cfg", text, defines=variant.defines)
        search.spoiled(variant, [found.span for found in parsed.diagnostics if isinstance(found.span, Span) and found.severity == "error"])
    return count


@pytest.mark.parametrize(("make", "most"), [(choices, 2), (nested, 2), (defining, 3), (excluding, 4), (broken, MOST_SPOILED + 3)])
def test_the_number_of_variants_does_not_grow(make: Callable[[int], str], most: int) -> None:
    counts = [variants(make(count)) for count in (20, 200)]
    assert max(counts) <= most
    assert counts[1] <= counts[0] + 1


@pytest.mark.parametrize("make", [choices, nested, defining, excluding])
def test_every_branch_is_looked_at(make: Callable[[int], str]) -> None:
    text = make(200)
    findings = lint("x.cfg", text, Request(all_branches=True)).findings
    found = {finding.span.line for finding in findings if finding.code == "EX001" and finding.span}
    assert found == {number for number, line in enumerate(text.splitlines(), 1) if line.startswith("if (")}


def test_findings_name_their_condition() -> None:
    findings = lint("x.cfg", choices(200), Request(all_branches=True)).findings
    messages = {finding.span.line: finding.diagnostic.message for finding in findings if finding.code == "EX001" and finding.span}
    assert messages[5].endswith("(with WITH_0)")
    assert "(with" not in messages[7]
    assert messages[5 + 5 * 199].endswith("(with WITH_199)")


def test_a_name_of_the_user_holds_in_all_of_them() -> None:
    text = choices(3)
    findings = lint("x.cfg", text, Request(defines={"WITH_1": None}, all_branches=True)).findings
    lines = {finding.span.line for finding in findings if finding.code == "EX001" and finding.span}
    assert 10 in lines
    assert 12 not in lines


def test_what_is_missing_in_one_variant_only_is_told_with_it() -> None:
    text = f"{HEAD}request_route {{\n#!ifdef WITH_TM\nt_relay();\n#!endif\nexit; }}\n"
    assert not [finding for finding in lint("x.cfg", text, Request()).findings if finding.code == "MD010"]
    findings = lint("x.cfg", text, Request(all_branches=True)).findings
    missing = [finding.diagnostic.message for finding in findings if finding.code == "MD010"]
    assert len(missing) == 1
    assert missing[0].endswith("(with WITH_TM)")
