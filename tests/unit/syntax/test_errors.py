"""A mistake gets one diagnostic, at its place, that names the cause."""

import pytest

from sroute.source.excerpt import show
from sroute.syntax.parser import parse
from tests.unit.syntax.reading import findings, route

IN_ROUTE = [
    ("exit", "3:4 SY002 a ';' is missing here"),
    ("$var(x) = 1\nexit;", "3:11 SY002 a ';' is missing here"),
    ('xlog("a") exit;', "3:9 SY002 a ';' is missing here"),
    ("if (1) exit else exit;", "3:11 SY002 a ';' is missing here"),
    ("if (1) { }", "3:8 SY003 a block can't be empty"),
    ("if (1) { exit; }; else exit;", "3:17 SY007 this else has no if: the ';' behind the '}' ended it"),
    ("else { exit; }", "3:1 SY001 this else has no if"),
    ("if (1) { exit; } elseif (2) { exit; }", "3:18 SY006 there is no elseif"),
    ("if (($var(x)==1) { exit; }", "3:16 SY001 a ) is missing"),
    ('xlog("a";', "3:8 SY001 a ) is missing"),
    ("if (1)) { exit; }", "3:7 SY001 this ) closes nothing"),
    ("if () { exit; }", "3:4 SY001 there is nothing between these parentheses"),
    ("{ exit; }", "3:1 SY009 a block alone is no statement"),
    ("1+2;", "3:1 SY009 an expression is no statement"),
    ("uri==myself;", "3:1 SY009 an expression is no statement"),
    ("$var(x) == 1;", "3:1 SY009 a comparison is no statement"),
    ("$var(x);", "3:1 SY009 $var(x) is no statement"),
    ("$var(x) += 1;", "3:9 SY006 there is no operator +="),
    ("$var(x)++;", "3:8 SY006 there is no operator ++"),
    ("$var(x) = 5 % 2;", "3:13 SY006 there is no operator %"),
    ('$var(x) = "a" . "b";', "3:15 SY006 there is no operator ."),
    ('if ($rU !~ "a") { exit; }', "3:9 SY006 there is no operator !~"),
    ("if ($var(x) === 1) { exit; }", "3:13 SY006 there is no operator ==="),
    ("if ($var(x) <> 1) { exit; }", "3:13 SY006 there is no operator <>"),
    ("$var(x) = $var(y) = 1;", "3:19 SY001 an assignment within an expression needs parentheses of its own"),
    ("continue;", "3:1 SY006 there is no continue"),
    ("for ($var(i)=0; $var(i)<3; $var(i)++) { exit; }", "3:1 SY006 there is no for"),
    ("break();", "3:6 SY001 break stands alone"),
    ("t_relay;", "3:1 SY010 t_relay is called without parentheses"),
    ("if (has_totag) exit;", "3:5 SY010 has_totag is called without parentheses, or no #!define gives it a value"),
    ("is_method(INVITE);", "3:11 SY011 INVITE needs quotes, or a #!define that gives it a value"),
    ('xlog(L_ERR, "x");', "3:6 SY011 L_ERR needs quotes, or a #!define that gives it a value"),
    ('xlog("x",);', "3:9 SY001 an argument is missing behind this comma"),
    ("$var(x) = HOST;", "3:11 PP013 no #!define gives HOST a value"),
    ("$rd = example.com;", "3:7 SY011 a host name that begins with example needs quotes here"),
    ("$var(x) = 1.2.3.4;", "3:11 SY001 an address needs quotes here"),
    ("$var(x) = 1.5;", "3:11 SY001 there are no floating point numbers"),
    ("$var(x) = 08;", "3:11 SY001 08 is no number"),
    ("$var(x) = 0b1;", "3:11 SY001 0b1 is no number"),
    ("$var(x) = +1;", "3:11 SY001 there is no unary +"),
    ("$var(x) = 1 + ;", "3:13 SY001 a value is missing behind +"),
    ("$var(x) = \"a\" 'b';", "3:11 SY001 strings with different quotes do not join"),
    ("$var(x) = 'it\\'s';", "3:15 SY001 there are no escapes in single quotes: the string ends here"),
    ('xlog("L_ERR, "a\\n");', "3:15 SY001 the string ends before a"),
    ("$var(x) = (string)5;", "3:11 SY001 there is no cast (string)"),
    ("$var(x) = $var(y){s.len};", "3:11 SY016 a transformation needs the long form of the variable"),
    ("$var(x) = $avp(y)[0];", "3:11 SY016 an index needs the long form of the variable"),
    ("$var(x) = $rcv;", "3:14 SY016 the name of the variable ends here: a longer one needs parentheses"),
    ("$var(x) = ${ru};", "3:11 SY017 a name must follow the $"),
    ("$var(x = 1;", "3:1 SY017 this variable is never closed on its line"),
    ("$var(x) = $(rU{s});", "3:11 PV001 $(rU{s}) is no variable: a transformation is written {class.name}"),
    ("if (uri) exit;", "3:5 SY001 uri must be compared with something"),
    ("if (src_port =~ 5) exit;", "3:14 SY001 src_port can't be compared by =~"),
    ("if (src_ip == 1.2.3.400) exit;", "3:15 SY023 1.2.3.400 is no IPv4 address: a part is over 255"),
    ("if (src_ip == 10.0.0.0/33) exit;", "3:24 SY023 /33 is no netmask of 10.0.0.0"),
    ("if (src_ip == 5) exit;", "3:15 SY001 src_ip is compared with an address, not with a number"),
    ('strip("1");', "3:7 SY011 strip does not take this"),
    ("setflag(40);", "3:9 MD023 there is no message flag 40: they are 0 to 31"),
    ("userphone;", "3:1 SY010 userphone is called without parentheses"),
    ("route(A-B);", "3:7 SY015 A-B needs quotes as a route's name"),
    ("route(if);", "3:7 SY015 if is a word of the language: as a route's name it needs quotes"),
    ("route[A];", "3:6 SY001 a route is called with parentheses"),
    ("debug=3;", "3:1 SY021 debug can't stand in a route block"),
    ('modparam("a", "b", 1);', "3:1 SY021 modparam can't stand in a route block"),
    ('xlog(is_method("A"));', "3:6 SY001 is_method() is called in the arguments of another function"),
    ('xlog("1","2","3","4","5","6","7");', "3:1 MD011 xlog() has 7 arguments: more than 6 are not possible"),
    ("switch ($rm) { case $var(y): exit; }", "3:21 SY001 a case label must be constant"),
    ("switch ($rm) { case foo: exit; }", "3:21 PP013 no #!define gives foo a value"),
    ('switch ($rm) { case /"a"/: exit; }', "3:25 SY001 no slash stands behind the regular expression of a case"),
    ("switch ($rm) { case 1 exit; }", "3:21 SY001 a ':' is missing"),
    ("switch ($rm) { default: exit; default: drop; }", "3:31 SY019 a second default: in this switch"),
    ("case 1: exit;", "3:1 SY001 case stands outside of a switch"),
    ('$var(x) = "a" $var(y);', "3:15 SY001 an operator is missing before $var(y)"),
    ('xlog("a" "b" $var(x));', "3:14 SY001 a comma or an operator is missing before $var(x)"),
]
AT_TOP = [
    ("nope=1", "2:1 SY020 there is no core parameter nope"),
    ('children="4"', "2:10 SY020 children takes a number or yes/no"),
    ("fork=YES", "2:6 SY020 fork takes a number or yes/no"),
    ("log_prefix=x", "2:12 SY020 log_prefix takes a string"),
    ("children 5", "2:8 SY020 a '=' is missing behind children"),
    ("tcp_poll_method=nope", "2:17 SY020 tcp_poll_method can't be nope"),
    ("my.port = 1", "2:4 SY020 port is a word of the language: it can't be the name of a global"),
    ("port.a = 1", "2:1 SY020 port is a core parameter: it can't be the name of a group"),
    ("listen=a foo.bar=1", "2:17 SY001 the listen before this takes the name as one more address"),
    ("listen=1.example.com", "2:8 SY023 1.example.com is no address: what begins with a number and a dot must be an IPv4 address"),
    ('modparam("a", "b", X)', "2:20 PP013 no #!define gives X a value"),
    ('modparam("a", "b", 1+1)', "2:21 SY001 modparam takes a string or a number, no expression"),
    ('loadmodule("x")', "2:1 SY001 loadmodule takes a string without parentheses"),
    ("loadmodule x", "2:12 PP013 no #!define gives x a value"),
    ("route[my-route] { ; }", "2:7 SY015 my-route needs quotes as a route's name"),
    ("route[1abc] { ; }", "2:7 SY015 1abc begins with a digit: as a route's name it needs quotes"),
    ("reply_route[x] { ; }", "2:12 SY015 reply_route has no name"),
    ("event_route[foo] { ; }", "2:16 SY015 an event route has the name of an event in brackets"),
    ('xlog("x");', "2:1 SY001 xlog(...): a statement can only stand in a route block"),
    ("$var(x) = 1;", "2:1 SY001 $var(x): a statement can only stand in a route block"),
    ("}", "2:1 SY001 this } closes nothing"),
    ("flags X:40", "2:7 MD023 there is no message flag 40: X must be 0 to 31"),
]


