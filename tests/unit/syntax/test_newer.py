"""What versions after 5.6 add; the facts were recorded from a build of 6.2.0-dev1, and from 5.6.3."""

import json
from pathlib import Path

import pytest

from sroute.dialect import DIALECTS
from sroute.syntax import nodes
from sroute.syntax.ifexp import CrashError, ExpressionError, as_text, evaluate, is_true
from sroute.syntax.parser import parse
from tests.unit.syntax.reading import findings, script

DATA = Path(__file__).parents[2] / "data"
IFEXP = json.loads((DATA / "ifexp.json").read_text())
SCRIPTS = json.loads((DATA / "newer.json").read_text())["scripts"]


@pytest.mark.parametrize(("expression", "expected"), IFEXP["truth"])
def test_ifexp(expression: str, expected: bool) -> None:
    try:
        found = is_true(evaluate(expression, IFEXP["defines"]))
    except ExpressionError:
        found = False
    assert found is expected


@pytest.mark.parametrize(("about", "text", "newer", "older"), SCRIPTS, ids=[row[0] for row in SCRIPTS])
def test_script(about: str, text: str, newer: bool, older: bool | None) -> None:
    parsed = parse("test.cfg", text, dialect=DIALECTS["dev"])
    assert parsed.ok is newer, findings(parsed)
    if older is not None:
        assert parse("test.cfg", text).ok is older


def test_what_crashes_kamailio_is_an_error() -> None:
    for expression in ("defined(A)", "A && !N"):
        with pytest.raises(CrashError):
            evaluate(expression, IFEXP["defines"])
    parsed = parse("test.cfg", "#!ifexp defined(A)\n#!endif\nrequest_route { exit; }\n", dialect=DIALECTS["dev"])
    assert findings(parsed) == ["1:1 PP016 Kamailio crashes at a name before a parenthesis: defined("]


def test_failing_expression_is_false_and_no_error() -> None:
    parsed = parse("test.cfg", "#!ifexp 1 +\nnonsense\n#!endif\nrequest_route { exit; }\n", dialect=DIALECTS["dev"])
    assert parsed.ok
    assert findings(parsed) == ["1:1 PP016 the expression fails: the expression is not complete"]


@pytest.mark.parametrize(("expression", "expected"), [("7/2", "3"), ("1.9", "1"), ("2**40", "1099511627776"), ("123456789", "123456792")])
def test_defexp_writes_whole_numbers(expression: str, expected: str) -> None:
    assert as_text(evaluate(expression, {})) == expected
    assert as_text(evaluate("-5", {})) == "18446744073709551611"


def test_deep_expression_is_an_error() -> None:
    with pytest.raises(ExpressionError):
        evaluate("(" * 5000 + "1" + ")" * 5000, {})


def test_undef_came_after_6_1() -> None:
    text = "#!define A 1\n#!undef A\n#!define A 2\nrequest_route { exit; }\n"
    assert parse("test.cfg", text, dialect=DIALECTS["dev"]).ok
    assert not parse("test.cfg", text, dialect=DIALECTS["6.1"]).ok


def test_version_defines() -> None:
    defines = script("debug=1\n", "dev").defines
    assert {name: value for name, value in defines.items() if name != "OS_NAME"} == {
        "KAMAILIO_6": None,
        "KAMAILIO_6_2": None,
        "KAMAILIO_6_2_0": None,
        "KAMAILIO_VERSION": "6002000",
    }
    assert dict(script("debug=1\n").defines) == {"KAMAILIO_5": None, "KAMAILIO_5_6": None, "KAMAILIO_5_6_3": None}


def test_socket_block() -> None:
    (found,) = script('socket = { name = "s1"; bind = udp:127.0.0.1:5060-5070; advertise = tcp:a.b:5099; virtual = yes }\n', "dev").items
    assert isinstance(found, nodes.Listen)
    (bind,) = found.sockets
    assert (bind.proto, bind.hosts, bind.port, bind.last_port) == ("udp", ("127.0.0.1",), 5060, 5070)
    assert (found.advertise, found.name, found.virtual) == (("a.b", 5099), "s1", True)


def test_load_module_options() -> None:
    found = script('loadmodule("tm.so", "g")\n#!ifdef MOD_tm\ndebug=1\n#!endif\n', "dev")
    load, parameter = found.items
    assert isinstance(load, nodes.LoadModule)
    assert (load.path, load.options, load.expand) == ("tm.so", "g", False)
    assert isinstance(parameter, nodes.GlobalParam)
