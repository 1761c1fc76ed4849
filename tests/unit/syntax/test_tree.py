"""What is written becomes the right nodes, at the right places."""

import pytest

from sroute.syntax import nodes
from sroute.syntax.parser import parse
from sroute.syntax.walk import below, children, nodes_of
from tests.unit.syntax.reading import expression, script, sketch, statement

PRECEDENCE = [
    ("1 + 2 * 3", "(1 + (2 * 3))"),
    ("1 - 2 - 3", "((1 - 2) - 3)"),
    ("1|2==2", "(1 | (2 == 2))"),
    ("6&3==3", "(6 & (3 == 3))"),
    ("1<<1>>1", "(1 << (1 >> 1))"),
    ("2^3&1", "((2 ^ 3) & 1)"),
    ("1 | 2 & 3 ^ 4 << 5 >> 6", "(1 | (2 & (3 ^ (4 << (5 >> 6)))))"),
    ("2==2==2", "((2 == 2) == 2)"),
    ("1==1<2", "(1 == (1 < 2))"),
    ("3>2>1", "((3 > 2) > 1)"),
    ("1 || 2 && 3", "(1 || (2 && 3))"),
    ("1 or 2 and not 3", "(1 || (2 && (! 3)))"),
    ("7 mod 2 / 3", "((7 mod 2) / 3)"),
    ("!$var(x)+1", "((! $var(x)) + 1)"),
    ("-5--3", "((- 5) - (- 3))"),
    ("!!1", "(! (! 1))"),
    ("defined $avp(i) + 1", "((defined $avp(i)) + 1)"),
    ("(int)$var(x) + 1", "(((int) $var(x)) + 1)"),
    ('strlen("a") > 0', '((strlen "a") > 0)'),
    ("(1 + 2) * 3", "((1 + 2) * 3)"),
    ('"a" eq "b" ne "c"', '(("a" eq "b") ne "c")'),
    ("1 ieq 2", "(1 ieq 2)"),
    ('$rU =~ "a" + "b"', '($rU =~ ("a" + "b"))'),
    ("selval($var(c), 1, 2) + 3", "(selval($var(c), 1, 2) + 3)"),
    ("($var(x) = 5) + 1", "(($var(x) = 5) + 1)"),
    ("f(1, $rU)", "f(1, $rU)"),
    ("route(A) == 1", '(route("A") == 1)'),
    ("@via[-1].host", "@via[-1].host"),
    ('@hf_value["X"]', "@hf_value[X]"),
    ("uri == myself", "[uri == myself]"),
    ("status == 200", "[uri == 200]"),
    ("!uri == myself && 1", "((! [uri == myself]) && 1)"),
    ("myself != src_ip", "[src_ip != myself]"),
    ("method == INVITE", "[method == INVITE]"),
    ('uri == "a" + "b"', '[uri == ("a" + "b")]'),
    ('5 + uri == "a" + "b"', '(5 + [uri == ("a" + "b")])'),
    ('uri == "a" == 1', '([uri == "a"] == 1)'),
    ("5 + src_port > 3 + 1 < 2", "((5 + [src_port > (3 + 1)]) < 2)"),
    ("src_ip == 10.0.0.0/8", "[src_ip == 10.0.0.0/8]"),
    ("src_ip == [::1]", "[src_ip == ::1]"),
    ("dst_ip != a.b-c", "[dst_ip != a.b-c]"),
    ("proto == WSS", "[proto == WSS]"),
    ("to_proto == tcp", "[snd_proto == tcp]"),
    ("msg:len >= 4096", "[msg:len >= 4096]"),
    ("af == INET6", "[af == 10]"),
    ("%name", "%name"),
]


