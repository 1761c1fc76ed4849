"""Deep, long and malicious texts: no recursion, no quadratic blow-up, clear errors."""

import time

import pytest

from sroute.syntax import nodes
from sroute.syntax.parser import Parsed, parse
from sroute.syntax.walk import nodes_of
from tests.unit.syntax.reading import findings, route

MILLION = 1_000_000


def quick(text: str, seconds: float = 20.0) -> Parsed:
    begin = time.process_time()
    parsed = parse("test.cfg", text)
    assert time.process_time() - begin < seconds
    return parsed


@pytest.mark.parametrize("text", ["(" * 5000 + "1" + ")" * 5000, "!" * 5000 + "1", "-(" * 3000 + "1" + ")" * 3000])
def test_deep_expressions(text: str) -> None:
    assert route(f"$var(x) = {text};").ok


def test_too_deep_is_refused() -> None:
    parsed = parse("test.cfg", "debug=1\nrequest_route { $var(x) = " + "(" * 20000 + "1" + ")" * 20000 + "; }")
    assert [found.split(" ", 1)[1] for found in findings(parsed)] == ["SY001 this is nested too deeply"]
    assert [type(item) for item in parsed.script.items] == [nodes.GlobalParam]


def test_long_chains() -> None:
    assert route("$var(x) = 1" + " + 1" * 100_000 + ";").ok
    parsed = route("if (1) { exit; }" + " else if (2) { exit; }" * 2000)
    assert parsed.ok
    assert sum(isinstance(node, nodes.If) for node in nodes_of(parsed.script)) == 2001
    assert route("if (1) {" * 3000 + "exit;" + "}" * 3000).ok


@pytest.mark.parametrize(
    "text",
    [
        '$var(x) = "' + "a" * MILLION + '";',
        '$var(x) = "' + "\\n" * (MILLION // 2) + '";',
        "$var(x) = '" + "a" * MILLION + "';",
        "/*" + "a " * (MILLION // 2) + "*/ exit;",
        "/*" * (MILLION // 4) + "*/" * (MILLION // 4) + " exit;",
        "# a\n" * (MILLION // 4) + "exit;",
        "\n" * MILLION + "exit;",
        "`" * MILLION + "exit;",
        "$var(" + "(" * (MILLION // 2) + ")" * (MILLION // 2) + ") = 1;",
        "#!nope\n" * (MILLION // 20) + "exit;",
    ],
    ids=["string", "escapes", "single", "comment", "nested comments", "line comments", "blank", "junk", "variable", "directives"],
)
def test_big(text: str) -> None:
    assert quick(f"request_route {{\n{text}\n}}\n").ok


NONSENSE = ('"a', "{", "(", "if (\n", "} {\n", "$var(x) == 1;\n", "$", "[", ";)", "%", "@", "${", "case 1:")


@pytest.mark.parametrize("text", [text * 50_000 for text in NONSENSE], ids=NONSENSE)
def test_big_nonsense(text: str) -> None:
    assert not quick(f"request_route {{\n{text}\n}}\n").ok


def test_define_whose_value_opens_a_string_or_comment() -> None:
    long = "x" * 200_000
    assert quick(f'#!define A "\nrequest_route {{ $var(x) = A {long}"; }}\n').ok
    assert quick(f"#!define A /*\nrequest_route {{ exit; A {long} */ }}\n").ok
    assert not quick(f'#!define A "\nrequest_route {{ $var(x) = A {long}; }}\n').ok


def test_ten_thousand_lines() -> None:
    lines = '    if ($rU =~ "^[0-9]+$" && is_method("INVITE")) {\n        $var(x) = $(rU{s.len}) + 1;\n        route(A);\n    }\n'
    assert quick("request_route {\n" + lines * 2500 + "}\n", 6.0).ok
