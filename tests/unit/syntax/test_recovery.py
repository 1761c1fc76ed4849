"""After an error the parser goes on: it finds what else is wrong, and keeps what is right."""

from sroute.syntax import nodes
from sroute.syntax.parser import parse
from sroute.syntax.walk import nodes_of
from tests.unit.syntax.reading import findings, route

MANY = """#!KAMAILIO
childrn=4
modparam("a", "b", VALUE)
loadmodule "pv.so"
request_route {
    $var(x) == 1;
    if ($var(x) === 1) {
        xlog("inside"
        $var(y) = 2;
    }
    switch ($rm) {
        case foo:
            xlog("kept");
        case 2 exit;
    }
    t_relay;
    exit;
}
route[B] { }
route[C] {
    $var(z) += 1
}
"""


def test_all_independent_errors_at_once() -> None:
    assert findings(parse("test.cfg", MANY)) == [
        "2:1 SY020 there is no core parameter childrn",
        "3:20 PP013 no #!define gives VALUE a value",
        "6:5 SY009 a comparison is no statement",
        "7:17 SY006 there is no operator ===",
        "8:21 SY001 ); is missing here",
        "12:14 PP013 no #!define gives foo a value",
        "14:14 SY001 a ':' is missing",
        "16:5 SY010 t_relay is called without parentheses",
        "19:10 SY003 a block can't be empty",
        "21:13 SY006 there is no operator +=",
    ]


def test_what_is_right_is_kept() -> None:
    script = parse("test.cfg", MANY).script
    routes = [item for item in script.items if isinstance(item, nodes.Route)]
    assert [item.name for item in routes] == [None, "B", "C"]
    calls = [node.args[0] for node in nodes_of(script) if isinstance(node, nodes.Call)]
    assert [argument.value for argument in calls if isinstance(argument, nodes.Literal)] == ["inside", "kept"]


def test_broken_condition_does_not_hide_its_block() -> None:
    assert findings(route("if (1 ++ ) {\n  $var(x) == 2;\n} else {\n  t_relay;\n}")) == [
        "3:7 SY006 there is no operator ++",
        "4:3 SY009 a comparison is no statement",
        "6:3 SY010 t_relay is called without parentheses",
    ]


def test_one_cause_one_finding() -> None:
    for body in ("for (a; b; c) { d; e; }", "if (1) exit else { exit; }", 'foreach ($var(x)) { xlog("a"); }', "$var(x) = (1 + ;"):
        assert len(findings(route(body))) == 1, body


def test_items_behind_an_error_at_top_level() -> None:
    parsed = parse("test.cfg", "debug=\nlisten=udp:\nroute[A] { exit; }\nfoo bar\nchildren=4\nrequest_route { exit; }\n")
    assert [type(item).__name__ for item in parsed.script.items] == ["Route", "GlobalParam", "Route"]
    assert [found.split()[0] for found in findings(parsed)] == ["1:6", "3:1", "4:1"]


def test_errors_end_some_time() -> None:
    parsed = parse("test.cfg", "request_route {\n" + "$var(x) == 1;\n" * 500 + "}\n")
    assert findings(parsed)[-1].endswith("more than 100 errors: the rest is not looked at")


def test_unclosed_string_is_one_error() -> None:
    assert findings(route('xlog("abc);')) == ["3:6 SY005 this string is never closed"]


def test_missing_include_does_not_make_a_block_empty() -> None:
    parsed = parse("test.cfg", 'request_route {\ninclude_file "nope.cfg"\n}\n', reader=missing)
    assert findings(parsed) == ["2:1 PP006 no file nope.cfg"]


def missing(path: str) -> str:
    raise FileNotFoundError(path)