@pytest.mark.parametrize(("text", "expected"), PRECEDENCE)
def test_precedence(text: str, expected: str) -> None:
    assert sketch(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("12", 12), ("0x1F", 31), ("010", 8), ("00", 0), ("11b", 3), ("2147483648", -2147483648), ("4294967296", 0)],
        *[("99999999999", 1215752191), ("0xffffffff", -1), ("99999999999999999999", -1), ("yes", 1), ("IPv6", 10)],
        *[('"a\\n\\x41\\101\\"\\\\"', 'a\nAA"\\'), ('"\\q\\d\\7\\0"', "\\q\\d\\7\\0"), ('"a" "b"\n"c"', "abc"), ('"ab\\x00cd"', "ab")],
        *[("'no\\'", "no\\"), ("'$x'", "$x"), ('"a\\\nb"', "ab"), ('"\\777"', "\xff"), ('"\\xzz"', "\\xzz")],
    ],
)
def test_literal(text: str, value: int | str) -> None:
    found = expression(text)
    assert isinstance(found, nodes.Literal)
    assert found.value == value


def test_else_belongs_to_the_nearest_if() -> None:
    found = statement("if (1) if (2) exit; else drop;")
    assert isinstance(found, nodes.If)
    assert found.other is None
    (inner,) = found.then.statements
    assert isinstance(inner, nodes.If)
    assert inner.other is not None


def test_else_if_is_an_if_in_a_block_without_braces() -> None:
    found = statement("if (1) { exit; } else if (2) { drop; } else { ; }")
    assert isinstance(found, nodes.If)
    assert found.other is not None
    assert not found.other.braces
    (inner,) = found.other.statements
    assert isinstance(inner, nodes.If)


def test_switch() -> None:
    found = statement('switch ($rU) { case "a": case "b": exit; break; case /"^c": ; default: }')
    assert isinstance(found, nodes.Switch)
    shape = [(case.label.value if isinstance(case.label, nodes.Literal) else None, case.regex, len(case.body)) for case in found.cases]
    assert shape == [("a", False, 0), ("b", False, 2), ("^c", True, 1), (None, False, 0)]


@pytest.mark.parametrize(
    ("text", "how", "value"),
    [
        *[("exit;", "exit", None), ("exit();", "exit", None), ("drop(1);", "drop", "1"), ("return -1;", "return", "(- 1)")],
        *[("break;", "break", None), ("return();", "return", None), ("return $rc;", "return", "$rc")],
    ],
)
def test_leave(text: str, how: str, value: str | None) -> None:
    found = statement(text)
    assert isinstance(found, nodes.Leave)
    assert (found.how, None if found.value is None else sketch(found.value)) == (how, value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('seth("a");', 'sethost("a")'),
        ("add_rport;", "force_rport()"),
        ("strip(2);", "strip(2)"),
        ("forward(uri:host, uri:port);", "forward(uri:host, uri:port)"),
        ("forward_udp(224.0.1.75, 5060);", "forward_udp(224.0.1.75, 5060)"),
        ("force_send_socket(udp:127.0.0.1:5060);", "force_send_socket(udp:127.0.0.1:5060)"),
        ("setflag(FLT);", "setflag(FLT)"),
        ('setflag("FLT");', 'setflag("FLT")'),
        ('log(1, "x");', 'log(1, "x")'),
        ("remove_branch(-1);", "remove_branch(-1)"),
        ("udp_mtu_try_proto(TCP);", "udp_mtu_try_proto(TCP)"),
        ("set_advertised_address(a.b-c);", "set_advertised_address(a.b-c)"),
        ("setavpflag(%a, X);", "setavpflag(%a, X)"),
        ('cfg_select("g", 1 + 2);', 'cfg_select("g", (1 + 2))'),
    ],
)
def test_core_call(text: str, expected: str) -> None:
    found = statement(text)
    assert isinstance(found, nodes.CallStatement)
    assert sketch(found.call) == expected


TOP = """#!KAMAILIO
debug = -1
log_prefix="x" log_facility=LOG_LOCAL0
listen = udp:127.0.0.1:5060 tcp:(a, b):* [::1] advertise 1.2.3.4:5061 name "n" virtual
alias = "x.y" a-b.c:5;
my.field = 5 desc "five"
grp[2].field = "s"
loadmodule "pv.so"
loadpath = "/a:/b"
modparamx("a|b", "c", $env(HOME))
flags A, "B":5
avpflags X
kemi.onsend_route_callback = "f"
onreply_route[0] { exit; }
onreply_route[R] { exit; }
event_route[htable:expired:t] { exit; }
route[03] { exit; }
"""