@pytest.mark.parametrize(("body", "expected"), IN_ROUTE)
def test_in_route(body: str, expected: str) -> None:
    assert findings(route(body)) == [expected]


@pytest.mark.parametrize(("line", "expected"), AT_TOP)
def test_at_top(line: str, expected: str) -> None:
    parsed = parse("test.cfg", f"#!KAMAILIO\n{line}\nrequest_route {{ exit; }}\n")
    assert findings(parsed) == [expected]
    assert [type(item).__name__ for item in parsed.script.items][-1] == "Route"


def test_missing_brace_is_reported_where_the_block_was_opened() -> None:
    text = "route[A] {\n    if (1) {\n        exit;\n}\nroute[B] {\n    exit;\n}\nrequest_route {\n    exit;\n}\n"
    parsed = parse("test.cfg", text)
    assert findings(parsed) == ["2:12 SY001 this block is never closed: a } is missing"]
    assert [item.name for item in parsed.script.items] == ["A", "B", None]  # type: ignore[union-attr]


def test_file_that_ends_in_a_block() -> None:
    parsed = parse("test.cfg", "request_route {\n    if (1) {\n        exit;\n    }\n")
    assert findings(parsed) == ["1:15 SY001 this block is never closed: a } is missing"]


def test_string_that_swallows_lines_is_reported_where_it_begins() -> None:
    assert findings(route('xlog("L_INFO", "abc);\n$var(x) = 1;\nxlog("L_INFO", "x");')) == ["3:16 SY005 this string is never closed"]


def test_empty_script() -> None:
    assert findings(parse("test.cfg", "# nothing\n#!define A 1\n")) == [
        "3:1 SY001 there is nothing in this script but comments and directives"
    ]


def test_hint_and_caret() -> None:
    (found,) = route("if ($rU !~ 1) { exit; }").diagnostics
    assert show(found).splitlines() == [
        "test.cfg:3:9: error: there is no operator !~ [SY006]",
        "    3 | if ($rU !~ 1) { exit; }",
        '      |         ^^  not matching is !($x =~ "...")',
    ]


def test_unknown_parameter_names_the_nearest() -> None:
    (found,) = parse("test.cfg", "childrn=4\nrequest_route { exit; }").diagnostics
    assert found.hint == "did you mean children?"
