from pathlib import Path

import pytest

from sroute.source.diagnostic import Diagnostic
from sroute.testing.expectations import Case, parse
from sroute.testing.outcome import Outcome, differences, unsaid

SCRIPT = 'log(0, "a");  # expect: a\nlog(0, "b");  # expect: b\nlog(0, "c");  # expect: c\n'


def error(message: str) -> Diagnostic:
    return Diagnostic("", "error", message)


def case(text: str, path: Path = Path("x.cfg")) -> Case:
    return parse(path, text)


def found(text: str, outcome: Outcome) -> list[tuple[int, str, str | None]]:
    return [(one.span.line if one.span else 0, one.message, one.hint) for one in differences(case(text), outcome)]


def test_as_expected() -> None:
    assert found(SCRIPT, Outcome(log=("a", "b", "c"))) == []


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (("a", "x", "c"), [(2, "expected: b", "logged: x")]),
        (("a", "c"), [(2, "not logged: b", None)]),
        (("a", "b", "c", "d\n"), [(3, "logged but not expected here: d\\n", None)]),
        ((), [(1, "not logged: a", None), (2, "not logged: b", None), (3, "not logged: c", None)]),
        (("x", "a", "b", "c"), [(1, "logged but not expected here: x", None)]),
    ],
)
def test_log(log: tuple[str, ...], expected: list[tuple[int, str, str | None]]) -> None:
    assert found(SCRIPT, Outcome(log=log)) == expected


def test_nothing_expected_means_nothing_logged() -> None:
    assert found("# send: default", Outcome(log=("a",))) == [(1, "logged but not expected here: a", None)]


def test_refused() -> None:
    assert found("# expect refused: why", Outcome(refused=(error("other words"),))) == []
    assert found("\n# expect refused", Outcome()) == [(2, "it is not refused", None)]
    assert found("", Outcome(refused=(error("one"), error("two")))) == [(0, "one", None), (0, "two", None)]


def test_diags_are_a_subset_in_order() -> None:
    script = case("# expect diag: one\n# expect diag: two")
    assert unsaid(script, Outcome(diags=("zero", "has one", "more", "two"))) is None
    missed = unsaid(script, Outcome(diags=("two", "one")))
    assert missed is not None
    assert (missed.text, missed.span.line) == ("two", 2)
    assert unsaid(case("# expect diag: one\n# expect diag: one"), Outcome(diags=("one",))) is not None


def test_rpc() -> None:
    script = "# rpc: a\n# expect rpc: {\n# expect rpc: }\n# rpc: b"
    assert found(script, Outcome(rpc=("{\n}\n", ""))) == []
    assert found(script, Outcome(rpc=("{\n\tx\n}\n", "y"))) == [
        (2, "printed but not expected here: \\tx", None),
        (4, "printed but not expected here: y", None),
    ]


def test_trouble_is_a_difference() -> None:
    assert found("# send: none", Outcome(trouble=(error("no such thing"),))) == [(0, "no such thing", None)]


def test_sent(tmp_path: Path) -> None:
    path = tmp_path / "x.cfg"
    plain = case("", path)
    sent = Outcome(sent=">>> 1 a -> b\nOPTIONS x SIP/2.0\nA: 1\n\n")
    assert differences(plain, sent) == []
    assert len(differences(plain, sent, silent=True)) == 1
    plain.sidecar.write_text(sent.sent)
    assert differences(plain, sent) == []
    plain.sidecar.write_text(sent.sent.replace("A: 1", "A: 2"))
    (difference,) = differences(plain, sent)
    assert difference.span is not None
    assert (difference.message, difference.span.line, difference.span.text()) == ("sent: A: 1", 3, "A: 2")
    (missing,) = differences(plain, Outcome())
    assert missing.message == "not sent"
