"""How outcomes look, with and without a terminal."""

import io

import pytest
from rich.console import Console

from sroute.repl.outcome import Arrow, Branch, Code, Doc, Ladder, Note, Outcome, Part, Problem, Result, Returned, Rows, Sip
from sroute.repl.pictures import Pictures
from sroute.repl.show import Plain, lines
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source, Span
from tests.unit.repl.conftest import Desk

SOURCE = Source("<input>", "$avp(x)[bold] = [/red];")
PARTS: list[tuple[Part, str]] = [
    (Result(42), "int 42"),
    (Result("caf\xc3\xa9"), 'str "café"'),
    (Result(None), "null"),
    (Note("a [red]note[/]"), "a [red]note[/]"),
    (Problem(Diagnostic("XX001", "error", "no [b]", Span(SOURCE, 8, 12), "[hint]")), "$avp(x)[bold] = [/red];"),
    (Rows("t", ("key", "value"), (("k", "v"), ("n", 1), ("z", None))), '"v"'),
    (Rows("t", ("key", "value"), ()), "t: none"),
    (Branch("$xavp", (Branch("a", (Branch("[b] = 1"),)),)), "[b] = 1"),
    (Sip("to [here]", "OPTIONS sip:[::1] SIP/2.0\r\nA: b\r\n\r\nbody"), "OPTIONS sip:[::1] SIP/2.0"),
    (Code("route[A] {\n    exit;\n}", 5, 6), "exit;"),
    (Ladder((Arrow("a", "b", "INVITE x", incoming=True), Arrow("b", "a", "200 OK", incoming=False))), "200 OK"),
    (Doc(()), ""),
]


@pytest.mark.parametrize(("part", "text"), PARTS)
def test_both_show_it(part: Part, text: str) -> None:
    assert text in "\n".join(lines(part))
    console = Console(file=io.StringIO(), width=100)
    Pictures(console).show(Outcome([part]))
    assert text in console.file.getvalue()  # type: ignore[attr-defined]


def test_return_codes_are_for_terminals() -> None:
    assert lines(Returned(-1)) == []
    console = Console(file=io.StringIO())
    Pictures(console).show(Outcome([Returned(-1, "exit")]))
    assert console.file.getvalue() == "returned -1, exit\n"  # type: ignore[attr-defined]


def test_ladder_points_the_right_way() -> None:
    ladder = Ladder(
        (Arrow("a", "b", "INVITE", incoming=True), Arrow("b", "c", "INVITE", incoming=False), Arrow("c", "a", "x", incoming=True))
    )
    head, first, second, third = lines(ladder)
    assert [head.index(end) for end in "abc"] == [0, 36, 72]
    assert first.index(">") == 35
    assert (second[36], second.index(">")) == ("|", 71)
    assert (third[0], third[1]) == ("|", "<")
    assert lines(Ladder(())) == ["no message yet"]


def test_problems_are_complained_of(desk: Desk) -> None:
    said: list[str] = []
    complaints: list[str] = []
    Plain(said.append, complaints.append).show(desk.evaluator.evaluate("$nosuch"))
    assert said == []
    assert "PV001" in complaints[0]


def test_all_docs_can_be_shown(desk: Desk) -> None:
    for name in ("t_relay", "$ru", "{s.len}", "htable.dump", "htable"):
        outcome = desk.evaluator.evaluate(f".doc {name}")
        assert not outcome.failed
        Pictures(Console(file=io.StringIO())).show(outcome)