def test_top_level() -> None:
    items = script(TOP).items
    debug, prefix, facility, listen, alias, field, instance, load, path, param, flags, avpflags, kemi, *routes = items
    assert isinstance(debug, nodes.GlobalParam)
    assert isinstance(debug.value, nodes.Literal)
    assert (debug.name, debug.value.value) == ("debug", -1)
    assert isinstance(prefix, nodes.GlobalParam)
    assert isinstance(facility, nodes.GlobalParam)
    assert isinstance(facility.value, nodes.Word)
    assert facility.value.text == "LOG_LOCAL0"
    assert isinstance(listen, nodes.Listen)
    assert [(spec.proto, spec.hosts, spec.port) for spec in listen.sockets] == [
        ("udp", ("127.0.0.1",), 5060),
        ("tcp", ("a", "b"), 0),
        (None, ("::1",), None),
    ]
    assert (listen.advertise, listen.name, listen.virtual) == (("1.2.3.4", 5061), "n", True)
    assert isinstance(alias, nodes.Alias)
    assert [(spec.hosts, spec.port) for spec in alias.sockets] == [(("x.y",), None), (("a-b.c",), 5)]
    assert isinstance(field, nodes.CustomGlobal)
    assert (field.group, field.field, field.instance, field.value.value, field.description) == ("my", "field", None, 5, "five")
    assert isinstance(instance, nodes.CustomGlobal)
    assert (instance.instance, instance.value.value) == (2, "s")
    assert isinstance(load, nodes.LoadModule)
    assert isinstance(path, nodes.LoadPath)
    assert path.path == "/a:/b"
    assert isinstance(param, nodes.ModParam)
    assert (param.module, param.name, param.expand, type(param.value)) == ("a|b", "c", True, nodes.Variable)
    assert isinstance(flags, nodes.FlagDeclaration)
    assert [(name, number) for name, number, _ in flags.flags] == [("A", None), ("B", 5)]
    assert isinstance(avpflags, nodes.FlagDeclaration)
    assert avpflags.kind == "avpflags"
    assert isinstance(kemi, nodes.GlobalParam)
    assert kemi.name == "kemi.onsend_route_callback"
    assert [(route.kind, route.name) for route in routes if isinstance(route, nodes.Route)] == [
        ("reply", None),
        ("onreply", "R"),
        ("event", "htable:expired:t"),
        ("request", "3"),
    ]


def test_ser_attributes() -> None:
    found = parse("test.cfg", "request_route { $f.uid = 1; $x[] = $foo[1]; $foo = 2; }").script
    specs = [(node.spec.name, node.spec.inner, node.spec.index) for node in nodes_of(found) if isinstance(node, nodes.Variable)]
    assert specs == [("attr", "f.uid", None), ("avp", "x", "*"), ("avp", "foo", 1), ("foo", None, None)]


def test_places() -> None:
    found = statement('if ($var(x) == 1) {\n  xlog("a");\n}')
    assert isinstance(found, nodes.If)
    assert (found.span.start, found.span.text()[-1]) == (0, "}")
    assert found.condition.span.text() == "$var(x) == 1"
    assert isinstance(found.condition, nodes.Binary)
    assert found.condition.op_span.text() == "=="
    (call,) = found.then.statements
    assert isinstance(call, nodes.CallStatement)
    assert isinstance(call.call, nodes.Call)
    assert (call.call.name_span.text(), call.span.text(), call.span.line) == ("xlog", 'xlog("a")', 2)


def test_walk() -> None:
    found = script(TOP + 'request_route { if (f(1)) { $var(x) = "a" + $rU; } else { switch (2) { case 3: exit 4; } } }')
    numbers = [node.value for node in nodes_of(found) if isinstance(node, nodes.Literal) and isinstance(node.value, int)]
    assert numbers[-4:] == [1, 2, 3, 4]
    for item in found.items:
        assert next(iter(below(item))) is item
        assert all(child in list(below(item)) for child in children(item))
