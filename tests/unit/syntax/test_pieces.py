"""Statements and expressions typed alone, and whether more must come."""

import pytest

from sroute.syntax import nodes
from sroute.syntax.parser import Start, expected, incomplete, parse_expression, parse_statements
from tests.unit.syntax.reading import describe, sketch

OPEN = ["if (1) {", 'xlog("a', "$var(x) = 1 +", "/* abc", "$var(x", "if (1) exit; else", "if (", "f(1,", "switch ($rU) { case 1:", "if (1)"]
DONE = ['xlog("a")', 'xlog("a");', "", "exit } ", "if (1) exit;", "$var(x) = 1", "1 +", "route[A] {"]


@pytest.mark.parametrize("text", OPEN)
def test_more_must_come(text: str) -> None:
    assert incomplete(text)


@pytest.mark.parametrize("text", DONE)
def test_nothing_more(text: str) -> None:
    assert not incomplete(text)


@pytest.mark.parametrize(
    ("text", "start", "open_"),
    [("route[A] {", "script", True), ("route[A] {;}", "script", False), ("1 +", "expr", True), ("1 + 2", "expr", False)],
)
def test_other_beginnings(text: str, start: Start, open_: bool) -> None:
    assert incomplete(text, start) is open_


def test_statements() -> None:
    piece = parse_statements("$var(x) = A; if ($var(x)) exit;", defines={"A": "5"})
    assert [type(found) for found in piece.statements] == [nodes.Assign, nodes.If]
    assert not piece.diagnostics


def test_expression() -> None:
    piece = parse_expression("1 + $foo", mode="MAXCOMPAT")
    assert piece.expression is not None
    assert sketch(piece.expression) == "(1 + $foo)"


def test_errors_of_pieces() -> None:
    assert [describe(found) for found in parse_expression("1 +").diagnostics] == ["1:3 SY001 a value is missing behind +"]
    piece = parse_statements("$var(x) = 1")
    assert [describe(found) for found in piece.diagnostics] == ["1:11 SY002 a ';' is missing here"]
    assert len(piece.statements) == 1
    assert parse_statements("exit; }").diagnostics


def test_expected() -> None:
    assert {"ID", "STRING", "PVAR"} <= expected("route(")
    assert "LSQB" in expected("failure_route", "script")
    assert "SEMICOLON" not in expected("if (1")
    assert expected("if }") == frozenset()
